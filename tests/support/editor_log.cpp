#include "tests/support/editor_log.h"

#include <stdexcept>

namespace dragoman::test {
namespace {

constexpr std::size_t kLineShown = 600;
constexpr std::size_t kLinesShown = 80;

}  // namespace

void EditorLog::check_rules(const Json& message) {
    if (message.contains("method")) {
        if (message["method"] != "$/progress") return;
        const auto request = progress_.find(message["params"]["token"].dump());
        if (request != progress_.end() && responses_[request->second] > 0)
            violations_.push_back("progress after the response to " + request->second);
        return;
    }
    const bool has_result = message.contains("result"), has_error = message.contains("error");
    if (has_result == has_error)
        violations_.push_back("neither or both of result and error: " + message.dump());
    if (!message.contains("id")) return violations_.push_back("a response without id: " + message.dump());
    if (message["id"].is_null()) return;  // the answer to what was no request
    const std::string id = message["id"].dump();
    const auto known = responses_.find(id);
    if (known == responses_.end())
        return violations_.push_back("a response nobody asked for: " + message.dump());
    if (++known->second > 1) violations_.push_back("a second response to " + id);
}

void EditorLog::received(const Json& message) {
    const std::lock_guard lock{mutex_};
    lines_.push_back("<- " +
                     message.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, kLineShown));
    check_rules(message);
    messages_.push_back(message);
    taken_.push_back(false);
    changed_.notify_all();
}

void EditorLog::error_output(std::string_view bytes) {
    const std::lock_guard lock{mutex_};
    errors_ += bytes;
    changed_.notify_all();
}

void EditorLog::violation(std::string what) {
    const std::lock_guard lock{mutex_};
    lines_.push_back("!! " + what);
    violations_.push_back(std::move(what));
    changed_.notify_all();
}

void EditorLog::output_ended() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    lines_.emplace_back("<- end of output");
    changed_.notify_all();
}

void EditorLog::sent(const Json& message) {
    const std::lock_guard lock{mutex_};
    lines_.push_back("-> " + message.dump().substr(0, kLineShown));
    if (!message.contains("method") || !message.contains("id")) return;
    const std::string id = message["id"].dump();
    responses_.emplace(id, 0);
    if (!message.contains("params") || !message["params"].is_object()) return;
    const Json& params = message["params"];
    if (const auto token = params.find("partialResultToken"); token != params.end())
        progress_[token->dump()] = id;
}

void EditorLog::note(std::string line) {
    const std::lock_guard lock{mutex_};
    lines_.push_back("-- " + std::move(line));
}

void EditorLog::wait(const std::function<bool()>& look, const std::string& what) {
    std::unique_lock lock{mutex_};
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (!look()) {
        if (ended_)
            throw std::runtime_error{"the daemon's output ended before " + what + "\n" + transcript_locked()};
        if (changed_.wait_until(lock, limit) == std::cv_status::timeout && !look())
            throw std::runtime_error{"waited in vain for " + what + "\n" + transcript_locked()};
    }
}

std::vector<EditorLog::Json> EditorLog::messages() const {
    const std::lock_guard lock{mutex_};
    return messages_;
}

std::string EditorLog::errors() const {
    const std::lock_guard lock{mutex_};
    return errors_;
}

std::vector<std::string> EditorLog::violations() const {
    const std::lock_guard lock{mutex_};
    return violations_;
}

std::vector<std::string> EditorLog::unanswered() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> out;
    for (const auto& [id, count] : responses_)
        if (count == 0) out.push_back(id);
    return out;
}

std::string EditorLog::transcript() const {
    const std::lock_guard lock{mutex_};
    return transcript_locked();
}

std::string EditorLog::transcript_locked() const {
    std::string out;
    if (lines_.size() > kLinesShown)
        out += "(" + std::to_string(lines_.size() - kLinesShown) + " lines before)\n";
    for (std::size_t i = lines_.size() - std::min(lines_.size(), kLinesShown); i < lines_.size(); ++i)
        out += lines_[i] + "\n";
    if (!errors_.empty()) out += "-- stderr\n" + errors_;
    return out;
}

}  // namespace dragoman::test
