#include "server/privacy/key_shapes.h"

#include "server/privacy/patterns.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dragoman::privacy {
namespace {

/// How vendors' keys begin. After the prefix at least six characters must follow, so that advice such as
/// "must begin with sk-live-" stays readable.
constexpr std::array<std::string_view, 17> kPrefixes = {"sk-",  "sk_", "rk-",  "pk-",         "gsk_",  "csk-",
                                                        "xai-", "hf_", "r8_",  "nvapi-",      "pplx-", "fw_",
                                                        "tgp_", "eyj", "aiza", "github_pat_", "ghp_"};
constexpr std::size_t kAfterPrefix = 6;
/// Inside a word ("task-", "disk-") a prefix counts only before a run of letters and digits that is longer
/// than any of a UUID, within what of the rest is looked at.
constexpr std::size_t kRandomRun = 13;
constexpr std::size_t kLookedAt = 64;

/// Words that announce a key, in the languages gateways answer in.
constexpr std::array<std::string_view, 6> kAnnouncers = {"key", "token", "密钥", "令牌", "secret", "apikey"};
/// Words that may stand between the announcement and the key.
constexpr std::array<std::string_view, 6> kFillers = {"provided", " is",     " was",
                                                      "value",    "invalid", "incorrect"};
constexpr std::size_t kAnnouncedLength = 8;

/// What may follow "Bearer" without being a key.
constexpr std::array<std::string_view, 6> kPlainBearers = {"token",          "tokens", "auth",
                                                           "authentication", "prefix", "scheme"};

constexpr std::size_t kAnyLength = 40;

bool alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool word_byte(char c) { return alnum(c) || contains("_-*.+/~", std::string_view{&c, 1}); }

bool looks_random(std::string_view word) {
    const bool digit = std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool letter =
        std::any_of(word.begin(), word.end(), [](char c) { return alnum(c) && (c < '0' || c > '9'); });
    return contains(word, "*") || (digit && letter);
}

/// A run of at least `least` letters and digits of which `wanted` holds.
template <class Wanted>
bool has_run(std::string_view word, std::size_t least, Wanted wanted) {
    for (std::size_t at = 0; at < word.size(); ++at) {
        const std::size_t begin = at;
        while (at < word.size() && alnum(word[at])) ++at;
        if (at - begin >= least && wanted(word.substr(begin, at - begin))) return true;
    }
    return false;
}

bool is_one_long_run(std::string_view word) {
    return has_run(word, kAnyLength, [](std::string_view) { return true; });
}

/// A vendor's prefix at the start of the word or of a part of it, as in "https://host/sk-...", or glued to
/// what stands before it. `escaped`: the word follows a backslash, its first letter is an escape's.
bool holds_prefix_of_key(std::string_view word, bool escaped) {
    const std::string low = lower_ascii(word);
    for (const auto prefix : kPrefixes) {
        for (auto at = low.find(prefix); at != std::string::npos; at = low.find(prefix, at + 1)) {
            const auto rest = std::string_view{low}.substr(at + prefix.size(), kLookedAt);
            const bool begins_part = at == 0 || !alnum(low[at - 1]) || (at == 1 && escaped);
            if (begins_part ? rest.size() >= kAfterPrefix : has_run(rest, kRandomRun, looks_random))
                return true;
        }
    }
    return false;
}

std::string_view drop_separators(std::string_view before) {
    while (!before.empty() && contains(" \t\"'`<>()[]{}:=,", before.substr(before.size() - 1)))
        before.remove_suffix(1);
    return before;
}

/// The text before a word ends in "key", "key provided:", "token is" and the like.
bool announced(std::string_view before) {
    constexpr std::size_t kReach = 64;
    const std::string low = lower_ascii(before.substr(before.size() - std::min(before.size(), kReach)));
    std::string_view rest = drop_separators(low);
    for (bool stripped = true; stripped;) {
        stripped = false;
        for (const auto filler : kFillers) {
            if (!rest.ends_with(filler)) continue;
            rest = drop_separators(rest.substr(0, rest.size() - filler.size()));
            stripped = true;
        }
    }
    return std::any_of(kAnnouncers.begin(), kAnnouncers.end(),
                       [&](std::string_view announcer) { return rest.ends_with(announcer); });
}

bool after_bearer(std::string_view before) {
    before = drop_separators(before);
    return before.size() >= 6 && lower_ascii(before.substr(before.size() - 6)) == "bearer";
}

bool is_plain_bearer(std::string_view word) {
    while (!word.empty() && word.back() == '.') word.remove_suffix(1);
    return std::find(kPlainBearers.begin(), kPlainBearers.end(), lower_ascii(word)) != kPlainBearers.end();
}

bool is_key(std::string_view before, std::string_view word) {
    if (holds_prefix_of_key(word, before.ends_with('\\')) || is_one_long_run(word)) return true;
    if (after_bearer(before)) return !is_plain_bearer(word);
    return word.size() >= kAnnouncedLength && looks_random(word) && announced(before);
}

}  // namespace

std::string redact_keys(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        if (!word_byte(text[at])) {
            out += text[at++];
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && word_byte(text[end])) ++end;
        const auto word = text.substr(at, end - at);
        const bool key = is_key(text.substr(0, at), word);
        out += key ? std::string_view{"***"} : word;
        // What percent-encoding or padding made of the rest of the key belongs to it.
        while (key && end < text.size() && (word_byte(text[end]) || text[end] == '%' || text[end] == '='))
            ++end;
        at = end;
    }
    return out;
}

}  // namespace dragoman::privacy
