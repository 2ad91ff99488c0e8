// Fill-in-the-middle routes: which one a model has, where it lies, and what a refusal teaches.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

gateway::FillCall hole(const Bench& bench, const std::string& route,
                       const std::string& model = "qwen2.5-coder") {
    gateway::FillCall call;
    call.model = bench.model(model);
    call.route = route;
    call.request.prefix = "int main() { ";
    call.request.suffix = " }";
    call.policy.background = true;
    return call;
}

}  // namespace

TEST_CASE("each fill route has its endpoint and its words for the hole") {
    Bench bench;
    const auto [route, url, field] = GENERATE(table<std::string, std::string, std::string>(
        {{"fim-completions", "https://gateway.example/v1/completions", "suffix"},
         {"fim-tokens:qwen", "https://gateway.example/v1/completions", "prompt"},
         {"mistral-fim", "https://gateway.example/v1/fim/completions", "suffix"},
         {"llamacpp-infill", "https://gateway.example/infill", "input_suffix"}}));
    CAPTURE(route);
    Heard heard;
    const auto call = bench.gateway.fill(hole(bench, route), heard.sink());
    bench.clock.settle();
    REQUIRE(bench.http.count() == 1);
    CHECK(bench.http.last().request.url == url);
    CHECK(bench.body(0).contains(field));
    CHECK(*bench.http.last().header("Authorization") == "Bearer sk-live-0123456789abcdef");
    bench.http.last().head(200, event_stream());
    bench.http.last().bytes(
        R"(data: {"choices":[{"index":0,"text":"return 0;","delta":{"content":"return 0;"}}],)"
        R"("content":"return 0;","stop":false})"
        "\n\n");
    CHECK(heard.lines.back() == "text return 0;");
}

TEST_CASE("a completed fill names its route") {
    Bench bench;
    Heard heard;
    const auto call = bench.gateway.fill(hole(bench, "fim-completions"), heard.sink());
    bench.clock.settle();
    bench.http.last().answer(200,
                             R"(data: {"choices":[{"index":0,"text":"x","finish_reason":"stop"}]})"
                             "\n\ndata: [DONE]\n\n",
                             event_stream());
    CHECK(heard.lines == Lines{"began work/qwen2.5-coder", "text x", "completed stop"});
    CHECK(heard.last<gateway::Completed>().route == "fim-completions");
}

TEST_CASE("an unknown fill route or family is a matter of configuration") {
    Bench bench;
    Heard heard;
    const auto call =
        bench.gateway.fill(hole(bench, GENERATE("telepathy", "fim-tokens:klingon")), heard.sink());
    bench.clock.settle();
    CHECK(heard.lines == Lines{"began work/qwen2.5-coder", "failed notConfigured"});
    CHECK(bench.http.count() == 0);
}

TEST_CASE("a refusal of the suffix is the route's end, not a field to leave out") {
    Bench bench;
    Heard heard;
    const auto call = bench.gateway.fill(hole(bench, "fim-completions"), heard.sink());
    bench.clock.settle();
    const auto [status, body] = GENERATE(table<int, std::string>(
        {{500, R"({"error":{"code":500,"message":"Unsupported param: suffix","type":"server_error"}})"},
         {400, refusal("suffix is not currently supported")}}));
    bench.http.last().answer(status, body);
    CHECK(heard.ended());
    CHECK(bench.http.count() == 1);
}

TEST_CASE("the fill route comes from the model's setting, then the preset, then the name, then chat") {
    Bench bench;
    struct Row {
        std::string setting, preset;
        bool local;
        std::string model, route;
    };
    const auto row =
        GENERATE(Row{"fim-completions", "mistral-fim", false, "m", "fim-completions"},
                 Row{"chat", "mistral-fim", true, "qwen2.5-coder", "chat"},
                 Row{"auto", "mistral-fim", false, "m", "mistral-fim"},
                 Row{"auto", "llamacpp-infill", true, "qwen2.5-coder", "llamacpp-infill"},
                 Row{"auto", "", true, "qwen2.5-coder:7b", "fim-tokens:qwen"},
                 Row{"auto", "fim-tokens", true, "qwen2.5-coder:7b", "fim-tokens:qwen"},
                 Row{"auto", "fim-tokens", true, "gpt-4o", "chat"}, Row{"auto", "", true, "gpt-4o", "chat"},
                 Row{"auto", "", false, "qwen2.5-coder", "chat"});
    CAPTURE(row.setting, row.preset, row.model);
    bench.work.infill = row.preset;
    bench.work.local = row.local;
    auto model = bench.model(row.model);
    model.model.infill = row.setting;
    CHECK(bench.gateway.fill_route(model) == row.route);
}

TEST_CASE("a refused route gives way to the next one, for that model and for a day") {
    Bench bench;
    bench.work.infill = "llamacpp-infill";
    bench.work.local = true;
    const auto model = bench.model("qwen2.5-coder");
    bench.gateway.refuse_route(model, "llamacpp-infill");
    CHECK(bench.gateway.fill_route(model) == "fim-tokens:qwen");
    CHECK(bench.gateway.fill_route(bench.model("deepseek-coder")) == "llamacpp-infill");
    bench.gateway.refuse_route(model, "fim-tokens:qwen");
    CHECK(bench.gateway.fill_route(model) == "chat");
    bench.clock.advance(std::chrono::hours{24});
    CHECK(bench.gateway.fill_route(model) == "llamacpp-infill");
}
