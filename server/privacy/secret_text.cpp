#include "server/privacy/secret_text.h"

#include "server/privacy/patterns.h"

#include <algorithm>

namespace dragoman::privacy {
namespace {

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Where the run of `set` that begins at `at` ends; it looks at `most` characters at most.
std::size_t run_end(std::string_view text, std::size_t at, const CharClass& set, std::size_t most) {
    const std::size_t limit = std::min(text.size(), at + std::min(most, text.size()));
    while (at < limit && holds(set, text[at])) ++at;
    return at;
}

// Tokens: what begins with a known literal.
class TokenSearch {
public:
    TokenSearch(std::string_view text, std::vector<Secret>& found) : text_{text}, found_{found} {}

    void run() {
        const Patterns& all = patterns();
        for (std::size_t at = 0; at < text_.size(); ++at) {
            for (const std::size_t i : all.by_first[static_cast<unsigned char>(text_[at])]) {
                try_at(at, all.tokens[i]);
            }
        }
    }

private:
    void try_at(std::size_t at, const TokenPattern& token) {
        if (!token.inside && within_word(at, token)) return;
        const auto here = text_.substr(at);
        const auto beginning = std::find_if(token.beginnings.begin(), token.beginnings.end(),
                                            [&](const std::string& one) { return here.starts_with(one); });
        if (beginning == token.beginnings.end()) return;
        std::size_t end = at + beginning->size();
        Secret secret{.begin = at, .end = 0, .kind = token.kind};
        std::string_view value;
        for (const TokenPattern::Part& part : token.parts) {
            const std::size_t begin = end;
            if (!part.literal.empty()) {
                if (!text_.substr(end).starts_with(part.literal)) return;
                end += part.literal.size();
                continue;
            }
            end = run_end(text_, begin, part.characters, part.most + 1);
            if (end - begin < part.least || end - begin > part.most) return;
            if (part.secret) secret = {.begin = begin, .end = end, .kind = token.kind};
            if (part.secret || secret.end == 0) value = text_.substr(begin, end - begin);
        }
        if (secret.end == 0) {
            secret.end = end;
            value = text_.substr(at + beginning->size(), end - at - beginning->size());
        }
        Demand demand = token.demand;
        demand.least = 0;  // the parts have said so
        demand.most = text_.size();
        if (is_likely(value, demand)) found_.push_back(secret);
    }

    // An escape such as the \n of a string is no part of a word.
    bool within_word(std::size_t at, const TokenPattern& token) const {
        if (at == 0) return false;
        const char before = text_[at - 1];
        if (at >= 2 && text_[at - 2] == '\\') return false;
        return is_alnum(before) ||
               (before != '=' && before != '/' && holds(token.parts.front().characters, before));
    }

    std::string_view text_;
    std::vector<Secret>& found_;
};

// Blocks between rules, with either rule perhaps cut off by the border of the text.
class BlockSearch {
public:
    BlockSearch(std::string_view text, const BlockPattern& block, std::vector<Secret>& found)
        : text_{text}, block_{block}, found_{found} {}

    void run() {
        std::size_t behind = 0;  // nothing before is looked at again
        for (std::size_t at = text_.find(block_.rule); at != std::string_view::npos;
             at = text_.find(block_.rule, at)) {
            const std::size_t end = rule_end(at, block_.open);
            const std::size_t close = end == 0 ? rule_end(at, block_.close) : 0;
            if (end != 0) {
                behind = opened(at, end);
                at = behind;
            } else if (close != 0) {
                closed(behind, at, close);
                behind = at = close;
            } else {
                at += 1;
            }
        }
    }

private:
    // The end of the rule that begins at `at` with `words` and names a secret; 0: it does not.
    std::size_t rule_end(std::size_t at, std::string_view words) const {
        if (!text_.substr(at).starts_with(words)) return 0;
        const auto label = text_.substr(at + words.size(), 64);
        const auto length = label.find(block_.rule);
        if (length == std::string_view::npos) return 0;
        const auto named = label.substr(0, length);
        const bool known = std::any_of(block_.labels.begin(), block_.labels.end(),
                                       [&](const std::string& one) { return named.ends_with(one); });
        return known ? at + words.size() + length + block_.rule.size() : 0;
    }

    // The body behind an opening rule, and the closing rule where it follows.
    std::size_t opened(std::size_t begin, std::size_t body) {
        std::size_t end = body;
        while (end < text_.size() && holds(block_.body, text_[end]) &&
               !text_.substr(end).starts_with(block_.rule)) {
            ++end;
        }
        const bool likely = has_content(text_.substr(body, end - body));
        if (const std::size_t close = end < text_.size() ? rule_end(end, block_.close) : 0; close != 0)
            end = close;
        if (likely) {
            while (end > body && (is_blank(text_[end - 1]) || text_[end - 1] == '\n')) --end;
            found_.push_back({.begin = begin, .end = end, .kind = block_.kind});
        }
        return end;
    }

    // A closing rule alone: what stands before it.
    void closed(std::size_t from, std::size_t rule, std::size_t end) {
        std::size_t begin = rule;
        while (begin > from && holds(block_.body, text_[begin - 1])) --begin;
        if (has_content(text_.substr(begin, rule - begin))) {
            found_.push_back({.begin = begin, .end = end, .kind = block_.kind});
        }
    }

    bool has_content(std::string_view body) const {
        std::size_t run = 0;
        for (const char c : body) {
            run = holds(block_.content, c) ? run + 1 : 0;
            if (run >= block_.least) return true;
        }
        return false;
    }

    std::string_view text_;
    const BlockPattern& block_;
    std::vector<Secret>& found_;
};

// `name = "value"` and its kin, where the name says that the value is secret.
class AssignmentSearch {
public:
    AssignmentSearch(std::string_view text, std::vector<Secret>& found) : text_{text}, found_{found} {}

    void run() {
        for (std::size_t at = 0; at < text_.size(); ++at) {
            if (!is_name(text_[at])) continue;
            const std::size_t begin = at;
            while (at < text_.size() && is_name(text_[at])) ++at;
            // Few words have a value; only theirs are looked up.
            const std::size_t value = value_begin(at);
            if (value == 0) continue;
            if (const AssignmentPattern* pattern = secret_name(begin, at))
                value_of(begin, at, value, *pattern);
        }
    }

private:
    static bool is_name(char c) { return is_alnum(c) || c == '_' || c == '-'; }

    const AssignmentPattern* secret_name(std::size_t begin, std::size_t end) const {
        constexpr std::size_t kEnough = 40;
        std::string name;
        for (std::size_t i = end - std::min(end - begin, kEnough); i < end; ++i) {
            const char c = text_[i];
            if (is_alnum(c)) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        for (const AssignmentPattern& pattern : patterns().assignments) {
            const auto ends = [&](const std::string& one) { return name.ends_with(one); };
            if (std::any_of(pattern.names.begin(), pattern.names.end(), ends)) return &pattern;
        }
        return nullptr;
    }

    std::size_t skip_blanks(std::size_t at) const {
        while (at < text_.size() && is_blank(text_[at])) ++at;
        return at;
    }

    // Behind `: Type` where an `=` follows it; `at` otherwise.
    std::size_t skip_type(std::size_t at) const {
        constexpr std::size_t kLongest = 48;
        for (std::size_t i = at; i < std::min(text_.size(), at + kLongest); ++i) {
            const char c = text_[i];
            if (c == '=') return skip_blanks(i + 1);
            if (!is_name(c) && !is_blank(c) &&
                std::string_view{".<>[]|?&*:"}.find(c) == std::string_view::npos)
                break;
        }
        return at;
    }

    // Where the value of the name that ends at `at` begins; 0: it has none.
    std::size_t value_begin(std::size_t at) const {
        bool quoted_name = false;
        while (at < text_.size() && (is_quote(text_[at]) || text_[at] == '\\' || text_[at] == ']')) {
            quoted_name = true;
            ++at;
        }
        const std::size_t operation = at = skip_blanks(at);
        while (at < text_.size() && at < operation + 3 &&
               std::string_view{":=>~?!"}.find(text_[at]) != std::string_view::npos) {
            ++at;
        }
        if (at == operation && quoted_name && at < text_.size() && text_[at] == ',') ++at;
        if (at == operation) return 0;
        const bool annotated = text_[at - 1] == ':';
        at = skip_blanks(at);
        return annotated && at < text_.size() && is_alnum(text_[at]) ? skip_type(at) : at;
    }

    void value_of(std::size_t name, std::size_t name_end, std::size_t begin,
                  const AssignmentPattern& pattern) {
        // Letters before a quote: r"...", L"...", @"...".
        std::size_t open = begin;
        while (open < text_.size() && open < begin + 2 &&
               std::string_view{"rRbBfFuUL@$\\"}.find(text_[open]) != std::string_view::npos) {
            ++open;
        }
        if (open < text_.size() && is_quote(text_[open])) {
            quoted(open + 1, text_[open], pattern);
        } else if (is_environment_line(name, name_end, begin)) {
            take(begin,
                 run_of(begin,
                        [](char c) {
                            return c > ' ' && !is_quote(c) &&
                                   std::string_view{";&|()<>"}.find(c) == std::string_view::npos;
                        }),
                 pattern.kind, pattern.demand);
        } else {
            bare(begin, pattern);
        }
    }

    void quoted(std::size_t begin, char quote, const AssignmentPattern& pattern) {
        const std::size_t limit = std::min(text_.size(), begin + pattern.demand.most + 1);
        std::size_t end = begin;
        while (end < limit && text_[end] != quote && text_[end] > ' ') ++end;
        if (end == limit || text_[end] != quote) return;
        if (end > begin && text_[end - 1] == '\\') --end;
        take(begin, end, pattern.kind, pattern.demand);
    }

    // Without quotes an identifier may stand there as well: only what is no name at all counts.
    void bare(std::size_t begin, const AssignmentPattern& pattern) {
        std::size_t end = run_of(begin, [](char c) { return is_name(c) || c == '+' || c == '/'; });
        for (int padding = 0; padding < 2 && end < text_.size() && text_[end] == '='; ++padding) ++end;
        const bool ends = end == text_.size() || text_[end] <= ' ' || is_quote(text_[end]) ||
                          std::string_view{";,&}\\"}.find(text_[end]) != std::string_view::npos;
        if (ends) take(begin, end, pattern.kind, patterns().bare);
    }

    template <class Holds>
    std::size_t run_of(std::size_t at, Holds in_run) const {
        while (at < text_.size() && in_run(text_[at])) ++at;
        return at;
    }

    // DB_PASSWORD=... on a line of its own, as files of environment variables and shells have it.
    bool is_environment_line(std::size_t name, std::size_t name_end, std::size_t value) const {
        if (value != name_end + 1 || text_[name_end] != '=') return false;
        const auto words = text_.substr(name, name_end - name);
        if (std::any_of(words.begin(), words.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
            return false;
        constexpr std::size_t kIndent = 16;
        auto before = text_.substr(name - std::min(name, kIndent), std::min(name, kIndent));
        if (const auto newline = before.rfind('\n'); newline != std::string_view::npos) {
            before.remove_prefix(newline + 1);
        } else if (name > kIndent) {
            return false;
        }
        while (!before.empty() && is_blank(before.back())) before.remove_suffix(1);
        while (!before.empty() && is_blank(before.front())) before.remove_prefix(1);
        return before.empty() || before == "export" || before == "-" || before == "ENV";
    }

    void take(std::size_t begin, std::size_t end, std::string_view kind, const Demand& demand) {
        if (is_likely(text_.substr(begin, end - begin), demand)) {
            found_.push_back({.begin = begin, .end = end, .kind = kind, .certain = false});
        }
    }

    std::string_view text_;
    std::vector<Secret>& found_;
};

/// `text` with a mask for each of `secrets`, which lie in it in order and apart.
Masked masked(std::string_view text, const std::vector<Secret>& secrets) {
    Masked out;
    std::size_t at = 0;
    for (const Secret& secret : secrets) {
        out.text.append(text.substr(at, secret.begin - at));
        out.text += mask_of(text.substr(secret.begin, secret.end - secret.begin));
        out.kinds.push_back(secret.kind);
        at = secret.end;
    }
    out.text += text.substr(at);
    return out;
}

/// In order, and those that overlap as one. Found first is more telling: it keeps its kind where several say
/// the same.
std::vector<Secret> set_apart(std::vector<Secret> found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const Secret& a, const Secret& b) { return a.begin < b.begin; });
    std::vector<Secret> apart;
    for (const Secret& secret : found) {
        if (apart.empty() || secret.begin >= apart.back().end) {
            apart.push_back(secret);
        } else {
            apart.back().end = std::max(apart.back().end, secret.end);
            apart.back().certain = apart.back().certain || secret.certain;
        }
    }
    return apart;
}

/// What of `secrets` lies in [begin, end), counted from there.
std::vector<Secret> within(const std::vector<Secret>& secrets, std::size_t begin, std::size_t end) {
    std::vector<Secret> inside;
    for (const Secret& secret : secrets) {
        const std::size_t from = std::max(secret.begin, begin), to = std::min(secret.end, end);
        if (from < to) inside.push_back({.begin = from - begin, .end = to - begin, .kind = secret.kind});
    }
    return inside;
}

}  // namespace

std::vector<Secret> find_secrets(std::string_view text) {
    std::vector<Secret> found;
    for (const BlockPattern& block : patterns().blocks) BlockSearch{text, block, found}.run();
    TokenSearch{text, found}.run();
    AssignmentSearch{text, found}.run();
    return set_apart(std::move(found));
}

std::string mask_of(std::string_view secret) {
    std::string mask{kSecretMask};
    for (std::size_t i = 0; i < secret.size(); ++i) {
        if (secret[i] != '\n') continue;
        mask += i > 0 && secret[i - 1] == '\r' ? "\r\n" : "\n";
        mask += kSecretMask;
    }
    return mask;
}

std::size_t count_masks(std::string_view text) {
    std::size_t masks = 0;
    for (std::size_t at = text.find('*'); at != std::string_view::npos; at = text.find('*', at)) {
        const std::size_t end = std::min(text.find_first_not_of('*', at), text.size());
        if (end - at == kSecretMask.size()) ++masks;
        at = end;
    }
    return masks;
}

Masked mask_secrets(std::string_view text) { return masked(text, find_secrets(text)); }

Masked mask_typed(std::string_view text) {
    auto secrets = find_secrets(text);
    std::erase_if(secrets, [](const Secret& one) { return !one.certain; });
    return masked(text, secrets);
}

MaskedParts mask_secrets(std::string_view before, std::string_view after) {
    const std::size_t border = before.size();
    std::vector<Secret> found = find_secrets(std::string{before}.append(after));
    for (const Secret& secret : find_secrets(before)) found.push_back(secret);
    for (Secret secret : find_secrets(after)) {
        secret.begin += border;
        secret.end += border;
        found.push_back(secret);
    }
    const auto secrets = set_apart(std::move(found));
    MaskedParts out;
    out.before = masked(before, within(secrets, 0, border)).text;
    out.after = masked(after, within(secrets, border, border + after.size())).text;
    for (const Secret& secret : secrets) out.kinds.push_back(secret.kind);
    return out;
}

}  // namespace dragoman::privacy
