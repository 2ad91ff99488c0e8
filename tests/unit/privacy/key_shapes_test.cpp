// Keys by their shape, cut out of sentences for people.
#include "server/privacy/key_shapes.h"

using dragoman::privacy::redact_keys;

TEST_CASE("announced words with digits are cut, plain words stay") {
    CHECK(redact_keys("API key provided: ab12cd34.") == "API key provided: ***");
    CHECK(redact_keys("Your api key: ****ab12 is invalid") == "Your api key: *** is invalid");
    CHECK(redact_keys("该令牌 abc123def456 状态不可用") == "该令牌 *** 状态不可用");
    CHECK(redact_keys("Bearer hunterhunter") == "Bearer ***");
    CHECK(redact_keys("no sk-live-ab12/cd34+ef56== here") == "no *** here");
    CHECK(redact_keys("\"sk-live-ab12%2Fcd34%2Bef56%3D\"") == "\"***\"");
    for (const auto* plain :
         {"use a Bearer token.", "must begin with sk-live-", "task-based risk-free disk-full",
          "model deepseek-v4-flash-20260101 not found", "the key may not use gpt-5.3-codex",
          "maximum context length is 131072 tokens, you asked 200000", "request id 20250411123456789"}) {
        CHECK(redact_keys(plain) == plain);
    }
}

TEST_CASE("a key that is glued to a word is cut where it is long and random") {
    const std::string random = "test0123456789";
    for (const std::string& key : {"sk-" + random, "sk-live-" + random, "gsk_" + random, "hf_" + random}) {
        for (const std::string before :
             {"500", "x", "n_prompt_tokens=500", "https://h/y", "\\n", "\\u0022"}) {
            CAPTURE(key, before);
            CHECK(redact_keys("is " + before + key + " gone").find(random.substr(4)) == std::string::npos);
        }
    }
    CHECK(redact_keys("bad\\nsk-live-abc") == "bad\\***");
    for (const auto* plain :
         {"task-550e8400-e29b-41d4-a716-446655440000", "disk-0123456789012345678",
          "risk-internationalization", "task-2024-11-22", "monkeyj0123", "desk-live-abc12"}) {
        CHECK(redact_keys(plain) == plain);
    }
}
