#include "server/edit/masking.h"

#include "server/completion/text/lines.h"
#include "server/privacy/secret_text.h"

#include <algorithm>
#include <map>
#include <set>

namespace dragoman::edit {
namespace {

using privacy::kSecretMask;

/// Byte ranges of secrets within one part of the text, counted from its beginning.
using Spans = std::vector<std::pair<std::size_t, std::size_t>>;

Spans spans_within(const std::vector<privacy::Secret>& secrets, std::size_t begin, std::size_t end) {
    Spans spans;
    for (const privacy::Secret& secret : secrets) {
        const std::size_t from = std::max(secret.begin, begin), to = std::min(secret.end, end);
        if (from < to) spans.emplace_back(from - begin, to - begin);
    }
    return spans;
}

std::string masked(const std::string& text, const Spans& spans) {
    std::string out;
    std::size_t at = 0;
    for (const auto& [begin, end] : spans) {
        out.append(text, at, begin - at).append(kSecretMask);
        at = end;
    }
    return out.append(text, at);
}

}  // namespace

Masking::Masking(const Selection& selection, std::string_view instruction) {
    const std::string real = completion::normalise_line_ends(selection.text);
    const auto secrets = privacy::find_secrets(selection.before + real + selection.after);
    const std::size_t begin = selection.before.size(), end = begin + real.size();
    const Spans own = spans_within(secrets, begin, end);
    before_ = masked(selection.before, spans_within(secrets, 0, begin));
    text_ = masked(real, own);
    after_ = masked(selection.after, spans_within(secrets, end, end + selection.after.size()));
    count_ = secrets.size() + privacy::mask_typed(instruction).kinds.size();
    keep_lines(own, real);
}

void Masking::keep_lines(const std::vector<std::pair<std::size_t, std::size_t>>& masks,
                         const std::string& real) {
    std::map<std::size_t, Line> found;  // by where they begin
    for (std::size_t i = 0; i < masks.size();) {
        const std::size_t begin = real.rfind('\n', masks[i].first) + 1;  // npos + 1 is 0
        Spans here;
        std::size_t end = begin;
        do {  // all that end up in one line once they are masked
            here.emplace_back(masks[i].first - begin, masks[i].second - begin);
            end = std::min(real.find('\n', masks[i].second), real.size());
            ++i;
        } while (i < masks.size() && masks[i].first < end);
        const std::string line = real.substr(begin, end - begin);
        found[begin] = {.masked = masked(line, here), .real = line};
    }
    // Lines that are written as a masked one looks: they are alike, and hide nothing.
    std::set<std::string, std::less<>> masked_lines;
    for (const auto& [begin, line] : found) masked_lines.insert(line.masked);
    std::size_t at = 0;
    for (const std::string_view line : completion::split_lines(real)) {
        if (masked_lines.contains(line))
            found.try_emplace(at, Line{.masked = std::string{line}, .real = std::string{line}});
        at += line.size() + 1;
    }
    for (auto& [begin, line] : found) lines_.push_back(std::move(line));
}

std::string Masking::restore(const std::string& replacement) const {
    if (lines_.empty()) return replacement;
    const auto answered = completion::split_lines(replacement);
    std::vector<bool> used(lines_.size());
    const auto real_of = [&](std::string_view line) -> const std::string* {
        const auto is_it = [&](const Line& one) { return one.masked == line; };
        const auto first = std::find_if(lines_.begin(), lines_.end(), is_it);
        if (first == lines_.end()) return nullptr;
        const bool same = std::all_of(first, lines_.end(), [&](const Line& one) {
            return one.masked != line || one.real == first->real;
        });
        if (same) return &first->real;
        if (std::count_if(lines_.begin(), lines_.end(), is_it) !=
            std::count(answered.begin(), answered.end(), line))
            return nullptr;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (used[i] || !is_it(lines_[i])) continue;
            used[i] = true;
            return &lines_[i].real;
        }
        return nullptr;
    };
    std::string out;
    for (std::size_t i = 0; i < answered.size(); ++i) {
        const std::string* real = real_of(answered[i]);
        out.append(i == 0 ? "" : "\n").append(real == nullptr ? answered[i] : std::string_view{*real});
    }
    return out;
}

bool Masking::hides_secret(std::string_view text) const {
    return count_ > 0 && text.find(kSecretMask) != std::string_view::npos;
}

}  // namespace dragoman::edit
