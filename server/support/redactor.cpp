#include "server/support/redactor.h"

#include <algorithm>
#include <optional>

namespace dragoman::log {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 (RFC 4648) without padding.
std::string base64(std::string_view bytes, std::string_view alphabet) {
    std::string result;
    unsigned bits = 0, held = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffffffU;
        for (held += 8; held >= 6; held -= 6) result += alphabet[bits >> (held - 6) & 63U];
    }
    if (held > 0) result += alphabet[bits << (6 - held) & 63U];
    return result;
}

std::string hexadecimal(std::string_view bytes, std::string_view digits) {
    std::string result;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        result += {digits[byte >> 4U], digits[byte & 15U]};
    }
    return result;
}

/// The characters of base64(X + secret + Y) that depend on the secret alone, X being `offset` bytes
/// beyond a multiple of three: "Bearer " or "user:" before a key shifts it.
std::string base64_core(std::string_view secret, std::size_t offset, std::string_view alphabet) {
    const std::string whole = base64(std::string(offset, '\0').append(secret), alphabet);
    const std::size_t first = (offset * 8 + 5) / 6;
    const std::size_t last = (offset + secret.size()) * 8 / 6;
    return whole.substr(first, last - first);
}

std::optional<unsigned> hex(std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits) {
        value <<= 4;
        if (c >= '0' && c <= '9') {
            value |= static_cast<unsigned>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value |= static_cast<unsigned>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            value |= static_cast<unsigned>(c - 'A' + 10);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

/// The length of what stands for `form` at the start of `text` in one writing; 0: nothing does.
using Match = std::size_t (*)(std::string_view text, std::string_view form);

std::size_t match_plain(std::string_view text, std::string_view form) {
    return text.starts_with(form) ? form.size() : 0;
}

std::size_t match_percent(std::string_view text, std::string_view form) {
    std::size_t at = 0;
    for (const char c : form) {
        if (at + 3 <= text.size() && text[at] == '%' &&
            hex(text.substr(at + 1, 2)) == static_cast<unsigned char>(c)) {
            at += 3;
        } else if (at < text.size() && text[at] == c) {
            ++at;
        } else {
            return 0;
        }
    }
    return at;
}

// JSON quoted in JSON doubles its backslashes each time, so how many there are tells nothing: those of
// the text and of the form are skipped.
std::size_t match_json(std::string_view text, std::string_view form) {
    std::size_t at = 0;
    for (const char c : form) {
        if (c == '\\') continue;
        for (bool next = true; next;) {
            const std::size_t slashes = std::min(text.find_first_not_of('\\', at), text.size()) - at;
            at += slashes;
            if (at == text.size()) return 0;
            std::optional<unsigned> code;
            if (slashes > 0 && text[at] == 'u' && at + 5 <= text.size()) code = hex(text.substr(at + 1, 4));
            next = code == unsigned{'\\'};
            if (next || code == static_cast<unsigned char>(c)) {
                at += 5;
            } else if (text[at] == c) {
                ++at;
            } else {
                return 0;
            }
        }
    }
    return at;
}

void cut(std::string& text, std::string_view form, Match match, char escape) {
    std::string result;
    std::size_t kept = 0;
    for (std::size_t at = 0; at < text.size();) {
        const bool possible = text[at] == form[0] || text[at] == escape;
        const std::size_t length = possible ? match(std::string_view{text}.substr(at), form) : 0;
        if (length == 0) {
            ++at;
            continue;
        }
        result.append(text, kept, at - kept).append("***");
        at += length;
        kept = at;
    }
    if (kept > 0) text = result.append(text, kept);
}

}  // namespace

void Redactor::add(std::string_view secret) {
    if (secret.size() < kShortest) return;
    if (std::find(secrets_.begin(), secrets_.end(), secret) != secrets_.end()) return;
    if (secrets_.size() == kMost) secrets_.pop_front();
    secrets_.emplace_back(secret);

    forms_ = {secrets_.begin(), secrets_.end()};
    for (const auto& text : secrets_) {
        forms_.push_back(hexadecimal(text, "0123456789abcdef"));
        forms_.push_back(hexadecimal(text, "0123456789ABCDEF"));
        for (const std::string_view alphabet : {kStandard, kUrlSafe}) {
            forms_.push_back(base64(text, alphabet));
            for (std::size_t offset = 0; offset < 3; ++offset) {
                forms_.push_back(base64_core(text, offset, alphabet));
            }
        }
    }
    std::sort(forms_.begin(), forms_.end(), [](const auto& a, const auto& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
}

std::string Redactor::redact(std::string_view text) const {
    std::string result{text};
    for (const auto& form : forms_) {
        cut(result, form, match_plain, form[0]);
        cut(result, form, match_percent, '%');
        // Without its backslashes too little may be left of a form to know it by.
        const auto slashes = static_cast<std::size_t>(std::count(form.begin(), form.end(), '\\'));
        if (form.size() - slashes >= kShortest) cut(result, form, match_json, '\\');
    }
    return result;
}

}  // namespace dragoman::log
