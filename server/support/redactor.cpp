#include "server/support/redactor.h"

#include <algorithm>
#include <optional>

namespace dragoman::log {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

WipedBytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }
std::string_view view(const WipedBytes& bytes) { return {bytes.data(), bytes.size()}; }

/// Base64 (RFC 4648) without padding.
WipedBytes base64(std::string_view bytes, std::string_view alphabet) {
    WipedBytes result;
    unsigned bits = 0, held = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffffffU;
        for (held += 8; held >= 6; held -= 6) result.push_back(alphabet[bits >> (held - 6) & 63U]);
    }
    if (held > 0) result.push_back(alphabet[bits << (6 - held) & 63U]);
    return result;
}

WipedBytes hexadecimal(std::string_view bytes, std::string_view digits) {
    WipedBytes result;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        result.push_back(digits[byte >> 4U]);
        result.push_back(digits[byte & 15U]);
    }
    return result;
}

/// The characters of base64(X + secret + Y) that depend on the secret alone, X being `offset` bytes
/// beyond a multiple of three: "Bearer " or "user:" before a key shifts it.
WipedBytes base64_core(std::string_view secret, std::size_t offset, std::string_view alphabet) {
    WipedBytes shifted(offset + secret.size(), '\0');
    std::copy(secret.begin(), secret.end(), shifted.begin() + static_cast<std::ptrdiff_t>(offset));
    const WipedBytes whole = base64(view(shifted), alphabet);
    const std::size_t first = (offset * 8 + 5) / 6;
    const std::size_t last = (offset + secret.size()) * 8 / 6;
    return bytes_of(view(whole).substr(first, last - first));
}

/// Every writing of `secret` that is no escaping.
std::vector<WipedBytes> forms_of(std::string_view secret) {
    std::vector<WipedBytes> forms;
    forms.push_back(bytes_of(secret));
    forms.push_back(hexadecimal(secret, "0123456789abcdef"));
    forms.push_back(hexadecimal(secret, "0123456789ABCDEF"));
    for (const std::string_view alphabet : {kStandard, kUrlSafe}) {
        forms.push_back(base64(secret, alphabet));
        for (std::size_t offset = 0; offset < 3; ++offset)
            forms.push_back(base64_core(secret, offset, alphabet));
    }
    return forms;
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

Redactor::Id Redactor::add(std::string_view secret) {
    if (secret.size() < kShortest) return 0;
    const Id id = ++last_id_;
    const auto same = std::find_if(known_.begin(), known_.end(),
                                   [&](const Known& one) { return view(one.forms.front()) == secret; });
    if (same != known_.end()) {
        same->ids.push_back(id);
        return id;
    }
    known_.push_back({.forms = forms_of(secret), .ids = {id}});
    sort_forms();
    return id;
}

void Redactor::forget(Id id) {
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& one) {
        return std::find(one.ids.begin(), one.ids.end(), id) != one.ids.end();
    });
    if (found == known_.end()) return;
    found->ids.erase(std::find(found->ids.begin(), found->ids.end(), id));
    if (!found->ids.empty()) return;
    forms_.clear();  // before what they look at
    known_.erase(found);
    sort_forms();
}

void Redactor::sort_forms() {
    forms_.clear();
    for (const Known& one : known_) {
        for (const WipedBytes& form : one.forms) forms_.push_back(view(form));
    }
    std::sort(forms_.begin(), forms_.end(), [](const auto& a, const auto& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
}

std::string Redactor::redact(std::string_view text) const {
    std::string result{text};
    for (const std::string_view form : forms_) {
        cut(result, form, match_plain, form[0]);
        cut(result, form, match_percent, '%');
        // Without its backslashes too little may be left of a form to know it by.
        const auto slashes = static_cast<std::size_t>(std::count(form.begin(), form.end(), '\\'));
        if (form.size() - slashes >= kShortest) cut(result, form, match_json, '\\');
    }
    return result;
}

}  // namespace dragoman::log
