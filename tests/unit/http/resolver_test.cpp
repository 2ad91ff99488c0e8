// A name server that never answers. The hidden cases run in a network namespace of their own, whose
// only name server is a silent socket; the visible one starts them there and needs root for it.
#include "tests/unit/http/world.h"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <unistd.h>

namespace dragoman::http::test {
namespace {

/// Takes questions and gives no answers.
struct SilentNameServer {
    explicit SilentNameServer(boost::asio::io_context& context)
        : socket{context, {boost::asio::ip::address_v4::loopback(), 53}} {}
    boost::asio::ip::udp::socket socket;
};

/// The longest time between two turns of a timer that should fire every 10 ms.
struct Heartbeat {
    explicit Heartbeat(boost::asio::io_context& context) : timer{context} { beat(); }
    void beat() {
        const auto now = std::chrono::steady_clock::now();
        longest = std::max(longest, now - last);
        last = now;
        timer.expires_after(10ms);
        timer.async_wait([this](const boost::system::error_code& stopped) {
            if (!stopped) beat();
        });
    }
    boost::asio::steady_timer timer;
    std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration longest{};
};

// Far above a busy machine's hiccups, far below the 5 s that the resolver waits for an answer.
constexpr auto kBound = 1s;

Request question() {
    Request request = post("http://gateway.test/");
    request.timeouts.connect = 300ms;
    return request;
}

}  // namespace

TEST_CASE("a silent name server costs the connect limit and never stops the loop", "[.resolver]") {
    LiveWorld world;
    SilentNameServer server{world.io};
    Heartbeat heartbeat{world.io};
    Recorder recorder;
    world.start(recorder, question());
    world.until_ended(recorder);
    REQUIRE(recorder.failure);
    CHECK(recorder.failure->what == What::connect_timeout);
    CHECK(heartbeat.longest < kBound);
}

TEST_CASE("a transfer whose name is being looked up is dropped at once", "[.resolver]") {
    LiveWorld world;
    SilentNameServer server{world.io};
    Heartbeat heartbeat{world.io};
    Recorder recorder;
    world.start(recorder, question());
    bool asked = false;
    server.socket.async_wait(boost::asio::ip::udp::socket::wait_read, [&](const auto&) { asked = true; });
    world.until([&] { return asked; });
    const auto before = std::chrono::steady_clock::now();
    recorder.drop();
    CHECK(std::chrono::steady_clock::now() - before < kBound);
    world.poll();
    CHECK(recorder.ended == 0);
    CHECK(heartbeat.longest < kBound);
}

TEST_CASE("lookups that hang do not pile up without limit", "[.resolver]") {
    LiveWorld world;
    SilentNameServer server{world.io};
    const auto threads = [] {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{"/proc/self/task"})
            ++count;
        return count;
    };
    const auto before = threads();
    int refused = 0;
    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        world.start(recorder, question());
        world.poll();
        if (recorder.ended) {
            ++refused;
            REQUIRE(recorder.failure);
            CHECK(recorder.failure->what == What::resolve);
        }
    }
    CHECK(refused == 12);
    CHECK(threads() - before <= 8);
}

TEST_CASE("the loop keeps turning while the name server is silent") {
    if (::geteuid() != 0) SKIP("needs root: it mounts a resolv.conf in a namespace of its own");
    if (std::system("unshare -n -m true 2>/dev/null") != 0)
        SKIP("needs namespaces, which this system refuses");
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    const std::string folder = output_of("mktemp -d | tr -d '\\n'");
    output_of("printf 'nameserver 127.0.0.1\\n' > " + folder + "/resolv.conf; printf 'hosts: dns\\n' > " +
              folder + "/nsswitch.conf");
    const int status = std::system(("unshare -n -m sh -c 'ip link set lo up && mount --bind " + folder +
                                    "/resolv.conf /etc/resolv.conf && mount --bind " + folder +
                                    "/nsswitch.conf /etc/nsswitch.conf && exec " + self + " [.resolver]' >" +
                                    folder + "/log 2>&1")
                                       .c_str());
    const std::string log = output_of("cat " + folder + "/log");
    output_of("rm -r " + folder);
    INFO(log);
    CHECK(status == 0);
}

}  // namespace dragoman::http::test
