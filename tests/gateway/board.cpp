#include "tests/gateway/board.h"

#include "tests/gateway/house_answers.h"

namespace dragoman::test {
namespace {

void pace(Reply& reply, std::chrono::milliseconds time) {
    std::vector<Action> paced;
    for (Action& action : reply.body) {
        const bool piece = std::holds_alternative<Send>(action);
        paced.push_back(std::move(action));
        if (piece) paced.emplace_back(Pause{time});
    }
    reply.body = std::move(paced);
}

}  // namespace

void Board::queue(Script script) {
    const std::lock_guard lock{mutex_};
    queue_.push_back(std::move(script));
}

void Board::add_rule(Gateway::When when, Script script) {
    const std::lock_guard lock{mutex_};
    rules_.emplace_back(std::move(when), std::move(script));
}

Journal Board::journal() const {
    const std::lock_guard lock{mutex_};
    return journal_;
}

bool Board::wait_for(const std::function<bool(const Journal&)>& seen, std::chrono::milliseconds limit) const {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return seen(journal_); });
}

std::size_t Board::connected() {
    const std::lock_guard lock{mutex_};
    ++journal_.open;
    changed_.notify_all();
    return journal_.connections++;
}

void Board::disconnected() {
    const std::lock_guard lock{mutex_};
    --journal_.open;
    changed_.notify_all();
}

Script Board::choose(const HttpRequest& request, bool& own) {
    own = false;
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule)
        if (rule->first(request)) return rule->second;
    if (request.method == "POST" && !queue_.empty()) {
        Script script = std::move(queue_.front());
        queue_.pop_front();
        return script;
    }
    own = true;
    return house_script(request, dialect_);
}

std::pair<std::size_t, Reply> Board::arrived(HttpRequest request) {
    const std::lock_guard lock{mutex_};
    request.received = std::chrono::steady_clock::now();
    if (request.method == "HEAD") {
        request.number = journal_.heads.size();
        journal_.heads.push_back(std::move(request));
        changed_.notify_all();
        return {kNoNumber, Reply{.status = 404, .framing = Framing::length}};
    }
    request.number = journal_.requests.size();
    bool own = false;
    Reply reply;
    try {
        reply = choose(request, own).render(request, dialect_);
    } catch (const std::exception& mistake) {
        // A script that does not fit is the test's own error: say so where the test will look.
        reply = Script::plain(599, "text/plain", std::string{"the script: "} + mistake.what())
                    .render(request, dialect_);
    }
    if (own && pace_.count() > 0) pace(reply, pace_);
    journal_.requests.push_back(std::move(request));
    changed_.notify_all();
    return {journal_.requests.size() - 1, std::move(reply)};
}

void Board::sent(std::size_t number, std::size_t bytes) {
    const std::lock_guard lock{mutex_};
    if (number == kNoNumber) return;
    journal_.requests[number].sent += bytes;
    changed_.notify_all();
}

void Board::ended(std::size_t number, HttpRequest::Fate fate) {
    const std::lock_guard lock{mutex_};
    if (number == kNoNumber) return;
    journal_.requests[number].fate = fate;
    journal_.requests[number].ended = std::chrono::steady_clock::now();
    changed_.notify_all();
}

void Board::held(int change) {
    const std::lock_guard lock{mutex_};
    journal_.held = static_cast<std::size_t>(static_cast<long>(journal_.held) + change);
    changed_.notify_all();
}

}  // namespace dragoman::test
