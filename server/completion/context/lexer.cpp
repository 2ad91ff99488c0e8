#include "server/completion/context/lexer.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <string>

namespace dragoman::completion {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t Lexer::line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

Lexer::Token Lexer::at(std::size_t at) const {
    const auto here = text_.substr(at);
    if (here.starts_with("//") || (here[0] == '#' && (family_ == Family::shell || family_ == Family::php))) {
        return {What::comment, line_end(at)};
    }
    if (here.starts_with("/*")) {
        const auto close = text_.find("*/", at + 2);
        return {What::comment, close == std::string_view::npos ? text_.size() : close + 2};
    }
    if (here[0] == '"' || here[0] == '\'' || here[0] == '`') return quoted(at);
    if (here[0] == '/' && family_ == Family::script && begins_regex(at)) {
        bool in_set = false;
        for (std::size_t i = at + 1; i < text_.size() && text_[i] != '\n'; ++i) {
            if (text_[i] == '\\') {
                ++i;
            } else if (text_[i] == '[' || text_[i] == ']') {
                in_set = text_[i] == '[';
            } else if (text_[i] == '/' && !in_set) {
                return {What::string, i + 1};
            }
        }
    }
    return {What::plain, at + 1};
}

// A division has a value before it.
bool Lexer::begins_regex(std::size_t at) const {
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
    return at > 0 && std::string_view{"(,=:[!&|?{};\n"}.find(text_[at - 1]) != std::string_view::npos;
}

Lexer::Token Lexer::quoted(std::size_t at) const {
    const char quote = text_[at];
    const char before = at == 0 ? ' ' : text_[at - 1];
    if (quote == '\'') {
        if (family_ == Family::c && is_digit(before)) return {What::plain, at + 1};  // 1'000
        // 'a of Rust is a lifetime unless a quote ends it.
        if (family_ == Family::rust && text_.substr(at + 1, 1) != "\\" && text_.substr(at + 2, 1) != "'" &&
            text_.substr(at + 1, 8).find('\'') == std::string_view::npos) {
            return {What::plain, at + 1};
        }
    }
    if (quote == '"' && before == 'R' && family_ == Family::c) {
        const auto open = text_.substr(at + 1, 17).find('(');
        if (open != std::string_view::npos) {
            const std::string end = ")" + std::string{text_.substr(at + 1, open)} + "\"";
            const auto close = text_.find(end, at + 1 + open);
            return {What::string, close == std::string_view::npos ? text_.size() : close + end.size()};
        }
    }
    if (quote == '"' && family_ == Family::rust && (before == 'r' || before == '#')) {
        std::size_t hashes = 0;
        while (hashes < at && text_[at - 1 - hashes] == '#') ++hashes;
        if (hashes < at && text_[at - 1 - hashes] == 'r') {
            const std::string end = "\"" + std::string(std::min<std::size_t>(hashes, 16), '#');
            const auto close = text_.find(end, at + 1);
            return {What::string, close == std::string_view::npos ? text_.size() : close + end.size()};
        }
    }
    if (family_ == Family::jvm && text_.substr(at).starts_with("\"\"\"")) {
        const auto close = text_.find("\"\"\"", at + 3);
        return {What::string, close == std::string_view::npos ? text_.size() : close + 3};
    }
    const bool raw = quote == '`' && family_ == Family::go;
    const bool over_lines = quote == '`' || family_ == Family::rust || family_ == Family::php;
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
        if (text_[i] == '\\' && !raw) {
            ++i;
        } else if (text_[i] == quote) {
            return {What::string, i + 1};
        } else if (text_[i] == '\n' && !over_lines) {
            return {What::string, i};
        }
    }
    return {What::string, text_.size()};
}

std::size_t Lexer::behind_bracket(std::size_t open) const {
    std::size_t depth = 0;
    for (std::size_t i = open; i < text_.size();) {
        const Token token = at(i);
        if (token.what == What::plain) {
            const char c = text_[i];
            if (c == '(' || c == '[' || c == '{') ++depth;
            if ((c == ')' || c == ']' || c == '}') && --depth == 0) return i + 1;
        }
        i = token.end;
    }
    return text_.size();
}

}  // namespace dragoman::completion
