// A key that a gateway repeats is cut out whole, wherever its refusal is shortened.

#include "server/support/log.h"
#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

const std::string kSecret = "sk-live-Zq3vT8mKx1WpLr7Yb5Nd0Hs9Jc";

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (unsigned shift = 24; shift > 0;) out += kDigits[bits >> (shift -= 6U) & 63U];
    }
    return out;
}

std::string percent(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
    return out;
}

/// The key in each writing, and the part of it that depends on the key alone.
struct Writing {
    std::string name, text, core;
};
std::vector<Writing> writings() {
    std::vector<Writing> out = {{"plain", kSecret, kSecret}, {"percent", percent(kSecret), percent(kSecret)}};
    for (std::size_t lead = 0; lead < 3; ++lead) {
        const std::string text = base64(std::string(lead, 'u') + kSecret + "::");
        const std::size_t first = (lead * 8 + 5) / 6, last = (lead + kSecret.size()) * 8 / 6;
        out.push_back({"base64 at " + std::to_string(lead), text, text.substr(first, last - first)});
    }
    return out;
}

/// No piece of the key, of any use to anybody, is in what an error says.
void check_clean(const Error& error, const Writing& writing) {
    constexpr std::size_t kPiece = 8;
    for (const auto& text : {error.message, error.hint, error.upstream_message, error.upstream_code,
                             error.param, error.request_id}) {
        for (std::size_t at = 0; at + kPiece <= writing.core.size(); ++at) {
            const auto piece = writing.core.substr(at, kPiece);
            if (writing.name == "plain" && std::string{"sk-live-"}.find(piece) != std::string::npos) continue;
            INFO(text);
            CHECK(text.find(piece) == std::string::npos);
        }
    }
}

/// Words that look like no key, so that only knowing the key helps.
std::string filler(std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += "no ";
    out.resize(bytes);
    return out;
}

struct Place {
    const char* name;
    std::size_t limit;  // at which the text is shortened
    std::function<std::string(const std::string&)> body;
    int status;
    bool stream = false;
};
const std::vector<Place> kPlaces = {
    {"message", 300, [](const std::string& text) { return refusal(text); }, 400},
    {"a long message", 4096, [](const std::string& text) { return refusal(text); }, 400},
    {"code", 100, [](const std::string& text) { return refusal("m", text); }, 400},
    {"param", 100, [](const std::string& text) { return refusal("m", nullptr, text); }, 400},
    {"plain text", 200, [](const std::string& text) { return text; }, 500},
    {"page", 200, [](const std::string& text) { return "<html><title>" + text + "</title></html>"; }, 502},
    {"JSON of no known shape", 200,
     [](const std::string& text) {
         return Json{{"x", text}}.dump();
     },
     500},
    {"inner refusal", 300,
     [](const std::string& text) {
         return Json{
             {"error", {{"message", "Provider returned error"}, {"metadata", {{"raw", refusal(text)}}}}}}
             .dump();
     },
     400},
    {"error in a stream", 300, [](const std::string& text) { return "data: " + refusal(text) + "\n\n"; }, 200,
     true},
    {"error with a 200", 300, [](const std::string& text) { return refusal(text); }, 200},
};

}  // namespace

TEST_CASE("a key that straddles the length of an error's text leaves no piece") {
    for (const auto& writing : writings()) {
        for (const auto& place : kPlaces) {
            for (std::size_t inside = 4; inside < writing.text.size(); inside += 5) {
                INFO(writing.name << " in " << place.name << ", " << inside << " bytes before its end");
                if (inside > place.limit) continue;
                Bench bench;
                bench.environment["WORK_KEY"] = kSecret;
                Heard heard;
                const auto call = bench.ask_in_background(heard);
                const auto text = filler(place.limit - inside) + writing.text + " more";
                bench.http.last().answer(place.status, place.body(text),
                                         place.stream ? event_stream() : http::Headers{});
                REQUIRE(heard.ended());
                check_clean(heard.error(), writing);
            }
        }
    }
}

TEST_CASE("the same for lists and balances, and for what headers say") {
    for (const auto& writing : writings()) {
        INFO(writing.name);
        Bench bench;
        bench.environment["WORK_KEY"] = kSecret;
        std::optional<Error> error;
        const auto call = bench.gateway.models(std::make_shared<config::Provider>(bench.work),
                                               [&](Result<std::vector<wire::ListedModel>> answer) {
                                                   REQUIRE_FALSE(answer.ok());
                                                   error = answer.error();
                                               });
        bench.clock.settle();
        bench.http.last().answer(GENERATE(200, 400, 500), refusal(filler(280) + writing.text),
                                 {{"x-request-id", filler(80) + writing.text}});
        REQUIRE(error);
        check_clean(*error, writing);

        Heard heard;
        const auto chat = bench.ask_in_background(heard);
        bench.http.last().answer(302, "",
                                 {{"location", "/" + std::string(85, 'a') + "/" + writing.text},
                                  {"x-request-id", filler(80) + writing.text}});
        REQUIRE(heard.ended());
        check_clean(heard.error(), writing);
    }
}
