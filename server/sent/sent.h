// The list of what left this machine over HTTP: when, where to, for whom, how much. A row for each request
// that was handed to the network, so that each retry and each model that took over counts.
//
// Never in it: what was sent or answered, a header, a key, a path or query of a URL. Rows are written in
// batches and leave the file after kKept. What is asked under privacy.recordUsage: false is remembered by
// this process alone, kMostHere requests of it, so that the user can still look at what just went out.
#pragma once

#include "server/store/batches.h"
#include "server/upstream/http/watched_client.h"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace dragoman::sent {

/// Loop thread.
class List {
public:
    static constexpr std::chrono::hours kKept{24 * 30};
    static constexpr std::size_t kMostHere = 1000;

    List(Clock& clock, store::Shelf& shelf);

    void add(const http::Sent& one);

    /// Of all daemons that write to the file, with what is not written yet; newest first. Where the disk
    /// fails, of this process alone. `use` is not called once the task is dropped; without a disk it is
    /// called from inside, and null is returned.
    using Task = std::unique_ptr<Worker::Task>;
    [[nodiscard]] Task read(const store::SentFilter& filter,
                            std::function<void(std::vector<store::SentRecord>)> use);

    /// Whether what is asked for no project (model lists, balances) is written down; empty: it is.
    std::function<bool()> recorded_outside;

private:
    std::deque<store::SentRecord> here_;  // not to be written, oldest first
    store::Batches<store::SentRecord> batches_;
};

/// What a row was made of, as List wrote it; nothing of what cannot be read.
std::vector<Drawn> drawn_of(const store::SentRecord& row);

}  // namespace dragoman::sent
