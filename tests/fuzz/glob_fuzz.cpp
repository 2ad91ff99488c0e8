// Globs: a pattern and a path. On small inputs the machine says what a naive reading with backtracking says,
// and braces say what their alternatives say; on large ones it stays quick, which libFuzzer's time limit
// watches.
#include "server/config/glob.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace dragoman;
using config::Glob;
using dragoman::fuzz::claim;

namespace {

constexpr std::size_t kMostNaive = 16;  // backtracking takes its time beyond

/// What is left of a pattern, and whether it is at the start of a folder's name there.
struct Rest {
    std::string_view pattern;
    bool begins_folder = true;

    Rest behind(std::size_t count) const { return {pattern.substr(count), pattern[count - 1] == '/'}; }
};

bool naive(Rest rest, std::string_view text);

bool naive_stars(Rest rest, std::string_view text) {
    const std::size_t count = std::min(rest.pattern.find_first_not_of('*'), rest.pattern.size());
    const bool across = count > 1;
    if (across && rest.begins_folder && rest.pattern.substr(count).starts_with('/') &&
        naive(rest.behind(count + 1), text))
        return true;  // no folder at all
    for (std::size_t taken = 0;; ++taken) {
        if (naive(rest.behind(count), text.substr(taken))) return true;
        if (taken == text.size() || (!across && text[taken] == '/')) return false;
    }
}

/// Of patterns without sets, braces and escapes.
bool naive(Rest rest, std::string_view text) {
    if (rest.pattern.empty()) return text.empty();
    if (rest.pattern[0] == '*') return naive_stars(rest, text);
    if (text.empty() || (rest.pattern[0] == '?' ? text[0] == '/' : rest.pattern[0] != text[0])) return false;
    return naive(rest.behind(1), text.substr(1));
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
bool is_small(std::string_view text) { return text.size() <= kMostNaive && is_ascii(text); }
bool holds_any(std::string_view text, std::string_view of) {
    return text.find_first_of(of) != std::string_view::npos;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) out += {'\\', c};
    return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 2);
    const std::string_view pattern = texts[0], path = texts[1];
    const bool matches = Glob{pattern}.matches(path);

    if (is_small(pattern) && is_small(path) && !holds_any(pattern, "[]{}\\,")) {
        const std::string whole = std::string{pattern} + (pattern.ends_with('/') ? "**" : "");
        claim(matches == naive({whole}, path), "a pattern matches what a naive reading matches");
        const std::string either = "{" + std::string{pattern} + "," + escaped(path) + "}";
        claim(Glob{either}.matches(path), "a brace matches what one of its alternatives is");
        if (!pattern.ends_with('/'))
            claim(Glob{"{" + std::string{pattern} + "}"}.matches(path) == matches,
                  "a brace around a pattern adds nothing");
    }
    if (is_ascii(path) && !path.ends_with('/')) {
        claim(Glob{escaped(path)}.matches(path), "an escaped text matches itself");
        claim(!Glob{escaped(path)}.matches(std::string{path} + "x"), "and nothing else");
    }
    return 0;
}
