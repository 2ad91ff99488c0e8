#include "server/secrets/keys.h"
#include "server/support/log.h"
#include "server/support/sha256.h"

#include <cstring>

namespace dragoman::secrets {
namespace {

constexpr std::size_t kKeyLimit = 8192;
constexpr std::size_t kShownDigits = 8;  // of a fingerprint
constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// `text` without a "Bearer" that was copied along with the key.
std::string_view without_scheme(std::string_view text) {
    constexpr std::string_view kScheme = "bearer";
    const auto same = [](char a, char b) { return a == b || a == b - 'a' + 'A'; };
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    const bool scheme = std::equal(word.begin(), word.end(), kScheme.begin(), kScheme.end(), same);
    return scheme ? trim(text.substr(word.size())) : text;
}

// libcurl sends header text as it is, line breaks included: this check keeps a key from adding headers.
std::optional<std::string> flaw_of(std::string_view key) {
    if (key.empty()) return "it is empty";
    if (key.size() > kKeyLimit) return "it is longer than 8192 bytes";
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) return "it holds a character beyond ASCII";
        if (byte == ' ' || byte == '\t') return "it holds a blank";
        if (byte == '\n' || byte == '\r') return "it holds a line break";
        if (byte < 0x20 || byte == 0x7f) return "it holds a control character";
    }
    return std::nullopt;
}

}  // namespace

struct Key::Text {
    explicit Text(std::string_view key)
        : text{key}, fingerprint{sha256_hex(key).substr(0, kShownDigits)}, unlogged{key} {}
    ~Text() { ::explicit_bzero(text.data(), text.size()); }
    Text(const Text&) = delete;
    Text& operator=(const Text&) = delete;

    std::string text;
    std::string fingerprint;
    log::Secret unlogged;
};

Result<Key, std::string> Key::bind(std::string_view text, const Origin& origin) {
    const std::string_view bare = without_scheme(trim(text));
    if (auto flaw = flaw_of(bare)) return std::move(*flaw);
    Key key;
    key.text_ = std::make_shared<const Text>(bare);
    key.origin_ = origin;
    key.trimmed_ = bare.size() != text.size();
    return key;
}

std::optional<std::pair<std::string, std::string>> Key::header_for(const Origin& origin) const {
    if (!text_ || origin != origin_) return std::nullopt;
    return std::make_pair(std::string{"Authorization"}, "Bearer " + text_->text);
}

std::string Key::fingerprint() const { return text_ ? text_->fingerprint : std::string{}; }

bool Key::starts_with(std::string_view prefix) const { return text_ && text_->text.starts_with(prefix); }

}  // namespace dragoman::secrets
