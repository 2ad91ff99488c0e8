#include "tests/bench/daemon.h"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace dragoman::bench {
namespace {

constexpr int kLimitMs = 20'000;

test::Child::Start start_for(const test::TempDir& home, const Json& config,
                             const std::filesystem::path& data) {
    const std::string root = home.path().string();
    if (!config.is_null()) home.write("config/dragoman/config.json", config.dump());
    const char* const path = std::getenv("PATH");
    // A process that holds keys cannot be looked into, unless it is told to let that happen.
    return {.binary = DRAGOMAN_BINARY,
            .arguments = {"--stdio", "--debuggable"},
            .environment = {{"HOME", root},
                            {"XDG_CONFIG_HOME", root + "/config"},
                            {"XDG_STATE_HOME", root + "/state"},
                            {"XDG_DATA_HOME", data.empty() ? root + "/data" : data.string()},
                            {"PATH", path == nullptr ? "/usr/bin:/bin" : path}}};
}

void wait_for(int descriptor, short events) {
    pollfd waited{descriptor, events, 0};
    if (::poll(&waited, 1, kLimitMs) == 0) throw std::runtime_error{"the daemon does not answer"};
}

}  // namespace

Json config_for(const std::string& url, const std::string& ca_file) {
    Json provider{{"preset", "openai-compatible"}, {"api", "chat"}, {"baseUrl", url}, {"key", "none"}};
    if (!ca_file.empty()) provider["caFile"] = ca_file;
    return {{"providers", {{"bench", provider}}},
            {"completion", {{"model", "bench/m"}, {"debounceMs", 0}}},
            {"chat", {{"model", "bench/m"}}}};
}

Daemon::Daemon(const Json& config, const std::filesystem::path& data)
    : child_{start_for(home_, config, data)} {}

void Daemon::send(const Json& message) {
    const std::string body = message.dump();
    const std::string frame = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    for (std::string_view rest = frame; !rest.empty();) {
        const auto sent = ::write(child_.input(), rest.data(), rest.size());
        if (sent >= 0) rest.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EAGAIN) throw std::runtime_error{"the daemon takes nothing more"};
        if (sent < 0) wait_for(child_.input(), POLLOUT);
    }
}

void Daemon::request(int id, const std::string& method, const Json& params) {
    send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
}

void Daemon::notify(const std::string& method, const Json& params) {
    send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

Daemon::Arrival Daemon::receive() {
    constexpr std::string_view kName = "Content-Length: ";
    for (;;) {
        if (const auto head = buffer_.find("\r\n\r\n"); head != std::string::npos) {
            const auto size =
                static_cast<std::size_t>(std::strtoul(buffer_.c_str() + kName.size(), nullptr, 10));
            if (buffer_.size() >= head + 4 + size) {
                Arrival arrival{buffer_.substr(head + 4, size), read_at_};
                buffer_.erase(0, head + 4 + size);
                return arrival;
            }
        }
        wait_for(child_.output(), POLLIN);
        char chunk[65536];
        const auto got = ::read(child_.output(), chunk, sizeof chunk);
        read_at_ = SteadyClock::now();
        if (got <= 0) throw std::runtime_error{"the daemon's output has ended"};
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
}

Json Daemon::response(int id, const std::function<void(const Json&, Time)>& seen) {
    for (;;) {
        const Arrival arrival = receive();
        Json message = Json::parse(arrival.body);
        if (!message.contains("method") && message["id"] == id) return message;
        if (seen) seen(message, arrival.at);
    }
}

void Daemon::initialize() {
    request(0, "initialize",
            {{"processId", ::getpid()}, {"rootUri", nullptr}, {"capabilities", Json::object()}});
    response(0);
    notify("initialized", Json::object());
}

void Daemon::quit() {
    constexpr int kId = 1'000'000;
    request(kId, "shutdown", nullptr);
    response(kId);
    notify("exit", nullptr);
    if (child_.wait(std::chrono::milliseconds{kLimitMs}) != 0)
        throw std::runtime_error{"the daemon did not end well"};
}

namespace {

long long line_of(pid_t pid, const char* file, const std::string& what) {
    std::ifstream in{"/proc/" + std::to_string(pid) + "/" + file};
    for (std::string line; std::getline(in, line);)
        if (line.compare(0, what.size() + 1, what + ":") == 0)
            return std::stoll(line.substr(what.size() + 1));
    throw std::runtime_error{"the memory of process " + std::to_string(pid) + " cannot be read"};
}

}  // namespace

long long memory_of(pid_t pid, const std::string& what) { return line_of(pid, "smaps_rollup", what); }
long long peak_memory_of(pid_t pid) { return line_of(pid, "status", "VmHWM"); }

}  // namespace dragoman::bench
