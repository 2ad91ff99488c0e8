// Start, memory and cancel: what is measured from outside a daemon that does little.
#include "tests/bench/daemon.h"
#include "tests/bench/sections.h"
#include "tests/bench/server.h"

#include <cstdio>
#include <future>
#include <stdexcept>

namespace dragoman::bench {
namespace {

void check(const Json& response, const char* what) {
    if (response.contains("error"))
        throw std::runtime_error{std::string{what} + ": " + response["error"].value("message", "")};
}

void one_completion_and_one_chat(Daemon& daemon) {
    daemon.initialize();
    const Json document{
        {"uri", "file:///tmp/a.cpp"}, {"languageId", "cpp"}, {"version", 1}, {"text", "int x = \n"}};
    daemon.notify("textDocument/didOpen", {{"textDocument", document}});
    daemon.request(1, "textDocument/inlineCompletion",
                   {{"textDocument", {{"uri", document["uri"]}}},
                    {"position", {{"line", 0}, {"character", 8}}},
                    {"context", {{"triggerKind", 1}}}});
    const Json completion = daemon.response(1);
    check(completion, "completion");
    if (completion["result"]["items"].empty()) throw std::runtime_error{"completion: no items"};
    daemon.request(2, "dragoman/chat/send", {{"prompt", "?"}, {"partialResultToken", "t"}});
    check(daemon.response(2), "chat");
}

void measure_memory_over(const std::string& how, const Identity* identity) {
    Server server{[](Connection& client) {
                      client.begin_stream();
                      for (int i = 0; i < 20; ++i) client.send_event(chat_chunk("4 "));
                      client.end_stream();
                  },
                  identity};
    const test::TempDir folder;
    const std::string ca =
        identity == nullptr ? std::string{} : folder.write("ca.pem", identity->certificate_pem()).string();
    Daemon daemon{config_for(server.url(), ca)};
    one_completion_and_one_chat(daemon);
    tell("resident memory, " + how, "<= 16 MB", megabytes(memory_of(daemon.pid(), "Rss")));
    tell("  of it anonymous", "<= 5 MB", megabytes(memory_of(daemon.pid(), "Anonymous")));
    daemon.quit();
}

}  // namespace

void measure_start(int samples) {
    std::vector<Span> spans;
    for (int i = 0; i < samples; ++i) {
        const Time begin = SteadyClock::now();
        Daemon daemon;
        daemon.request(0, "initialize", {{"processId", nullptr}, {"capabilities", Json::object()}});
        spans.push_back(daemon.receive().at - begin);
        daemon.quit();
    }
    tell("spawn to the answer to initialize", "<= 20 ms", median_and(spans, 0.95));
}

void measure_memory() {
    measure_memory_over("after a completion and a chat", nullptr);
    const Identity identity;
    measure_memory_over("the same over TLS", &identity);
}

void measure_cancel(int samples) {
    std::vector<Span> spans;
    std::promise<Time> closed;
    Server server{[&](Connection& client) {
        client.begin_stream();
        client.send_event(chat_chunk("one"));
        closed.set_value(client.wait_closed());
    }};
    Daemon daemon{config_for(server.url())};
    daemon.initialize();
    for (int id = 1; id <= samples; ++id) {
        closed = {};
        auto when = closed.get_future();
        daemon.request(id, "dragoman/chat/send", {{"prompt", "?"}, {"partialResultToken", id}});
        while (daemon.receive().body.find("\"kind\":\"text\"") == std::string::npos) {
        }
        const Time cancelled = SteadyClock::now();
        daemon.notify("$/cancelRequest", {{"id", id}});
        daemon.response(id);
        spans.push_back(when.get() - cancelled);
    }
    daemon.quit();
    tell("cancel to the upstream connection closed", "<= 50 ms", median_and(spans, 0.95));
}

}  // namespace dragoman::bench
