#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {

std::string normalise_line_ends(std::string_view text) {
    if (text.find('\r') == std::string_view::npos) return std::string{text};
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            out += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            out += '\n';
        }
    }
    return out;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(kSpace) == std::string_view::npos; }

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string_view without_trailing_blanks(std::string_view line) {
    return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

std::string_view indentation(std::string_view line) {
    return line.substr(0, std::min(line.find_first_not_of(kBlanks), line.size()));
}

std::vector<std::string_view> split_lines(std::string_view text, std::size_t most) {
    std::vector<std::string_view> lines;
    while (lines.size() < most) {
        const auto newline = text.find('\n');
        lines.push_back(text.substr(0, newline));
        if (newline == std::string_view::npos) break;
        text.remove_prefix(newline + 1);
    }
    return lines;
}

bool has_word(std::string_view line) { return std::any_of(line.begin(), line.end(), is_word); }

bool is_telling(std::string_view line) { return std::count_if(line.begin(), line.end(), is_word) >= 2; }

bool same_line(std::string_view a, std::string_view b) {
    std::size_t in_a = 0, in_b = 0;
    for (;;) {
        while (in_a < a.size() && (a[in_a] == ' ' || a[in_a] == '\t')) ++in_a;
        while (in_b < b.size() && (b[in_b] == ' ' || b[in_b] == '\t')) ++in_b;
        if (in_a == a.size() || in_b == b.size()) return in_a == a.size() && in_b == b.size();
        if (a[in_a++] != b[in_b++]) return false;
    }
}

bool ends_with_blank(std::string_view text) { return text.ends_with(' ') || text.ends_with('\t'); }

bool is_prose_language(std::string_view language) {
    constexpr std::array<std::string_view, 8> kProse = {
        "markdown", "plaintext", "latex", "restructuredtext", "asciidoc", "text", "git-commit", "gitcommit"};
    return std::find(kProse.begin(), kProse.end(), language) != kProse.end();
}

}  // namespace dragoman::completion
