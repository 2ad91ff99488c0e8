#include "server/completion/context/outlined.h"

#include "server/support/tokens.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace dragoman::completion {
namespace {

constexpr std::size_t kMostParts = 8, kMostMentioned = 24;
constexpr std::size_t kFewestLines = 6, kMostLines = 20;  // of a passage

// Of a file that stands for its folder, the folder's.
std::string module_name(const std::string& shown, Family family) {
    const std::filesystem::path path{shown};
    const std::string stem = path.stem().string();
    const bool folder =
        family == Family::go || stem == "index" || stem == "__init__" || stem == "mod" || stem == "init";
    return folder ? path.parent_path().filename().string() : stem;
}

bool is_comment(std::string_view line) {
    constexpr std::array<std::string_view, 6> kMarks{"//", "/*", "* ", "*/", "# ", "--"};
    return std::any_of(kMarks.begin(), kMarks.end(),
                       [&](std::string_view mark) { return line.starts_with(mark); });
}

// A passage ends where something begins at the border, once it has a few lines, or is long.
std::vector<std::vector<Word>> passages_of(std::string_view text) {
    std::vector<std::vector<Word>> passages;
    std::vector<Word> words;
    std::size_t lines = 0;
    const auto end = [&] {
        std::sort(words.begin(), words.end());
        words.erase(std::unique(words.begin(), words.end()), words.end());
        words.shrink_to_fit();
        if (!words.empty()) passages.push_back(std::move(words));
        words = {};
        lines = 0;
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t newline = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, newline - at);
        at = newline + 1;
        const bool begins = !line.empty() && is_word(line.front());
        if (lines >= kMostLines || (lines >= kFewestLines && begins)) end();
        ++lines;
        if (!is_comment(trimmed(line)))
            each_word(line, [&](std::string_view word) { words.push_back(word_of(word)); });
    }
    end();
    return passages;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

// FNV-1a, mixed once more for tables that use the low bits.
Word word_of(std::string_view text) {
    Word hash = 0xCBF29CE484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    hash ^= hash >> 32U;
    return hash == 0 ? 1 : hash;
}

std::string line_of(const Declaration& one) {
    return one.values.empty() ? one.signature : one.signature + " { " + joined(one.values) + " }";
}

OutlinedFile outlined_file(std::string shown, Family family, std::vector<Declaration> declarations,
                           std::string_view text) {
    const Word module = word_of(module_name(shown, family));
    OutlinedFile file{.shown = std::move(shown), .family = family, .module = module};
    for (Declaration& one : declarations) {
        OutlinedFile::Entry entry;
        entry.name = word_of(one.name);
        entry.parent = one.parent.empty() ? 0 : word_of(one.parent);
        each_part(one.name, [&](std::string_view part) {
            if (entry.parts.size() < kMostParts) entry.parts.push_back(word_of(part));
        });
        each_word(one.signature, [&](std::string_view word) {
            if (word != one.name && entry.mentioned.size() < kMostMentioned)
                entry.mentioned.push_back(word_of(word));
        });
        entry.line_tokens = estimate_tokens("    " + line_of(one) + "\n") + 1;
        entry.name_tokens = estimate_tokens(one.name) + 1;
        entry.declaration = std::move(one);
        file.entries.push_back(std::move(entry));
    }
    file.passages = passages_of(text);
    return file;
}

}  // namespace dragoman::completion
