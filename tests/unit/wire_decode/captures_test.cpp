// What two servers really sent, read by the decoder: every answer of an API it knows, by name.

#include "protocol/base/json.h"

#include <catch2/catch_all.hpp>

#include "vectors.h"
#include <fstream>
#include <map>
#include <random>
#include <sstream>

using namespace dragoman::wire;
using namespace dragoman::wire::test;

namespace {

const std::map<std::string, Shape> kShapes = {{"/v1/chat/completions", Shape::chat_completions},
                                              {"/v1/responses", Shape::responses},
                                              {"/v1/completions", Shape::completions},
                                              {"/infill", Shape::llamacpp_infill}};

struct Capture {
    std::string name, path;
    Vector vector;
};

Headers read_headers(const std::string& text) {
    Headers headers;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        if (const auto colon = line.find(':'); colon != line.npos) {
            headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
        }
    }
    return headers;
}

/// Limits as the request set them; bodies of GET and a few others were not kept.
DecoderOptions options_of(const std::string& name, Shape shape) {
    DecoderOptions options{.shape = shape};
    std::ifstream file{std::string{DRAGOMAN_SOURCE_DIR} + "/tests/fixtures/captures/" + name + ".req.json"};
    std::stringstream text;
    text << file.rdbuf();
    const auto request = dragoman::parse_json(text.str());
    if (!request) return options;
    options.choices = static_cast<int>(dragoman::get_int(*request, "n").value_or(1));
    options.max_output_tokens = dragoman::get_int(*request, "max_output_tokens").value_or(0);
    return options;
}

std::vector<Capture> captures(const std::string& folder) {
    std::vector<Capture> all;
    std::istringstream index{capture(folder + "/index.tsv")};
    for (std::string line; std::getline(index, line);) {
        std::istringstream fields{line};
        std::string name, method, path, status, curl;
        for (auto* field : {&name, &method, &path, &status, &curl}) std::getline(fields, *field, '\t');
        const auto shape = kShapes.find(path);
        const std::string file = folder + "/" + name;
        Vector vector{file, capture(file + ".body"), "",
                      options_of(file, shape == kShapes.end() ? Shape::chat_completions : shape->second)};
        vector.status = std::stoi(status.substr(std::string_view{"HTTP/1.1 "}.size()));
        vector.headers = read_headers(capture(file + ".headers"));
        vector.how = curl == "curl 0" ? Decoder::End::complete : Decoder::End::cut;
        all.push_back({name, method == "POST" ? path : "", std::move(vector)});
    }
    return all;
}

/// Ids of calls are random; what matters is that there is one.
std::string without_ids(std::string shown) {
    for (auto at = shown.find("ToolOpen("); at != shown.npos; at = shown.find("ToolOpen(", at + 1)) {
        const auto from = shown.find(',', at) + 1, to = shown.find(',', from);
        if (to > from) shown.replace(from, to - from, "*");
    }
    return shown;
}

void check_captures(const std::string& folder, const std::map<std::string, std::string>& expected) {
    std::size_t known = 0;
    for (const auto& [name, path, vector] : captures(folder)) {
        INFO(vector.name);
        const std::string shown = without_ids(show(decode(vector, {})));
        if (!kShapes.contains(path)) {
            CHECK(shown.starts_with("Failed("));  // an answer of another endpoint is no answer of a model
            continue;
        }
        ++known;
        const auto row = expected.find(name);
        REQUIRE(row != expected.end());
        if (row->second.ends_with("...")) {
            CHECK(shown.starts_with(row->second.substr(0, row->second.size() - 3)));
        } else {
            CHECK(shown == row->second);
        }
    }
    CHECK(known == expected.size());
}

}  // namespace

TEST_CASE("what llama-server sent is read as what it meant") {
    const std::string hello =
        "Text(Hello! I am a very small model with a fixed answer, here to test clients.) ";
    const std::string plain = "Text(and then the plain text went on for a while before it stopped) ";
    const std::string thought = "Reason(Let me reason about this request in two short steps.\n) ";
    const std::string tool =
        R"(ToolOpen(0,*,get_weather) ToolArgs(0,{"city": "Oslo", "days": 3}) ToolEnd(0) Finish(tool_calls) )";
    const std::string said = "Text(The tool said so, and that is the final word.) Finish(stop) ";
    const std::string stop = "Finish(stop) ", length = "Finish(length) Done";
    const std::string refused = "Failed(unauthorized,401,401,Invalid API Key)";
    const std::string context =
        "Failed(contextTooLong,400,400,request (6020 tokens) exceeds the available context size (2048 "
        "tokens), try increasing it)";
    const std::string grammar =
        "Failed(upstreamUnavailable,500,500,got exception: Unexpected empty grammar stack after accepting "
        "piece: ll> {\"name\": \"no_such (361),retry)";
    check_captures(
        "llamacpp",
        {
            {"error-503-loading", "Failed(upstreamUnavailable,503,503,Loading model,retry)"},
            {"chat-plain", hello + stop + "Usage(22,15,cached 0) Done"},
            {"chat-stream", hello + stop + "Done"},
            {"chat-stream-usage", hello + stop + "Usage(22,15,cached 21) Done"},
            {"chat-stream-length", "Text(Hello! I am a) " + length},
            {"chat-stream-stop", "Text(Hello! I am a very small) " + stop + "Done"},
            {"chat-stream-utf8", "Text(Bytes apart:  é→😀 end of bytes.) " + stop + "Done"},
            {"chat-stream-think", thought + "Text(The result is forty-two.) " + stop + "Done"},
            {"chat-plain-think",
             thought + "Text(The result is forty-two.) " + stop + "Usage(25,18,cached 24) Done"},
            {"chat-stream-n2",
             "Text(Tails) Text(1,Heads) Text( came up) Text(1, came) Text( instead.) Text(1, up this time.) "
             "Finish(stop) Finish(1,stop) Done"},
            {"chat-stream-tool", tool + "Usage(373,14,cached 0) Done"},
            {"chat-plain-tool", tool + "Usage(373,14,cached 372) Done"},
            {"chat-stream-tool-required", tool + "Done"},
            {"chat-stream-two-tools",
             R"(ToolOpen(0,*,get_weather) ToolArgs(0,{"city": "Bergen"}) ToolOpen(1,*,get_weather) ToolArgs(1,{"city": "Narvik"}) ToolEnd(0) ToolEnd(1) Finish(tool_calls) Done)"},
            {"chat-stream-tool-result", said + "Done"},
            {"chat-stream-json-schema", thought + "Text({\n\"a\" :..."},
            {"chat-stream-bad-tool", "Text(I will look. ) " + grammar},
            {"chat-plain-bad-tool", grammar},
            {"responses-stream-cut-tool", R"(ToolOpen(0,*,get_weather) ToolArgs(0,{"city": "Tromso...)"},
            {"chat-stream-progress", "Text(Hello! I am) " + length},
            {"chat-stream-unknown-model", "Text(Hello! I) " + length},
            {"chat-stream-prefill", "Text(and then the plain) " + length},
            {"responses-plain", hello + stop + "Usage(22,15,cached 21) Done"},
            {"responses-stream", hello + stop + "Usage(22,15,cached 21) Done"},
            {"responses-stream-instructions", hello + stop + "Usage(40,15,cached 1) Done"},
            {"responses-stream-length",
             "Text(Hello! I am a) Finish(length) Usage(22,4,cached 21) Done !length-not-said"},
            {"responses-stream-tool", tool + "Usage(404,14,cached 259) Done"},
            {"responses-plain-tool", tool + "Usage(404,14,cached 403) Done"},
            {"responses-stream-tool-result", said + "Usage(508,9,cached 363) Done"},
            {"responses-previous-id",
             "Failed(badRequest,400,400,llama.cpp does not support 'previous_response_id'.)"},
            {"responses-error-no-input", "Failed(badRequest,400,400,'input' is required)"},
            {"completions-stream", plain + stop + "Usage(9,13,cached 0) Done"},
            {"completions-plain", plain + stop + "Usage(9,13,cached 8) Done"},
            {"completions-suffix", plain + stop + "Usage(26,13,cached 0) Done"},
            {"infill-plain", "Text(return left + right) " + stop + "Usage(32,5,cached 0) Done"},
            {"error-400-json", "Failed(badRequest,400,400,[json.exception.parse_error.101] parse error..."},
            {"error-400-no-messages", "Failed(badRequest,400,400,'messages' is required)"},
            {"error-400-messages-type", "Failed(badRequest,400,400,Expected 'messages' to be an array)"},
            {"error-400-bad-tool",
             "Failed(upstreamUnavailable,500,500,Failed to parse tools: Missing tool function..."},
            {"error-400-context", context},
            {"error-400-context-responses", context},
            // Chunk sizes of the transfer coding stand between the events: lines that are no field.
            {"chat-stream-raw-chunked", "Text(Hello! I) " + length + " !unknown-line"},
            {"chat-stream-http10", "Text(Hello! I) " + length},
            {"auth-401-none", refused},
            {"auth-401-wrong", refused},
            {"auth-responses-401", refused},
            {"auth-ok", "Text(Hello! I) " + length},
            {"auth-ok-x-api-key", "Text(Hello! I) " + length},
            {"embeddings-chat-refused", hello + stop + "Usage(22,15,cached 0) Done"},
        });
}

TEST_CASE("what a mock of the hosted APIs sent is read as what it meant") {
    const std::string hello = "Text(Hello! I am a fixed answer, here to test clients.) Finish(stop) ";
    const std::string thought =
        "Reason(Let me reason in two steps.) Text(The result is forty-two.) Finish(stop) ";
    const std::string tool =
        R"(ToolOpen(0,*,get_weather) ToolArgs(0,{"city":"Oslo","days":3}) ToolEnd(0) Finish(tool_calls) )";
    const std::string said = "Text(The tool said so.) Finish(stop) Done";
    const std::string unmatched =
        "Failed(upstreamUnavailable,503,no_fixture_match,Strict mode: no fixture matched,retry)";
    const std::string limited = "Failed(rateLimited,429,rate_limit_exceeded,Rate limit reached,retry)";
    check_captures(
        "aimock",
        {
            {"chat-plain", hello + "Usage(1,13) Done"},
            {"chat-stream", hello + "Done"},
            {"chat-stream-usage", hello + "Usage(1,13) Done"},
            {"chat-stream-length", hello + "Done"},
            {"chat-stream-stop", hello + "Done"},
            {"chat-stream-utf8", "Text(Bytes: é→😀 end.) Finish(stop) Done"},
            {"chat-stream-think", thought + "Done"},
            {"chat-plain-think", thought + "Usage(2,6) Done"},
            {"chat-stream-n2", unmatched},
            {"chat-stream-logprobs", hello + "Done"},
            {"chat-stream-tool", tool + "Usage(4,9) Done"},
            {"chat-plain-tool", tool + "Usage(4,9) Done"},
            {"chat-stream-tool-required", tool + "Done"},
            {"chat-stream-two-tools",
             R"(ToolOpen(0,*,get_weather) ToolArgs(0,{"city":"Bergen"}) ToolOpen(1,*,get_weather) ToolArgs(1,{"city":"Narvik"}) ToolEnd(0) ToolEnd(1) Finish(tool_calls) Done)"},
            {"chat-stream-tool-result", said},
            {"responses-plain", hello + "Done"},
            {"responses-stream", hello + "Done"},
            {"responses-stream-instructions", hello + "Done"},
            {"responses-stream-length", hello + "Done"},
            {"responses-stream-think", thought + "Done"},
            {"responses-stream-tool", tool + "Done"},
            {"responses-stream-two-tools",
             R"(ToolOpen(0,*,get_weather) ToolArgs(0,{"city":"Bergen"}) ToolEnd(0) ToolOpen(1,*,get_weather) ToolArgs(1,{"city":"Narvik"}) ToolEnd(1) Finish(tool_calls) Done)"},
            {"responses-plain-tool", tool + "Done"},
            {"responses-stream-tool-result", said},
            {"responses-previous-id", hello + "Done"},
            {"responses-error-no-input",
             "Failed(upstreamUnavailable,500,server_error,req.input is not iterable,retry)"},
            {"chat-stream-rate-limit", limited},
            {"responses-stream-rate-limit", limited},
            {"chat-stream-cut", "Truncated"},
            {"responses-stream-cut", "Truncated"},
            {"error-no-fixture", unmatched},
            {"error-json",
             "Failed(badRequest,400,invalid_json,Malformed JSON: Unexpected end of JSON input)"},
            {"completions", "Failed(badResponse,404,not_found,Not found)"},
        });
}

TEST_CASE("events do not depend on how bytes are cut, whole or damaged") {
    std::vector<Vector> all;
    for (const std::string folder : {"llamacpp", "aimock"}) {
        for (auto& one : captures(folder)) all.push_back(std::move(one.vector));
    }
    std::mt19937 random{Catch::getSeed()};
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    const std::string noise = "\r\n:{}[]\"\\\xEF\xBB\xBF\xFF<d ,\x1F";
    for (int round = 0; round < 400; ++round) {
        Vector vector = all[below(all.size())];
        if (round % 4 == 1) vector.bytes += all[below(all.size())].bytes;
        if (round % 4 == 2) vector.bytes.resize(below(vector.bytes.size() + 1));
        for (int damage = round % 4 == 3 ? 5 : 0; damage > 0 && !vector.bytes.empty(); --damage) {
            const std::size_t at = below(vector.bytes.size());
            if (below(3) == 0) {
                vector.bytes.erase(at, below(20));
            } else {
                vector.bytes.insert(at, 1, noise[below(noise.size())]);
            }
        }
        vector.options.reasoning_open = below(4) == 0;
        if (below(3) == 0) vector.options.stop = {"answer, here", "forty", "\n\n"};
        std::vector<std::size_t> cuts(below(40));
        for (auto& cut : cuts) cut = below(vector.bytes.size() + 1);
        std::sort(cuts.begin(), cuts.end());
        INFO(vector.name << ", round " << round);
        const std::string whole = show(decode(vector, {}), true);
        CHECK(show(decode(vector, cuts), true) == whole);
    }
}
