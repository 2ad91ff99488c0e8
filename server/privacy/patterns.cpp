#include "server/privacy/patterns.h"

#include "protocol/base/json.h"

#include <algorithm>
#include <cmath>

namespace dragoman_privacy_data {
extern const std::string_view secrets;
}

namespace dragoman::privacy {
namespace {

// "A-Za-z0-9_-": characters and ranges; a dash at either end is itself.
CharClass char_class(std::string_view text) {
    CharClass set;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto low = static_cast<unsigned char>(text[i]);
        const bool range = i + 2 < text.size() && text[i + 1] == '-';
        if (range) i += 2;
        for (std::size_t c = low; c <= static_cast<unsigned char>(text[i]); ++c) set.set(c);
    }
    return set;
}

Demand demand(const Json& entry) {
    const Demand usual;
    return {.least = entry.value("least", usual.least),
            .most = entry.value("most", usual.most),
            .digits = entry.value("digits", usual.digits),
            .uppers = entry.value("uppers", usual.uppers),
            .unbroken = entry.value("unbroken", usual.unbroken),
            .entropy = entry.value("entropy", usual.entropy)};
}

std::vector<std::string> strings(const Json& list) { return list.get<std::vector<std::string>>(); }

TokenPattern token_pattern(const Json& entry, const Json& classes) {
    TokenPattern token;
    token.kind = entry.at("kind");
    token.inside = entry.value("inside", false);
    token.demand = demand(entry);
    const Json& parts = entry.at("parts");
    token.beginnings = strings(parts.at(0));
    for (std::size_t i = 1; i < parts.size(); ++i) {
        TokenPattern::Part part;
        if (parts[i].is_string()) {
            part.literal = parts[i];
        } else {
            part.characters =
                char_class(classes.at(parts[i].at("class").get<std::string>()).get<std::string>());
            part.least = parts[i].at("least");
            part.most = parts[i].at("most");
            part.secret = parts[i].value("secret", false);
        }
        token.parts.push_back(std::move(part));
    }
    return token;
}

BlockPattern block_pattern(const Json& entry, const Json& classes) {
    BlockPattern block;
    block.kind = entry.at("kind");
    block.open = entry.at("open");
    block.close = entry.at("close");
    block.rule = entry.at("rule");
    block.labels = strings(entry.at("labels"));
    block.content = char_class(classes.at(entry.at("class").get<std::string>()).get<std::string>());
    block.body = block.content;
    for (const char c : entry.at("around").get<std::string>()) block.body.set(static_cast<unsigned char>(c));
    block.least = entry.at("least");
    return block;
}

Patterns read_patterns() {
    const Json data = Json::parse(dragoman_privacy_data::secrets);
    const Json& classes = data.at("classes");
    Patterns all;
    for (const Json& entry : data.at("tokens")) {
        all.tokens.push_back(token_pattern(entry, classes));
        std::bitset<256> firsts;
        for (const std::string& beginning : all.tokens.back().beginnings) {
            firsts.set(static_cast<unsigned char>(beginning.front()));
        }
        for (std::size_t c = 0; c < 256; ++c) {
            if (firsts[c]) all.by_first[c].push_back(all.tokens.size() - 1);
        }
    }
    for (const Json& entry : data.at("blocks")) all.blocks.push_back(block_pattern(entry, classes));
    for (const Json& entry : data.at("assignments")) {
        all.assignments.push_back({entry.at("kind"), strings(entry.at("names")), demand(entry)});
    }
    all.bare = demand(data.at("bare"));
    const Json& placeholders = data.at("placeholders");
    all.placeholder_within = strings(placeholders.at("within"));
    all.placeholder_begins = strings(placeholders.at("begins"));
    all.placeholder_whole = strings(placeholders.at("whole"));
    return all;
}

bool is_placeholder(std::string_view value) {
    const Patterns& all = patterns();
    const std::string text = lower_ascii(value);
    const auto within = [&](const std::string& mark) { return text.find(mark) != std::string::npos; };
    const auto begins = [&](const std::string& mark) { return text.starts_with(mark); };
    return std::any_of(all.placeholder_within.begin(), all.placeholder_within.end(), within) ||
           std::any_of(all.placeholder_begins.begin(), all.placeholder_begins.end(), begins) ||
           std::find(all.placeholder_whole.begin(), all.placeholder_whole.end(), text) !=
               all.placeholder_whole.end();
}

}  // namespace

std::string lower_ascii(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

const Patterns& patterns() {
    static const Patterns all = read_patterns();
    return all;
}

bool is_likely(std::string_view value, const Demand& demand) {
    if (value.size() < demand.least || value.size() > demand.most) return false;
    std::array<std::size_t, 256> counts{};
    std::size_t digits = 0, uppers = 0, run = 0, unbroken = 0;
    for (const char c : value) {
        ++counts[static_cast<unsigned char>(c)];
        const bool digit = c >= '0' && c <= '9', upper = c >= 'A' && c <= 'Z';
        if (digit) ++digits;
        if (upper) ++uppers;
        run = digit || upper || (c >= 'a' && c <= 'z') ? run + 1 : 0;
        unbroken = std::max(unbroken, run);
    }
    if (digits < demand.digits || uppers < demand.uppers || unbroken < demand.unbroken) return false;
    double entropy = 0;
    for (const std::size_t count : counts) {
        if (count == 0) continue;
        const double share = static_cast<double>(count) / static_cast<double>(value.size());
        entropy -= share * std::log2(share);
    }
    return entropy >= demand.entropy && !is_placeholder(value);
}

}  // namespace dragoman::privacy
