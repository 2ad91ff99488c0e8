#include "server/config/schema.h"
#include "server/config/suggest.h"
#include "server/support/url.h"
#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using dragoman::config::Role;
using dragoman::test::Bench;
using dragoman::test::kUserFile;
using dragoman::test::listing;

TEST_CASE("a model name splits at its first slash") {
    Bench bench;
    const auto effective = bench.with_user(R"({"providers": {"r": {"preset": "openrouter"}}})");
    const auto found = effective->resolve(Role::chat, "r/qwen/qwen3-coder:free");
    REQUIRE(found);
    CHECK(found->provider->name == "r");
    CHECK(found->model.id == "qwen/qwen3-coder:free");
    CHECK(found->id() == "r/qwen/qwen3-coder:free");
}

TEST_CASE("roles have their models; edit borrows the chat's") {
    Bench bench;
    const auto effective = bench.with_user(R"({"providers": {"w": {"preset": "opencodex"}},
        "completion": {"model": "w/a"}, "chat": {"model": "w/b"}, "embedding": {"model": "w/c"}})");
    CHECK(effective->resolve(Role::completion)->model.id == "a");
    CHECK(effective->resolve(Role::chat)->model.id == "b");
    CHECK(effective->resolve(Role::edit)->model.id == "b");
    CHECK(effective->resolve(Role::embedding)->model.id == "c");
    CHECK(effective->resolve(Role::completion, "w/d")->model.id == "d");
}

TEST_CASE("nothing configured is answered with the two lines that fix it") {
    Bench bench;
    const auto error = bench.effective()->resolve(Role::chat).error();
    CHECK(error.kind == ErrorKind::not_configured);
    CHECK(error.hint.find(kUserFile.string()) != std::string::npos);
    CHECK(error.hint.find("OPENCODEX_API_KEY") != std::string::npos);
    // The line is right: written into the file, it works.
    const std::size_t begin = error.hint.find('{');
    const auto mended = bench.with_user(error.hint.substr(begin, error.hint.find('\n') - begin));
    INFO(listing(mended->problems));
    CHECK(mended->problems.empty());
    REQUIRE(mended->resolve(Role::chat));
    CHECK(mended->resolve(Role::chat)->id() == "opencodex/deepseek-chat");

    const auto other = mended->resolve(Role::completion).error();
    CHECK(other.hint.find(R"({"completion":{"model":"opencodex/deepseek-chat"}})") != std::string::npos);
}

TEST_CASE("the hint proposes a gateway whose key is at hand") {
    Bench bench;
    bench.environment["OPEN1_API_KEY"] = "x";
    CHECK(bench.effective()->resolve(Role::chat).error().hint.find("\"preset\":\"open1\"") !=
          std::string::npos);
}

TEST_CASE("a name without slash or of nobody is answered with the names that exist") {
    Bench bench;
    const auto effective =
        bench.with_user(R"({"providers": {"work": {"preset": "opencodex"}, "local": {"preset": "ollama"}}})");
    for (const std::string name : {"deepseek-chat", "work/", "/m"}) {
        const auto error = effective->resolve(Role::chat, name).error();
        CHECK(error.kind == ErrorKind::not_configured);
        CHECK(error.message.find("\"local\" and \"work\"") != std::string::npos);
    }
    CHECK(effective->resolve(Role::chat, "wrok/m").error().message.find("did you mean \"work\"?") !=
          std::string::npos);
    const auto preset = effective->resolve(Role::chat, "mistral/codestral-latest").error();
    CHECK(preset.provider == "mistral");
    CHECK(preset.hint.find(R"("mistral":{"preset":"mistral"})") != std::string::npos);
    CHECK(preset.hint.find("MISTRAL_API_KEY") != std::string::npos);
    const auto hostile = effective->resolve(Role::chat, "a\nb/m").error();
    CHECK(hostile.message.find('\n') == std::string::npos);
}

TEST_CASE("every preset is a provider by the schema, with an address that is one") {
    const std::string name = GENERATE(from_range(config::preset_names()));
    INFO(name);
    const Json& data = config::preset(name);
    REQUIRE(data.is_object());
    const auto checked = config::check({{"providers", {{"p", data}}}}, nullptr, config::schema());
    for (const auto& finding : checked.findings) UNSCOPED_INFO(finding.message);
    CHECK(checked.findings.empty());
    CHECK(checked.value["providers"]["p"] == data);

    Bench bench;
    const std::string base =
        name == "openai-compatible" ? R"(, "baseUrl": "https://gateway.example/api/v1/")" : "";
    const auto effective =
        bench.with_user(R"({"providers": {"p": {"preset": ")" + name + "\"" + base + "}}}");
    INFO(listing(effective->problems));
    REQUIRE(effective->find("p/some-model"));
    const config::Provider& provider = *effective->providers.at("p");
    CHECK(provider.preset == name);
    CHECK(provider.local == parse_url(provider.base_url)->origin.is_loopback());
    if (provider.local) CHECK(provider.key.kind == config::KeySource::Kind::none);
}

TEST_CASE("presets know what the gateways' pages say") {
    CHECK(config::preset("nobody").is_null());
    Bench bench;
    const auto effective =
        bench.with_user(R"({"providers": {"a": {"preset": "open1"}, "b": {"preset": "opencodex"},
        "c": {"preset": "mistral"}, "d": {"preset": "opeai"}}})");
    const config::Provider& open1 = *effective->providers.at("a");
    CHECK(open1.api == config::Api::responses);
    CHECK(open1.user_agent == "curl/8.0");
    CHECK(open1.model("gpt-5.1-codex-mini").price == config::Price{0.25, 2, "USD"});
    CHECK_FALSE(open1.model("gpt-5.3-codex-spark").price);
    CHECK(effective->providers.at("b")->key_prefix == "sk-live-");
    CHECK(effective->providers.at("b")->key.env == "OPENCODEX_API_KEY");
    CHECK(effective->providers.at("d")->key.env == "OPEAI_API_KEY");
    CHECK(effective->providers.at("c")->model("codestral-2508").infill == "mistral-fim");
    CHECK(effective->providers.at("c")->model("mistral-large-latest").infill == "auto");
    CHECK(effective->providers.at("c")->prompt_cache_key);
    CHECK(effective->providers.at("c")->reasoning_switch.empty());
    CHECK(effective->providers.at("c")->infill == "chat");
}

TEST_CASE("the defaults of the schema are those of the types") {
    Bench bench;
    const config::Completion types;
    const auto& read = bench.effective()->completion;
    CHECK(read.enabled == types.enabled);
    CHECK(read.multiline == types.multiline);
    CHECK(read.max_tokens == types.max_tokens);
    CHECK(read.debounce_ms == types.debounce_ms);
    CHECK(read.timeout_ms == types.timeout_ms);
    CHECK(read.menu == types.menu);
    CHECK(read.temperature == types.temperature);
    CHECK(bench.effective()->log_level == config::Effective{}.log_level);
    CHECK(bench.effective()->record_usage == config::Effective{}.record_usage);
    CHECK(bench.effective()->keep_conversations == config::Effective{}.keep_conversations);
    const Json& provider = config::schema()["$defs"]["provider"]["properties"];
    const config::Provider typed;
    CHECK(provider["timeouts"]["properties"]["connectMs"]["default"] == typed.timeouts.connect);
    CHECK(provider["timeouts"]["properties"]["firstByteMs"]["default"] == typed.timeouts.first_byte);
    CHECK(provider["timeouts"]["properties"]["idleMs"]["default"] == typed.timeouts.idle);
    CHECK(provider["timeouts"]["properties"]["totalMs"]["default"] == typed.timeouts.total);
    CHECK(provider["retry"]["properties"]["attempts"]["default"] == typed.retry_attempts);
    CHECK(config::schema()["$defs"]["infill"]["default"] == config::Model{}.infill);
}

TEST_CASE("the nearest word is suggested, a far one is not") {
    const std::vector<std::string> known = {"model", "maxTokens", "temperature"};
    CHECK(config::nearest("modle", known) == "model");
    CHECK(config::nearest("MAXTOKENS", known) == "maxTokens");
    CHECK(config::nearest("max_tokens", known) == "maxTokens");
    CHECK(config::nearest("temp", known).empty());
    CHECK(config::nearest("", known).empty());
    CHECK(config::nearest(std::string(100'000, 'a'), known).empty());
}
