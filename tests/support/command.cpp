#include "tests/support/command.h"

#include "tests/support/fresh_environment.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace dragoman::test {

Command::Command(CommandOptions options)
    : home_{options.home ? std::move(options.home) : std::make_shared<TempDir>()} {
    if (!options.config.is_null()) home_->write("config/dragoman/config.json", options.config.dump(2));
    auto environment = fresh_environment(*home_);
    for (auto& [name, value] : options.environment) environment[name] = value;
    if (::pipe2(stop_, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    child_ = std::make_unique<Child>(Child::Start{.binary = DRAGOMAN_BINARY,
                                                  .arguments = std::move(options.arguments),
                                                  .environment = std::move(environment)});
    out_reader_ = std::thread{[this] { read(child_->output(), out_, Until::stopped); }};
    err_reader_ = std::thread{[this] { read(child_->errors(), err_, Until::ended); }};
}

Command::~Command() {
    child_->signal(SIGKILL);
    if (out_reader_.joinable()) out_reader_.join();
    if (err_reader_.joinable()) err_reader_.join();
    for (const int end : stop_)
        if (end >= 0) ::close(end);
}

void Command::read(int descriptor, std::string& into, Until until) {
    char chunk[65'536];
    for (;;) {
        pollfd sources[]{{descriptor, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        if (::poll(sources, until == Until::stopped ? 2 : 1, -1) < 0 && errno == EINTR) continue;
        if (sources[1].revents != 0) return;
        const ssize_t got = ::read(descriptor, chunk, sizeof chunk);
        if (got <= 0) return;
        const std::lock_guard lock{mutex_};
        into.append(chunk, static_cast<std::size_t>(got));
        read_.notify_all();
    }
}

void Command::write(std::string_view text) {
    while (!text.empty()) {
        pollfd target{child_->input(), POLLOUT, 0};
        if (::poll(&target, 1, static_cast<int>(kPatience.count())) <= 0)
            throw std::runtime_error{"the command does not read its stdin"};
        const ssize_t put = ::write(child_->input(), text.data(), text.size());
        if (put < 0 && errno == EPIPE) return;  // it had enough
        if (put > 0) text.remove_prefix(static_cast<std::size_t>(put));
    }
}

void Command::close_output() {
    ::close(std::exchange(stop_[1], -1));
    out_reader_.join();
    child_->close_output();
}

bool Command::wait_for_out(const std::function<bool(const std::string&)>& wanted) const {
    std::unique_lock lock{mutex_};
    return read_.wait_for(lock, kPatience, [&] { return wanted(out_); });
}

int Command::exit_code() const {
    const auto code = child_->wait(kPatience);
    if (!code) throw std::runtime_error{"the command goes on"};
    if (out_reader_.joinable()) out_reader_.join();
    if (err_reader_.joinable()) err_reader_.join();
    return *code;
}

std::string Command::out() const {
    const std::lock_guard lock{mutex_};
    return out_;
}

std::string Command::err() const {
    const std::lock_guard lock{mutex_};
    return err_;
}

}  // namespace dragoman::test
