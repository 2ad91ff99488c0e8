#include "vectors.h"

#include "protocol/base/json.h"
#include "protocol/base/utf.h"

#include <catch2/catch_all.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace dragoman::wire::test {
namespace {

std::string_view name_of(FinishReason reason) {
    switch (reason) {
        case FinishReason::stop: return "stop";
        case FinishReason::length: return "length";
        case FinishReason::tool_calls: return "tool_calls";
        case FinishReason::content_filter: return "content_filter";
        case FinishReason::other: return "other";
    }
    return "?";
}

std::string args(int choice, std::string_view text) {
    return (choice == 0 ? "" : std::to_string(choice) + ",") + std::string{text};
}

std::string show_one(const Event& event) {
    struct {
        std::string operator()(const Start& e) { return "Start(" + e.id + "," + e.model + ")"; }
        std::string operator()(const Text& e) { return "Text(" + args(e.choice, e.text) + ")"; }
        std::string operator()(const Reasoning& e) { return "Reason(" + args(e.choice, e.text) + ")"; }
        std::string operator()(const Refusal& e) { return "Refusal(" + args(e.choice, e.text) + ")"; }
        std::string operator()(const ToolOpen& e) {
            return "ToolOpen(" + std::to_string(e.slot) + "," + e.id + "," + e.name + ")";
        }
        std::string operator()(const ToolArguments& e) {
            return "ToolArgs(" + std::to_string(e.slot) + "," + e.text + ")";
        }
        std::string operator()(const ToolEnd& e) { return "ToolEnd(" + std::to_string(e.slot) + ")"; }
        std::string operator()(const Logprobs& e) { return "Logprobs(" + std::to_string(e.choice) + ")"; }
        std::string operator()(const EncryptedReasoning& e) {
            return "Encrypted(" + get_string(parse_json(e.item).value(), "encrypted_content").value_or("") +
                   ")";
        }
        std::string operator()(const Usage& e) {
            return "Usage(" + std::to_string(e.input) + "," + std::to_string(e.output) +
                   (e.cached ? ",cached " + std::to_string(*e.cached) : "") +
                   (e.reasoning ? ",reasoning " + std::to_string(*e.reasoning) : "") + ")";
        }
        std::string operator()(const Finish& e) {
            return "Finish(" + args(e.choice, name_of(e.reason)) + ")";
        }
        std::string operator()(const Warn& e) { return "!" + e.tag; }
        std::string operator()(const Done&) { return "Done"; }
        std::string operator()(const Truncated&) { return "Truncated"; }
        std::string operator()(const Failed& e) {
            return "Failed(" + std::string{wire_name(e.error.kind)} + "," +
                   std::to_string(e.error.http_status) + "," + e.error.upstream_code + "," +
                   e.error.upstream_message + (e.error.retryable ? ",retry" : "") + ")";
        }
    } shown;
    return std::visit(shown, event);
}

template <class E>
bool join(Event& last, const Event& next) {
    auto* a = std::get_if<E>(&last);
    const auto* b = std::get_if<E>(&next);
    if (!a || !b) return false;
    E whole = *a;
    whole.text = b->text;
    if (!(whole == *b)) return false;  // another choice or slot
    a->text += b->text;
    return true;
}

bool is_terminal(const Event& event) {
    return std::holds_alternative<Done>(event) || std::holds_alternative<Truncated>(event) ||
           std::holds_alternative<Failed>(event);
}

void check_promises(const Events& events) {
    REQUIRE(!events.empty());
    std::size_t terminals = 0, usages = 0;
    bool finishing = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        terminals += is_terminal(event) ? 1 : 0;
        usages += std::holds_alternative<Usage>(event) ? 1 : 0;
        if (std::holds_alternative<Start>(event)) CHECK(i == 0);
        if (const auto* text = std::get_if<Text>(&event)) {
            CHECK_FALSE(finishing);
            CHECK(is_valid_utf8(text->text));
            CHECK(!text->text.empty());
        }
        finishing = finishing || std::holds_alternative<Finish>(event);
    }
    CHECK(terminals == 1);
    CHECK(usages <= 1);
    CHECK(is_terminal(events.back()));
    const bool spoke = std::any_of(events.begin(), events.end(), [](const Event& e) {
        return !is_terminal(e) && !std::holds_alternative<Warn>(e);
    });
    if (spoke) CHECK(std::holds_alternative<Start>(events.front()));
}

}  // namespace

std::string show(const Events& events, bool with_start) {
    Events joined;
    std::set<std::string> warnings;
    for (const auto& event : events) {
        if (const auto* warn = std::get_if<Warn>(&event)) {
            warnings.insert(" !" + warn->tag);
        } else if (!joined.empty() &&
                   (join<Text>(joined.back(), event) || join<Reasoning>(joined.back(), event) ||
                    join<Refusal>(joined.back(), event) || join<ToolArguments>(joined.back(), event))) {
            continue;
        } else if (with_start || !std::holds_alternative<Start>(event)) {
            joined.push_back(event);
        }
    }
    std::string out;
    for (const auto& event : joined) out += (out.empty() ? "" : " ") + show_one(event);
    for (const auto& warning : warnings) out += warning;
    return out;
}

Events decode(const Vector& vector, const std::vector<std::size_t>& cuts) {
    Decoder decoder{vector.options};
    decoder.head(vector.status, vector.headers);
    Events events;
    const std::string_view bytes = vector.bytes;
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        decoder.feed(bytes.substr(from, cut - from), events);
        from = cut;
    }
    decoder.feed(bytes.substr(from), events);
    if (!decoder.ended()) decoder.end(vector.how, events);
    const std::size_t count = events.size();
    CHECK(decoder.ended());
    CHECK_FALSE(decoder.finished());
    decoder.feed("data: {\"choices\":[{\"delta\":{\"content\":\"late\"}}]}\n\n", events);
    decoder.end(Decoder::End::cut, events);
    CHECK(events.size() == count);
    check_promises(events);
    return events;
}

void check(const Vector& vector) {
    INFO(vector.name);
    const std::size_t size = vector.bytes.size();
    CHECK(show(decode(vector, {}), vector.show_start) == vector.events);
    std::vector<std::size_t> every(size);
    for (std::size_t i = 0; i < size; ++i) every[i] = i;
    const std::string bytewise = show(decode(vector, every), vector.show_start);
    CHECK(bytewise == vector.events);
    const std::size_t step = size > 20'000 ? size / 97 : 1;
    for (std::size_t cut = 1; cut < size; cut += step) {
        const std::string cut_in_two = show(decode(vector, {cut}), vector.show_start);
        if (cut_in_two == vector.events) continue;
        INFO("cut at " << cut);
        CHECK(cut_in_two == vector.events);
        return;
    }
}

void check_all(const std::vector<Vector>& vectors) {
    for (const auto& vector : vectors) check(vector);
}

std::string ev(std::string_view json) { return "data: " + std::string{json} + "\n\n"; }

std::string json_text(std::string_view text) { return Json(text).dump(); }

std::string chunk(std::string_view delta, std::string_view finish) {
    return R"({"id":"c","model":"m","choices":[{"index":0,"delta":)" + std::string{delta} +
           R"(,"finish_reason":)" + std::string{finish} + "}]}";
}

std::string T(std::string_view text) { return chunk("{\"content\":" + json_text(text) + "}"); }
std::string R() { return chunk(R"({"role":"assistant","content":""})"); }
std::string F(std::string_view reason) { return chunk("{}", json_text(reason)); }

std::string U(int input, int output) {
    return R"({"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":)" + std::to_string(input) +
           R"(,"completion_tokens":)" + std::to_string(output) + "}}";
}

std::string read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string capture(const std::string& name) {
    return read_file(std::string{DRAGOMAN_SOURCE_DIR} + "/tests/fixtures/captures/" + name);
}

}  // namespace dragoman::wire::test
