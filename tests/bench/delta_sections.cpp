// What the daemon adds to a delta on its way, beside what libcurl alone needs; and that none is lost.
#include "tests/bench/daemon.h"
#include "tests/bench/sections.h"
#include "tests/bench/server.h"

#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace dragoman::bench {
namespace {

constexpr std::chrono::milliseconds kPace{2};

/// Numbered deltas, and when each went out and arrived.
class Race {
public:
    explicit Race(int deltas) : sent_(static_cast<std::size_t>(deltas)), arrived_(sent_.size()) {}

    /// The server's side: a delta every kPace, timed just before it is handed to the kernel.
    void run(Connection& client) {
        client.begin_stream();
        Time next = SteadyClock::now();
        for (std::size_t i = 0; i < sent_.size(); ++i) {
            std::this_thread::sleep_until(next += kPace);
            const std::string event = chat_chunk("#" + std::to_string(i) + " ");
            sent_[i] = SteadyClock::now();
            client.send_event(event);
        }
        client.end_stream();
    }

    /// The reader's side: every "#NUMBER " in `bytes` has arrived.
    void arrived(std::string_view bytes, Time at) {
        for (auto mark = bytes.find('#'); mark != std::string_view::npos; mark = bytes.find('#', mark + 1))
            arrived_.at(std::strtoul(bytes.data() + mark + 1, nullptr, 10)) = at;
    }

    /// Without the first tenth, which warms caches.
    std::vector<Span> spans() const {
        std::vector<Span> out;
        for (std::size_t i = sent_.size() / 10; i < sent_.size(); ++i) {
            if (arrived_[i] == Time{})
                throw std::runtime_error{"delta " + std::to_string(i) + " did not arrive"};
            out.push_back(arrived_[i] - sent_[i]);
        }
        return out;
    }

private:
    std::vector<Time> sent_, arrived_;
};

std::vector<Span> through_daemon(int deltas) {
    Race race{deltas};
    Server server{[&](Connection& client) { race.run(client); }};
    Daemon daemon{config_for(server.url())};
    daemon.initialize();
    daemon.request(1, "dragoman/chat/send", {{"prompt", "?"}, {"partialResultToken", "t"}});
    for (;;) {
        const Daemon::Arrival arrival = daemon.receive();
        if (arrival.body.find("\"id\":1") != std::string::npos) break;
        if (arrival.body.find("\"kind\":\"text\"") != std::string::npos)
            race.arrived(arrival.body, arrival.at);
    }
    daemon.quit();
    return race.spans();
}

std::vector<Span> through_bare_reader(int deltas) {
    Race race{deltas};
    Server server{[&](Connection& client) { race.run(client); }};
    test::Child reader{{.binary = BARE_READER, .arguments = {server.url()}}};
    // A number may be cut by the end of a read: the tail waits for the rest.
    std::string tail;
    for (;;) {
        char chunk[65536];
        const auto got = ::read(reader.output(), chunk, sizeof chunk);
        const Time at = SteadyClock::now();
        if (got <= 0) break;
        tail.append(chunk, static_cast<std::size_t>(got));
        const auto whole = tail.rfind('\n') + 1;
        race.arrived(std::string_view{tail}.substr(0, whole), at);
        tail.erase(0, whole);
    }
    return race.spans();
}

}  // namespace

void measure_deltas(int samples) {
    const auto bare = through_bare_reader(samples);
    const auto daemon = through_daemon(samples);
    tell("a delta from the socket to stdout", "median <= 200 us", median_and(daemon, 0.99));
    tell("  the same through a bare libcurl reader", "", median_and(bare, 0.99));
}

void measure_flood(int deltas) {
    std::string wanted;
    Time begin{};
    Server server{[&](Connection& client) {
        client.begin_stream();
        begin = SteadyClock::now();
        for (int i = 0; i < deltas; ++i) client.send_event(chat_chunk(std::to_string(i) + " "));
        client.end_stream();
    }};
    for (int i = 0; i < deltas; ++i) wanted += std::to_string(i) + " ";
    Daemon daemon{config_for(server.url())};
    daemon.initialize();
    daemon.request(1, "dragoman/chat/send", {{"prompt", "?"}, {"partialResultToken", "t"}});
    std::string pieces;
    int messages = 0;
    const Json answer = daemon.response(1, [&](const Json& message, Time) {
        if (message.value("method", "") != "$/progress") return;
        const Json& value = message["params"]["value"];
        if (value["kind"] == "text") pieces += value["text"].get<std::string>(), ++messages;
    });
    const Span took = SteadyClock::now() - begin;
    daemon.quit();
    if (pieces != wanted || answer["result"]["text"] != wanted)
        throw std::runtime_error{"deltas were lost or came out of order"};
    tell(std::to_string(deltas) + " deltas at once", "in order, all",
         "in order, all; " + words(took) + ", " + std::to_string(messages) + " messages");
}

}  // namespace dragoman::bench
