// Rows on their way to the disk: a row waits for others at most kBatch, so that typing does not end in a disk
// write for each keystroke. An orderly end writes what waits, a crash loses it. A disk that fails keeps rows
// waiting, kMostWaiting of them, and never an answer.
#pragma once

#include "server/store/shelf.h"
#include "server/support/clock.h"

#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace dragoman::store {

/// Loop thread.
template <class Row>
class Batches {
public:
    static constexpr Milliseconds kBatch{5'000};
    static constexpr Milliseconds kRetry{30'000};
    /// Of rows the disk has refused; the oldest are given up.
    static constexpr std::size_t kMostWaiting = 10'000;

    using Rows = std::vector<Row>;
    /// On the disk thread: all of them or none.
    using Write = std::function<OrTrouble<Done>(History&, std::span<const Row>)>;

    Batches(Clock& clock, Shelf& shelf, Write write)
        : clock_{clock}, shelf_{shelf}, backlog_{std::make_shared<Backlog>()} {
        backlog_->write = std::move(write);
    }
    /// Hands over what waits.
    ~Batches() {
        batch_.reset();
        hand_over();
    }
    Batches(const Batches&) = delete;
    Batches& operator=(const Batches&) = delete;

    void add(Row row) {
        fresh_.push_back(std::move(row));
        if (!batch_) hand_over_in(kBatch);
    }

    /// `look` gets the History and, in order, the rows that are not written; it runs on the disk thread and
    /// gives an OrTrouble, which `use` gets on the loop unless the task is dropped. Without a disk `look`
    /// gets a null History and all rows, `use` is called from inside, and null is returned.
    template <class Look, class Use>
    [[nodiscard]] std::unique_ptr<Worker::Task> read(Look look, Use use) {
        hand_over();
        if (!shelf_.available()) {
            use(look(static_cast<History*>(nullptr), backlog_->rows));
            return nullptr;
        }
        return shelf_.run(
            Shelf::Access::read,
            [backlog = backlog_, look = std::move(look)](History& history) {
                return look(&history, backlog->rows);
            },
            std::move(use));
    }

private:
    /// What the disk has refused so far, and what is handed over next. The disk thread's, where there is one.
    struct Backlog {
        Rows rows;
        Write write;

        void take(const Rows& more) {
            rows.insert(rows.end(), more.begin(), more.end());
            if (rows.size() > kMostWaiting)
                rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(kMostWaiting));
        }
        OrTrouble<Done> write_all(History& history) {
            auto done = write(history, rows);
            if (done) rows.clear();
            return done;
        }
    };

    void hand_over_in(Milliseconds delay) {
        batch_ = clock_.after(delay, [this] {
            batch_.reset();
            hand_over();
        });
    }

    void hand_over() {
        if (fresh_.empty() && !refused_) return;
        auto fresh = std::exchange(fresh_, {});
        if (!shelf_.available()) return backlog_->take(fresh);
        shelf_.post(
            Shelf::Access::write,
            [backlog = backlog_, fresh = std::move(fresh)](History& history) {
                backlog->take(fresh);
                return backlog->write_all(history);
            },
            [self = std::weak_ptr<Batches*>{self_}](const OrTrouble<Done>& done) {
                const auto batches = self.lock();
                if (!batches) return;
                (*batches)->refused_ = !done;
                if (!done) (*batches)->hand_over_in(kRetry);
            });
    }

    Clock& clock_;
    Shelf& shelf_;
    const std::shared_ptr<Backlog> backlog_;
    Rows fresh_;  // not handed to it yet
    const std::shared_ptr<Batches*> self_ = std::make_shared<Batches*>(this);
    bool refused_ = false;  // the disk did not take the last batch
    Timer batch_;
};

}  // namespace dragoman::store
