#include "server/upstream/wire/sse.h"

#include <catch2/catch_all.hpp>

#include "vectors.h"

using namespace dragoman::wire;
using namespace dragoman::wire::test;
using namespace std::string_literals;

namespace {

// Events as "(type|data)" or "(data)" for messages; strays as "?line", an unfinished event as "~data".
class Recorder final : public SseSink {
public:
    std::string seen;

private:
    void on_event(std::string_view type, std::string_view data) override {
        seen += "(" + (type == "message" ? "" : std::string{type} + "|") + std::string{data} + ")";
    }
    bool on_data_continues(std::string_view, std::string_view) override { return false; }
    void on_stray_line(std::string_view line) override { seen += "?" + std::string{line}; }
    void on_unterminated(std::string_view, std::string_view data) override {
        seen += "~" + std::string{data};
    }
};

std::string frame(std::string_view bytes, const std::vector<std::size_t>& cuts) {
    SseParser parser;
    Recorder recorder;
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        CHECK(parser.feed(bytes.substr(from, cut - from), recorder));
        from = cut;
    }
    CHECK(parser.feed(bytes.substr(from), recorder));
    CHECK(parser.finish(recorder));
    return recorder.seen;
}

}  // namespace

TEST_CASE("event streams are framed as the standard says, however the bytes are cut") {
    const std::string bom = "\xEF\xBB\xBF";
    struct Case {
        std::string name, bytes, events;
    };
    const std::vector<Case> cases = {
        {"A01", bom + "data:1\n\n" + bom + "data:2\n\ndata:3\n\n", "(1)?" + bom + "data:2(3)"},
        {"A02", bom + bom + "data:1\n\ndata:2\n\ndata:3\n\n", "?" + bom + "data:1(2)(3)"},
        {"half a BOM is a line",
         "\xEF\xBB"
         "data:1\n\ndata:2\n\n",
         "?\xEF\xBB"
         "data:1(2)"},
        {"half a BOM alone", "\xEF\xBB", "?\xEF\xBB"},
        {"A04", "data:\n\n", "()"},
        {"A05", "data\ndata\n\n", "(\n)"},
        {"A07", "data:  two\n\n", "( two)"},
        {"A08", "data:\ttest\rdata: \ndata:test\n\n", "(\ttest\n\ntest)"},
        {"A09", "data:1\r\rdata:2\n\rdata:3\r\n\r\n", "(1)(2)(3)"},
        {"A10", "data:1\r\r", "(1)"},
        {"A11", "data:a\r\n\r\n", "(a)"},
        {"A13",
         "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n"s,
         "?Data:1?data\0:2?\0data:4?da-ta:3?data_5? data:32(\0\n 2\n1\n3\n\n4)"s},
        {"A14", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:comment\ndata:test\n\n",
         "? data?foobar:xxx?justsometext(test\n\ntest)"},
        {"A16", "event: \ndata:d\n\n", "(d)"},
        {"a named event", "event: ping\ndata:d\n\ndata:e\n\n", "(ping|d)(e)"},
        {"A17", "event:foo\n\ndata:x\n\n", "(x)"},
        {"A19", "id:1\n\n\n\ndata:x\n\n", "(x)"},
        {"A20", "id:a\0b\ndata:x\n\n"s, "(x)"},
        {"retry is no event", "retry: 10\n\ndata:x\n\n", "(x)"},
        {"A22", "data:x\n", "~x"},
        {"an unfinished line", "data:x", "~x"},
        {"an unfinished comment", "data:x\n\n:never", "(x)"},
        {"A31",
         "data:a\xE2\x80\xA8"
         "b\x0B\x0C\xC2\x85\n\n",
         "(a\xE2\x80\xA8"
         "b\x0B\x0C\xC2\x85)"},
        {"A38", std::string(10, '\n') + "data:x\n\n", "(x)"},
    };
    for (const auto& [name, bytes, events] : cases) {
        INFO(name);
        CHECK(frame(bytes, {}) == events);
        std::vector<std::size_t> every;
        for (std::size_t i = 0; i < bytes.size(); ++i) every.push_back(i);
        CHECK(frame(bytes, every) == events);
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) CHECK(frame(bytes, {cut}) == events);
    }
}

TEST_CASE("a carriage return dispatches without waiting for what follows") {
    SseParser parser;
    Recorder recorder;
    CHECK(parser.feed("data:a\r\r", recorder));
    CHECK(recorder.seen == "(a)");
    CHECK(parser.feed("\ndata:b\r", recorder));
    CHECK(parser.feed("\n\r", recorder));
    CHECK(recorder.seen == "(a)(b)");
}

TEST_CASE("a line or an event past its limit ends the reading") {
    const SseParser::Limits limits{.line = 16, .event = 20};
    for (const std::string bytes :
         {"data:0123456789ab\n\n", "data:01234567\ndata:01234567\ndata:01234567\n\n",
          ":0123456789abcdefghij\n", "0123456789abcdefghij"}) {
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            SseParser parser{limits};
            Recorder recorder;
            const bool fits =
                parser.feed(bytes.substr(0, cut), recorder) && parser.feed(bytes.substr(cut), recorder);
            CHECK_FALSE(fits);
            CHECK_FALSE(parser.feed("data:x\n\n", recorder));
            CHECK(recorder.seen.empty());
        }
    }
    SseParser parser{limits};
    Recorder recorder;
    CHECK(parser.feed("data:0123456789a\n\n", recorder));
    CHECK(recorder.seen == "(0123456789a)");
}
