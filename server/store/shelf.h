// The database as the loop sees it: calls go to the disk thread, their rests come back, and what the disk
// refuses is told once. Shared by all who keep something, so that there is one connection and one notice.
#pragma once

#include "server/store/history.h"
#include "server/support/worker.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace dragoman::store {

/// Loop thread.
class Shelf {
public:
    /// `disk`: a thread of its own for the disk, which outlives this. Without a file nothing can be kept.
    Shelf(Worker& disk, std::filesystem::path file);
    ~Shelf();
    Shelf(const Shelf&) = delete;
    Shelf& operator=(const Shelf&) = delete;

    bool available() const { return history_ != nullptr; }

    /// What the user should know about the disk, in a sentence; may be empty. A disk that refuses is told
    /// once until it takes something again.
    std::function<void(const std::string&)> on_trouble;

    enum class Access { read, write };
    /// `call` gets the History on the disk thread and gives an OrTrouble; `rest` gets that on the loop, as it
    /// stands, unless the task was dropped. Only where available().
    template <class Call, class Rest>
    [[nodiscard]] std::unique_ptr<Worker::Task> run(Access access, Call call, Rest rest) {
        return disk_.run(job(access, std::move(call), std::move(rest)));
    }
    /// The same for what has to be done whatever becomes of the one who ordered it.
    template <class Call, class Rest>
    void post(Access access, Call call, Rest rest) {
        disk_.post(job(access, std::move(call), std::move(rest)));
    }

private:
    template <class Call, class Rest>
    std::function<Worker::Rest()> job(Access access, Call call, Rest rest) {
        return [access, history = history_, call = std::move(call), rest = std::move(rest),
                self = std::weak_ptr<Shelf*>{self_}]() -> Worker::Rest {
            auto outcome = std::make_shared<decltype(call(*history))>(call(*history));
            return [access, outcome, rest, self, notice = history->take_notice()] {
                if (const auto shelf = self.lock())
                    (*shelf)->heard(access, outcome->ok() ? std::string{} : outcome->error(), notice);
                rest(*outcome);
            };
        };
    }
    void heard(Access access, const std::string& trouble, const std::string& notice);
    void tell(const std::string& what) const;

    Worker& disk_;
    const std::shared_ptr<History> history_;  // the disk thread's; null: nothing is kept
    const std::shared_ptr<Shelf*> self_ = std::make_shared<Shelf*>(this);
    bool troubled_ = false;
};

}  // namespace dragoman::store
