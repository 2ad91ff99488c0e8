#include "server/session/stdio.h"

#include "protocol/jsonrpc/framing.h"
#include "server/support/log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <future>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dragoman::session {
namespace {

constexpr std::size_t kReadSize = 64U << 10U;
// A pipe that polls as writable takes this much without blocking (POSIX: PIPE_BUF).
constexpr std::size_t kPipeAtom = 4096;

// The descriptor's open file on a number that no child inherits, away from 0, 1 and 2.
int move_away(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

// Waits until `descriptor` is ready for `events` or `stop` is closed. False: stop.
bool wait_for(int descriptor, short events, int stop) {
    pollfd waited[2] = {{descriptor, events, 0}, {stop, POLLIN, 0}};
    while (poll(waited, 2, -1) < 0) {
        if (errno != EINTR) return false;
    }
    return waited[0].revents != 0 && waited[1].revents == 0;
}

}  // namespace

Stdio::Stdio(Outbox& outbox, Handlers handlers) : outbox_{outbox}, handlers_{std::move(handlers)} {
    in_ = move_away(STDIN_FILENO);
    out_ = move_away(STDOUT_FILENO);
    if (const int null = open("/dev/null", O_RDWR | O_CLOEXEC); null >= 0) {
        dup2(null, STDIN_FILENO);
        close(null);
    }
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (pipe2(stop_reading_, O_CLOEXEC) != 0 || pipe2(stop_writing_, O_CLOEXEC) != 0) {
        log::error("no descriptors left to serve with");
    }
    reader_ = std::thread{[this] { read_loop(); }};
    writer_ = std::thread{[this] { write_loop(); }};
}

Stdio::~Stdio() {
    stop(std::chrono::milliseconds{0});
    for (const int descriptor : {in_, out_, stop_reading_[0], stop_writing_[0]}) {
        if (descriptor >= 0) close(descriptor);
    }
}

void Stdio::stop(std::chrono::milliseconds patience) {
    if (stop_reading_[1] >= 0) close(std::exchange(stop_reading_[1], -1));
    outbox_.close();
    if (reader_.joinable()) reader_.join();
    if (!writer_.joinable()) return;
    // The writer ends by itself once the queue is empty; an editor that does not read is not waited for.
    std::promise<void> written;
    auto done = written.get_future();
    std::thread joiner{[&] {
        writer_.join();
        written.set_value();
    }};
    if (done.wait_for(patience) != std::future_status::ready && stop_writing_[1] >= 0) {
        close(std::exchange(stop_writing_[1], -1));
    }
    joiner.join();
    if (stop_writing_[1] >= 0) close(std::exchange(stop_writing_[1], -1));
}

void Stdio::read_loop() {
    jsonrpc::FrameReader frames;
    std::vector<std::string> bodies;
    std::string chunk(kReadSize, '\0');
    while (wait_for(in_, POLLIN, stop_reading_[0])) {
        const ssize_t got = read(in_, chunk.data(), chunk.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got <= 0) {
            const auto end = got < 0                   ? InputEnd::read_error
                             : frames.between_frames() ? InputEnd::clean
                                                       : InputEnd::inside_frame;
            handlers_.on_input_end(end, got < 0 ? "stdin cannot be read" : "stdin ended inside a frame");
            return;
        }
        frames.feed({chunk.data(), static_cast<std::size_t>(got)}, bodies);
        ::explicit_bzero(chunk.data(), static_cast<std::size_t>(got));  // it may have been a key
        for (std::string& body : bodies) handlers_.on_message(jsonrpc::parse_message(body));
        bodies.clear();
        if (frames.fault() != jsonrpc::FrameReader::Fault::none) {
            handlers_.on_input_end(InputEnd::broken_frame, std::string{jsonrpc::describe(frames.fault())});
            return;
        }
    }
}

void Stdio::write_loop() {
    while (auto body = outbox_.pop()) {
        if (!write_all(jsonrpc::frame(*body))) {
            outbox_.close();
            handlers_.on_output_end();
            return;
        }
    }
}

bool Stdio::write_all(std::string_view bytes) {
    bool is_socket = true;
    while (!bytes.empty()) {
        ssize_t sent = -1;
        if (is_socket) {
            sent = send(out_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && errno == ENOTSOCK) {
                is_socket = false;
                continue;
            }
            if (sent < 0 && errno == EAGAIN && !wait_for(out_, POLLOUT, stop_writing_[0])) return false;
        } else {
            if (!wait_for(out_, POLLOUT, stop_writing_[0])) return false;
            sent = write(out_, bytes.data(), std::min(bytes.size(), kPipeAtom));
        }
        if (sent < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace dragoman::session
