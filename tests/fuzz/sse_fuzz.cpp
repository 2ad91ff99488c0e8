// Event streams: what the incremental parser tells is what a plain reading of the WHATWG rules over the whole
// text tells, however the bytes are cut; and its limits hold.
#include "server/upstream/wire/sse.h"
#include "tests/fuzz/fuzz.h"

#include <utility>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr wire::SseParser::Limits kTight{.line = 64, .event = 96};

class Recorder final : public wire::SseSink {
public:
    std::vector<std::string> seen;

private:
    void on_event(std::string_view type, std::string_view data) override { add("event", type, data); }
    bool on_data_continues(std::string_view, std::string_view) override { return false; }
    void on_stray_line(std::string_view line) override { add("stray", {}, line); }
    void on_unterminated(std::string_view type, std::string_view data) override {
        add("unterminated", type, data);
    }
    void add(const char* what, std::string_view type, std::string_view data) {
        seen.push_back(std::string{what} + '\0' + std::string{type} + '\0' + std::string{data});
    }
};

using Seen = std::pair<std::vector<std::string>, bool>;

Seen told(const std::vector<std::string_view>& pieces, wire::SseParser::Limits limits = {}) {
    wire::SseParser parser{limits};
    Recorder recorder;
    bool within = true;
    for (const std::string_view piece : pieces) within = parser.feed(piece, recorder) && within;
    within = parser.finish(recorder) && within;
    return {recorder.seen, within};
}

/// Lines of the whole text, each with whether its end was there.
std::vector<std::string_view> lines_of(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    return lines;
}

/// The standard's steps, with a whole text in hand.
std::vector<std::string> plainly(std::string_view text) {
    std::vector<std::string> seen;
    std::string type, data;
    bool any = false;
    const auto tell = [&](const char* what) {
        seen.push_back(std::string{what} + '\0' + (type.empty() ? "message" : type) + '\0' + data);
    };
    for (const std::string_view line : lines_of(text)) {
        if (line.empty()) {
            if (any) tell("event");
            type.clear(), data.clear(), any = false;
            continue;
        }
        const std::size_t colon = line.find(':');
        if (colon == 0) continue;
        const std::string_view field = line.substr(0, colon);
        std::string_view value =
            colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        if (field == "event") {
            type = value;
        } else if (field == "data") {
            data += (any ? "\n" : "") + std::string{value};
            any = true;
        } else if (field != "id" && field != "retry") {
            seen.push_back(std::string{"stray"} + '\0' + '\0' + std::string{line});
        }
    }
    if (any) tell("unterminated");
    return seen;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    fuzz::same_for_every_cut(
        input, [](const auto& pieces) { return told(pieces); },
        "events do not depend on how their bytes were cut");
    fuzz::same_for_every_cut(
        input, [](const auto& pieces) { return told(pieces, kTight); },
        "a limit is met at the same place for every cut");

    const auto [seen, within] = told({input});
    claim(within, "nothing of this size is beyond the everyday limits");
    claim(seen == plainly(input), "events are those that the standard's steps give");
    for (const std::string& one : told({input}, kTight).first)
        claim(one.size() <= sizeof("unterminated") + kTight.line + kTight.event + 2,
              "what is told is within the limits");
    return 0;
}
