#include "server/upstream/wire/fim.h"

using namespace dragoman;
using namespace dragoman::wire;

namespace {

FillRequest hole(std::string model = "m") {
    FillRequest request{.model = std::move(model), .prefix = "P", .suffix = "S"};
    request.path = "src/a.py";
    request.repository = "repo";
    request.sampling = {.temperature = 0.0, .max_tokens = 64};
    return request;
}

FillRequest with_files(std::string model = "m") {
    auto request = hole(std::move(model));
    request.files = {{"x.py", "X"}, {"y.py", "Y"}};
    return request;
}

std::string prompt(const std::string& family, const FillRequest& request) {
    return build_completions_tokens(request, family, {})->body.at("prompt").get<std::string>();
}

bool has(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

TEST_CASE("each family has its prompt") {
    struct Row {
        const char *family, *alone, *among_files;
    };
    const char* barred = "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>";
    const char* plain = "<fim_prefix>P<fim_suffix>S<fim_middle>";
    const char* geex =
        "###PATH:src/a.py\n###LANGUAGE:Python\n###MODE:BLOCK\n"
        "<|code_suffix|>S<|code_prefix|>P<|code_middle|><|assistant|>\n";
    const std::vector<Row> rows = {
        {"qwen", barred,
         "<|repo_name|>repo\n<|file_sep|>x.py\nX\n<|file_sep|>y.py\nY\n<|file_sep|>src/a.py\n"
         "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"},
        {"deepseek", "<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>",
         "#x.py\nX\n#y.py\nY\n<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>"},
        {"codellama", "<PRE> P <SUF>S <MID>", "<PRE> P <SUF>S <MID>"},
        {"starcoder", plain,
         "<filename>x.py\nX\n<filename>y.py\nY\n<fim_prefix><filename>src/"
         "a.py\nP<fim_suffix>S<fim_middle>"},
        {"starcoder2", plain,
         "<repo_name>repo<file_sep>x.py\nX<file_sep>y.py\nY<file_sep><fim_prefix>src/"
         "a.py\nP<fim_suffix>S<fim_middle>"},
        {"santacoder", "<fim-prefix>P<fim-suffix>S<fim-middle>", "<fim-prefix>P<fim-suffix>S<fim-middle>"},
        {"codestral", "[SUFFIX]S[PREFIX]P",
         "[SUFFIX]S[PREFIX]+++++ x.py\nX\n\n+++++ y.py\nY\n\n+++++ src/a.py\nP"},
        {"granite", plain, plain},
        {"granite4", barred, barred},
        {"codegemma", barred, barred},
        {"seedcoder", "<[fim-suffix]>S<[fim-prefix]>P<[fim-middle]>",
         "<[fim-suffix]>S<[fim-prefix]>P<[fim-middle]>"},
        {"codegeex", nullptr, nullptr},
        {"mellum", "<fim_suffix>S<fim_prefix>P<fim_middle>",
         "<filename>x.py\nX\n<filename>y.py\nY\n<filename>src/a.py\n<fim_suffix>S<fim_prefix>P<fim_middle>"},
        {"mercury", "<|file_sep|>src/a.py\n<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>",
         "<|file_sep|>x.py\nX\n<|file_sep|>y.py\nY\n<|file_sep|>src/"
         "a.py\n<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.family);
        const bool is_geex = row.alone == nullptr;
        const std::string alone = is_geex ? std::string{"<|user|>\n"} + geex : row.alone;
        const std::string among = is_geex ? std::string{"<|user|>\n###REFERENCE:\n###PATH:x.py\nX\n"
                                                        "###REFERENCE:\n###PATH:y.py\nY\n"} +
                                                geex
                                          : row.among_files;
        CHECK(prompt(row.family, hole()) == alone);
        CHECK(prompt(row.family, with_files()) == among);
        const auto out = build_completions_tokens(hole(), row.family, {});
        CHECK(out->path == "/completions");
        CHECK_FALSE(out->body.contains("suffix"));
        CHECK(out->body.at("stop").size() <= 4);
        CHECK_FALSE(out->reading.stop.empty());
    }
    CHECK_FALSE(build_completions_tokens(hole(), "unheard-of", {}));
}

TEST_CASE("special tokens in the text of users do not end the hole") {
    for (const auto* name :
         {"qwen", "deepseek", "codellama", "starcoder", "starcoder2", "santacoder", "codestral", "granite",
          "granite4", "codegemma", "seedcoder", "codegeex", "mellum", "mercury"}) {
        const FimFamily* family = find_fim_family(name);
        REQUIRE(family != nullptr);
        const std::string clean = prompt(name, with_files());
        for (const auto token : family->tokens) {
            if (token.empty()) continue;
            CAPTURE(name, token);
            auto request = with_files();
            const std::string evil = "a" + std::string{token} + std::string{token} + "b";
            request.prefix = request.suffix = request.repository = evil;
            request.files[0] = {evil, evil};
            request.path = evil;
            const std::string text = prompt(name, request);
            const auto count = [&](const std::string& where) {
                std::size_t n = 0;
                for (auto at = where.find(token); at != std::string::npos; at = where.find(token, at + 1))
                    ++n;
                return n;
            };
            CHECK(count(text) == count(clean));
        }
    }
}

TEST_CASE("an empty suffix is given as a line end") {
    auto request = hole();
    request.suffix = "";
    CHECK(prompt("qwen", request) == "<|fim_prefix|>P<|fim_suffix|>\n<|fim_middle|>");
    CHECK(build_completions_suffix(request, {}).body.at("suffix") == "\n");
    CHECK(build_llamacpp_infill(request, {}).body.at("input_suffix") == "");
    CHECK(build_mistral_fim(request, {}).body.at("suffix") == "");
}

TEST_CASE("a hole is asked for with suffix and no tokens") {
    const auto out = build_completions_suffix(hole("deepseek-v4-pro"), {});
    CHECK(out.path == "/completions");
    CHECK(
        out.body ==
        Json::parse(R"({"model":"deepseek-v4-pro","prompt":"P","suffix":"S","max_tokens":64,"temperature":0.0,
                                      "stream":true,"stream_options":{"include_usage":true}})"));
    CHECK(out.reading.shape == Shape::completions);
    CHECK(out.reading.max_output_tokens == 64);
    CHECK(has(out.reading.stop, "<|endoftext|>"));
    CHECK(has(out.reading.stop, "<|fim_middle|>"));
}

TEST_CASE("where suffix is refused the model's own tokens take over") {
    Dialect dialect;
    dialect.dropped = {"suffix"};
    const auto own = build_completions_suffix(hole("qwen2.5-coder:7b"), dialect);
    CHECK(own.body.at("prompt") == "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>");
    CHECK_FALSE(own.body.contains("suffix"));
    const auto unknown = build_completions_suffix(hole("gpt-3.5-turbo-instruct"), dialect);
    CHECK(unknown.body.at("prompt") == "P");
    CHECK_FALSE(unknown.body.contains("suffix"));
}

TEST_CASE("Mistral's endpoint gets its own fields") {
    auto request = with_files("codestral-latest");
    request.sampling.seed = 3;
    request.sampling.stop = {"END"};
    const auto out = build_mistral_fim(request, initial_dialect("codestral-latest"));
    CHECK(out.path == "/fim/completions");
    CHECK(out.body ==
          Json::parse(
              R"({"model":"codestral-latest","suffix":"S","max_tokens":64,"temperature":0.0,"stream":true,
        "prompt":"+++++ x.py\nX\n\n+++++ y.py\nY\n\n+++++ src/a.py\nP","random_seed":3,"stop":["END"]})"));
    CHECK(out.reading.shape == Shape::mistral_fim);
    CHECK(has(out.reading.stop, "\n+++++ "));
}

TEST_CASE("llama.cpp's infill gets prefix, suffix and other files") {
    auto request = with_files("");
    request.prefix = "P<|fim_middle|>";  // the server reads no tokens in it
    const auto out = build_llamacpp_infill(request, {});
    CHECK(out.path == "/infill");
    CHECK(
        out.body ==
        Json::parse(R"({"input_prefix":"P<|fim_middle|>","input_suffix":"S","n_predict":64,"temperature":0.0,
        "input_extra":[{"filename":"x.py","text":"X"},{"filename":"y.py","text":"Y"}],"cache_prompt":true,"stream":true})"));
    CHECK(out.reading.shape == Shape::llamacpp_infill);
    CHECK(out.reading.max_output_tokens == 64);
}

TEST_CASE("fill requests repair text and take extra fields") {
    auto request = with_files("qwen-coder");
    request.prefix = "\xFF";
    request.files[0].text = "\xFE";
    request.extra_body = {{"top_k", 40}, {"stream_options", nullptr}};
    for (const auto& out :
         {build_completions_suffix(request, {}), *build_completions_tokens(request, "qwen", {}),
          build_mistral_fim(request, {}), build_llamacpp_infill(request, {})}) {
        CAPTURE(out.path);
        CHECK_NOTHROW(out.body.dump());
        CHECK(out.body.at("top_k") == 40);
        CHECK_FALSE(out.body.contains("stream_options"));
    }
}

TEST_CASE("a model's name tells its family or nothing") {
    const std::vector<std::pair<const char*, const char*>> rows = {
        {"mercury-coder", "mercury"},
        {"Qwen/Qwen2.5-Coder-7B", "qwen"},
        {"qwen3-coder-480b-a35b-instruct", "qwen"},
        {"granite-4.0-h-small", "granite4"},
        {"granite-34b-code-base", "granite"},
        {"granite3.1-dense", "granite"},
        {"seed-coder-8b-base", "seedcoder"},
        {"starcoder2:15b", "starcoder2"},
        {"bigcode/starcoder", "starcoder"},
        {"starchat-beta", "starcoder"},
        {"octocoder", "starcoder"},
        {"stable-code:3b", "starcoder"},
        {"codeqwen:7b", "starcoder"},
        {"santacoder", "santacoder"},
        {"codestral-2501", "codestral"},
        {"codegemma:2b", "codegemma"},
        {"codellama:13b-code", "codellama"},
        {"deepseek-coder-v2-lite", "deepseek"},
        {"codegeex4-all-9b", "codegeex"},
        {"mellum-4b-base", "mellum"},
    };
    for (const auto& [model, family] : rows) {
        CAPTURE(model);
        CHECK(fim_family(model) == std::optional<std::string>{family});
        CHECK(find_fim_family(family) != nullptr);
    }
    for (const auto* chat :
         {"gpt-5.4", "claude-3-sonnet", "gemini-2.0-flash", "grok-4", "kimi-k3", "glm-4.5", "deepseek-chat",
          "deepseek-v3", "deepseek-v4-flash", "qwen3-32b", "qwen-max", ""}) {
        CAPTURE(chat);
        CHECK_FALSE(fim_family(chat));
    }
}

TEST_CASE("files have a place of their own exactly where a prompt shows them") {
    struct Row {
        const char *route, *model;
        bool takes;
    };
    const std::vector<Row> rows = {
        {"fim-tokens:qwen", "m", true},
        {"fim-tokens:deepseek", "m", true},
        {"fim-tokens:starcoder", "m", true},
        {"fim-tokens:starcoder2", "m", true},
        {"fim-tokens:codestral", "m", true},
        {"fim-tokens:codegeex", "m", true},
        {"fim-tokens:mellum", "m", true},
        {"fim-tokens:mercury", "m", true},
        {"fim-tokens:codellama", "m", false},
        {"fim-tokens:granite4", "m", false},
        {"fim-tokens:codegemma", "m", false},
        {"fim-tokens:unheard-of", "qwen2.5-coder", false},
        {"fim-tokens", "qwen2.5-coder", true},
        {"fim-tokens", "codellama", false},
        {"fim-tokens", "gpt-4o", false},
        {"mistral-fim", "codestral-latest", true},
        {"llamacpp-infill", "qwen2.5-coder", true},
        {"fim-completions", "qwen2.5-coder", false},
        {"chat", "qwen2.5-coder", false},
        {"", "", false},
    };
    for (const auto& [route, model, takes] : rows) {
        CAPTURE(route, model);
        CHECK(takes_files(route, model) == takes);
        const std::string_view name{route};
        if (!name.starts_with("fim-tokens:") || find_fim_family(name.substr(11)) == nullptr) continue;
        CHECK((prompt(std::string{name.substr(11)}, with_files()).find("x.py") != std::string::npos) ==
              takes);
    }
    CHECK(build_completions_suffix(with_files("qwen2.5-coder"), {}).body.dump().find("x.py") ==
          std::string::npos);
    CHECK(build_mistral_fim(with_files("codestral-latest"), {}).body.dump().find("x.py") !=
          std::string::npos);
}
