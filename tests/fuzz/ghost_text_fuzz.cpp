// What of a model's answer stands at the cursor: an answer that is enough is not changed by what follows, and
// what is shown is valid text with one kind of line end. The input: the text before the cursor, behind it,
// and the answer.
#include "protocol/base/utf.h"
#include "server/completion/text/postprocess.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace dragoman;
using namespace dragoman::completion;
using dragoman::fuzz::claim;

namespace {

constexpr std::size_t kMostLooks = 24;
constexpr const char* kLanguages[] = {"cpp", "python", "typescript", "lua", "markdown", ""};

std::string with_plain_ends(std::string_view text) {
    std::string out = repair_utf8(text);
    std::replace(out.begin(), out.end(), '\r', '\n');
    return out;
}

void check(const std::string& answer, const View& view, Extent extent) {
    const std::string whole = present(answer, view, extent).text;
    claim(is_valid_utf8(whole) && whole.find('\r') == std::string::npos,
          "what is shown is text with \\n line ends");
    const std::string cut_off = present(answer, view, extent, true).text;
    // At each line end an answer may become enough; more of it must not matter then.
    std::size_t looks = 0;
    for (std::size_t at = answer.find('\n'); at != std::string::npos && looks < kMostLooks;
         at = answer.find('\n', at + 1), ++looks) {
        const std::string_view said = std::string_view{answer}.substr(0, at + 1);
        if (!is_enough(said, view, extent)) continue;
        claim(present(said, view, extent).text == whole,
              "once an answer is enough no more of it changes what is shown");
        claim(present(said, view, extent).text == cut_off, "nor does a limit that ends it");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const auto texts = fuzz::parts(input, 3);
    Window window;
    window.prefix = with_plain_ends(texts[0]);
    window.suffix = with_plain_ends(texts[1]);
    window.language = kLanguages[fuzz::Dice{texts[0]}.upto(std::size(kLanguages) - 1)];
    const View view{window};
    const std::string answer = repair_utf8(texts[2]);
    claim(is_valid_utf8(clean(answer, view).text), "what is kept is valid UTF-8");
    for (const Extent extent : {Extent::line, Extent::statement, Extent::block}) check(answer, view, extent);
    const Wanted wanted = wanted_extent(view);
    claim(!wanted.why.empty(), "a choice of extent has a reason");
    return 0;
}
