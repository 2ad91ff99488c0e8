// The log's redactor: a key, in whatever writing and between whatever text, never survives; text without it
// stays.
#include "server/support/redactor.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/key_writings.h"

#include <algorithm>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

// Some writings of a shorter one are too few characters to be looked for in every line.
constexpr std::size_t kShortestKey = 12, kLongestKey = 200;

/// As keys are (secrets::Key::bind): visible ASCII. Without stars, which are what stands in place of keys.
bool may_be_key(std::string_view text) {
    return text.size() >= kShortestKey && text.size() <= kLongestKey &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '*'; });
}

bool holds_any(const std::string& text, const std::vector<std::string>& writings) {
    return std::any_of(writings.begin(), writings.end(),
                       [&](const std::string& one) { return text.find(one) != std::string::npos; });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 3);
    const std::string key{texts[0]}, before{texts[1]}, after{texts[2]};
    log::Redactor redactor;
    const auto id = redactor.add(key);
    claim((id != 0) == (key.size() >= log::Redactor::kShortest), "what is long enough is cut out");
    if (!may_be_key(key)) return 0;

    const auto writings = test::key_writings(key);
    for (const std::string& writing : writings) {
        const std::string redacted = redactor.redact(before + writing + after);
        claim(!holds_any(redacted, writings), "a key does not survive in any writing");
    }
    redactor.forget(id);
    claim(redactor.redact(before + key + after) == before + key + after,
          "a key that is forgotten is cut out no more");
    return 0;
}
