#include "tests/support/editor_reader.h"

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace dragoman::test {
namespace {

using Json = nlohmann::json;

Json settings_unknown(const Json& params) {
    Json out = Json::array();
    for (std::size_t i = 0; i < params.value("items", Json::array()).size(); ++i) out.push_back(nullptr);
    return out;
}

}  // namespace

EditorReader::EditorReader(Child& child, EditorLog& log, bool errors, std::function<void(const Json&)> send)
    : child_{child}, log_{log}, send_{std::move(send)}, read_errors_too_{errors} {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error{"pipe"};
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    wake_read_ = ends[0];
    wake_write_ = ends[1];
    answers_["workspace/configuration"] = settings_unknown;
    answers_["workspace/applyEdit"] = [](const Json&) { return Json{{"applied", true}}; };
    thread_ = std::thread{[this] { run(); }};
}

EditorReader::~EditorReader() {
    {
        const std::lock_guard lock{mutex_};
        stop_ = true;
    }
    wake();
    thread_.join();
    ::close(wake_read_);
    ::close(wake_write_);
}

void EditorReader::wake() { static_cast<void>(!::write(wake_write_, "w", 1)); }

void EditorReader::answer(const std::string& method, Answer answer) {
    const std::lock_guard lock{mutex_};
    answers_[method] = std::move(answer);
}

void EditorReader::ignore(const std::string& method) { answer(method, nullptr); }

void EditorReader::pause() {
    std::unique_lock lock{mutex_};
    want_pause_ = true;
    wake();
    settled_.wait(lock, [&] { return paused_ || !output_open_; });
}

void EditorReader::resume() {
    std::unique_lock lock{mutex_};
    want_pause_ = false;
    wake();
    settled_.wait(lock, [&] { return !paused_ || !output_open_; });
}

void EditorReader::close_output() {
    std::unique_lock lock{mutex_};
    want_close_ = true;
    wake();
    settled_.wait(lock, [&] { return !output_open_; });
}

void EditorReader::run() {
    bool errors_open = read_errors_too_ && child_.errors() >= 0;
    while (true) {
        bool read_now = false;
        {
            const std::lock_guard lock{mutex_};
            if (stop_) return;
            if (want_close_ && output_open_) {
                child_.close_output();
                output_open_ = false;
            }
            paused_ = want_pause_;
            read_now = output_open_ && !paused_;
            settled_.notify_all();
        }
        std::array<pollfd, 3> watched{pollfd{wake_read_, POLLIN, 0},
                                      pollfd{read_now ? child_.output() : -1, POLLIN, 0},
                                      pollfd{errors_open ? child_.errors() : -1, POLLIN, 0}};
        ::poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0) {
            std::array<char, 64> drained{};
            static_cast<void>(!::read(wake_read_, drained.data(), drained.size()));
        }
        if (watched[2].revents != 0) errors_open = read_errors();
        if (watched[1].revents != 0 && !read_output()) {
            const std::lock_guard lock{mutex_};
            output_open_ = false;
            settled_.notify_all();
        }
    }
}

bool EditorReader::read_errors() {
    std::array<char, 16U << 10U> bytes{};
    const auto size = ::read(child_.errors(), bytes.data(), bytes.size());
    if (size <= 0) return false;
    log_.error_output({bytes.data(), static_cast<std::size_t>(size)});
    return true;
}

bool EditorReader::read_output() {
    std::array<char, 64U << 10U> bytes{};
    const auto size = ::read(child_.output(), bytes.data(), bytes.size());
    const bool violated = !frames_.violation().empty();
    std::vector<Json> messages;
    if (size > 0) frames_.feed({bytes.data(), static_cast<std::size_t>(size)}, messages);
    if (size <= 0) frames_.end();
    for (const Json& message : messages) {
        log_.received(message);
        if (message.contains("method") && message.contains("id")) answer_request(message);
    }
    if (!violated && !frames_.violation().empty()) log_.violation(frames_.violation());
    if (size <= 0) log_.output_ended();
    return size > 0;
}

void EditorReader::answer_request(const Json& message) {
    Answer answer = [](const Json&) { return Json{}; };
    {
        const std::lock_guard lock{mutex_};
        if (const auto found = answers_.find(message["method"].get<std::string>()); found != answers_.end())
            answer = found->second;
    }
    if (!answer) return;
    Json reply{{"jsonrpc", "2.0"}, {"id", message["id"]}};
    try {
        reply["result"] = answer(message.value("params", Json::object()));
    } catch (const std::exception& refused) {
        reply["error"] = {{"code", -32603}, {"message", refused.what()}};
    }
    try {
        send_(reply);
    } catch (const std::exception& gone) {
        log_.note(std::string{"an answer did not reach the daemon: "} + gone.what());
    }
}

}  // namespace dragoman::test
