#include "tests/llama/server_log.h"

#include "tests/support/patience.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace dragoman::test {

ServerLog::ServerLog(const Child& server)
    : thread_{[this, out = server.output(), err = server.errors()] { read(out, err); }} {}

ServerLog::~ServerLog() { thread_.join(); }

std::optional<std::string> ServerLog::digits_after(const std::string& words) const {
    std::optional<std::string> found;
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, kPatience, [&] { return (found = find_digits(words)) || ended_; });
    return found;
}

std::optional<std::string> ServerLog::find_digits(const std::string& words) const {
    const auto at = text_.find(words);
    if (at == text_.npos) return std::nullopt;
    const auto first = at + words.size();
    const auto end = text_.find_first_not_of("0123456789", first);
    if (end == text_.npos || end == first) return std::nullopt;
    return text_.substr(first, end - first);
}

std::string ServerLog::text() const {
    const std::lock_guard lock{mutex_};
    return text_;
}

void ServerLog::read(int out, int err) {
    // poll() skips negative descriptors: a stream that has ended becomes one.
    std::array<pollfd, 2> streams{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
    std::array<char, 1U << 16U> buffer{};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        if (::poll(streams.data(), streams.size(), -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        for (pollfd& stream : streams) {
            if (stream.fd < 0 || stream.revents == 0) continue;
            const auto size = ::read(stream.fd, buffer.data(), buffer.size());
            if (size < 0 && errno == EINTR) continue;
            if (size <= 0) {
                stream.fd = -1;
                continue;
            }
            const std::lock_guard lock{mutex_};
            text_.append(buffer.data(), static_cast<std::size_t>(size));
            changed_.notify_all();
        }
    }
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
}

}  // namespace dragoman::test
