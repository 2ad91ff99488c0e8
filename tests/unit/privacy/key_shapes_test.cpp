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
