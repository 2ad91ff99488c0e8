// Likely secrets in text: what is found lies inside and in order, masks keep the numbers of the lines, what
// is masked has nothing left to mask, and a text without secrets stays as it is.
#include "server/privacy/secret_text.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

auto lines_in(std::string_view text) { return std::count(text.begin(), text.end(), '\n'); }

void check_found(std::string_view text) {
    std::size_t behind = 0;
    for (const privacy::Secret& secret : privacy::find_secrets(text)) {
        claim(secret.begin >= behind && secret.end > secret.begin && secret.end <= text.size(),
              "secrets are in order, apart and inside the text");
        claim(!secret.kind.empty(), "a secret has a kind");
        behind = secret.end;
    }
}

void check_masked(std::string_view text, const privacy::Masked& masked) {
    claim(lines_in(masked.text) == lines_in(text), "masks keep the numbers of the lines");
    claim(!masked.kinds.empty() || masked.text == text, "a text without secrets stays as it is");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 2);
    const std::string whole = std::string{texts[0]} + std::string{texts[1]};
    check_found(whole);
    const privacy::Masked masked = privacy::mask_secrets(whole);
    check_masked(whole, masked);
    claim(masked.kinds.size() == privacy::find_secrets(whole).size(), "each secret is masked");
    claim(privacy::mask_secrets(masked.text).text == masked.text, "what is masked has nothing left to mask");
    check_masked(whole, privacy::mask_typed(whole));

    const privacy::MaskedParts at_cursor = privacy::mask_secrets(texts[0], texts[1]);
    claim(lines_in(at_cursor.before) == lines_in(texts[0]) && lines_in(at_cursor.after) == lines_in(texts[1]),
          "masks on both sides of a cursor keep the numbers of the lines");
    claim(!at_cursor.kinds.empty() || (at_cursor.before == texts[0] && at_cursor.after == texts[1]),
          "both sides stay as they are where no secret is");
    return 0;
}
