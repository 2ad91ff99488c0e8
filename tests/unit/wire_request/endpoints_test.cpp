#include "server/upstream/wire/endpoints.h"

using namespace dragoman::wire;

TEST_CASE("a pasted base URL becomes one base with its version once") {
    const std::vector<std::pair<const char*, const char*>> rows = {
        {"https://h/api/v1", "https://h/api/v1"},
        {"https://h/api/v1/", "https://h/api/v1"},
        {"https://h/api/v1///", "https://h/api/v1"},
        {"https://h", "https://h/v1"},
        {"https://h/", "https://h/v1"},
        {"https://h/v1/chat/completions", "https://h/v1"},
        {"https://h/v1/chat/completions/", "https://h/v1"},
        {"https://h/chat/completions", "https://h/v1"},
        {" https://h/v1 ", "https://h/v1"},
        {"\thttps://h/v1\r\n", "https://h/v1"},
        {"https://www.open1.codes/v1/responses", "https://www.open1.codes/v1"},
        {"https://opencodex.hk/api/v1/models", "https://opencodex.hk/api/v1"},
        {"https://h/openai/v1", "https://h/openai/v1"},
        {"https://h/v1beta/openai/", "https://h/v1beta/openai"},
        {"https://h/v1beta", "https://h/v1beta"},
        {"https://api.deepseek.com/beta", "https://api.deepseek.com/beta"},
        {"https://h/openai", "https://h/openai/v1"},
        {"https://h/vip", "https://h/vip/v1"},
        {"HTTPS://H.Example:8443/API", "https://h.example:8443/API/v1"},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"},
        {"http://[::1]:8080/v1", "http://[::1]:8080/v1"},
    };
    for (const auto& [text, base] : rows) {
        CAPTURE(text);
        const auto result = normalise_base_url(text);
        REQUIRE(result.ok());
        CHECK(*result == base);
        CHECK(*normalise_base_url(*result) == *result);
        CHECK(endpoint_url(*result, "/chat/completions") == std::string{base} + "/chat/completions");
    }
}

TEST_CASE("a base URL that cannot be used is refused with a reason") {
    for (const auto* text : {"", "   ", "h/v1", "ftp://h/v1", "https://", "https:///v1", "https://:80/v1",
                             "https://h/v1?x=1", "https://h/v1#x", "https://user:pass@h/v1", "https://h /v1",
                             "https://h/\nv1", "https://h\\v1", "sk-live-1234567890"}) {
        CAPTURE(text);
        const auto result = normalise_base_url(text);
        REQUIRE_FALSE(result.ok());
        CHECK_FALSE(result.error().empty());
        CHECK(result.error().find("pass@") == std::string::npos);
        CHECK(result.error().find("1234567890") == std::string::npos);
    }
}

TEST_CASE("root paths stand beside the version segment") {
    CHECK(root_url("https://h/v1", "/infill") == "https://h/infill");
    CHECK(root_url("https://h/api/v1", "/user/balance") == "https://h/api/user/balance");
    CHECK(root_url("https://h/v1beta/openai", "/x") == "https://h/x");
    CHECK(root_url("https://h/beta", "/user/balance") == "https://h/user/balance");
    CHECK(root_url("http://[::1]:8080/v1", "/infill") == "http://[::1]:8080/infill");
}
