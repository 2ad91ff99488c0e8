#include "server/git/diff_text.h"

#include "protocol/base/utf.h"
#include "server/privacy/secret_text.h"
#include "server/support/tokens.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

namespace dragoman::git {
namespace {

constexpr std::size_t kMostFiles = 400;

/// One line of a file's part with its line break; a hunk's line begins with ' ', '+' or '-'.
using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

std::string_view without_break(std::string_view line) {
    return line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
}

/// Only headers begin so: a line of content begins with ' ', '+', '-' or '\'.
bool begins_file(std::string_view line) {
    return line.starts_with("diff --") || line.starts_with("* Unmerged path ");
}

/// What git writes about one file.
struct Part {
    Lines lines;
    std::size_t head = 0;            // how many of them come before the first hunk
    std::vector<std::string> names;  // old and new; empty: unreadable
};

/// The name in "a/NAME b/NAME", where both are alike.
std::optional<std::string> twin_name(std::string_view pair) {
    if (pair.size() % 2 == 0) return std::nullopt;
    const auto half = pair.size() / 2;
    std::string before = unquoted(pair.substr(0, half)), after = unquoted(pair.substr(half + 1));
    if (!before.starts_with("a/") || !after.starts_with("b/")) return std::nullopt;
    before.erase(0, 2), after.erase(0, 2);
    if (before != after || pair[half] != ' ') return std::nullopt;
    return before;
}

void read_names(Part& part) {
    const std::string_view first = without_break(part.lines.front());
    for (std::size_t i = 1; i < part.head; ++i) {
        const std::string_view line = without_break(part.lines[i]);
        for (const std::string_view key : {"rename from ", "rename to ", "copy from ", "copy to "}) {
            if (line.starts_with(key)) part.names.push_back(unquoted(line.substr(key.size())));
        }
    }
    if (!part.names.empty()) return;
    for (const std::string_view key : {"diff --cc ", "diff --combined ", "* Unmerged path "}) {
        if (first.starts_with(key)) part.names.push_back(unquoted(first.substr(key.size())));
    }
    constexpr std::string_view kPlain = "diff --git ";
    if (!part.names.empty() || !first.starts_with(kPlain)) return;
    if (auto name = twin_name(first.substr(kPlain.size()))) part.names.push_back(std::move(*name));
}

std::vector<Part> parts_of(std::string_view raw) {
    std::vector<Part> parts;
    for (const std::string_view line : lines_of(raw)) {
        if (begins_file(line)) parts.emplace_back();
        if (!parts.empty()) parts.back().lines.push_back(line);
    }
    for (Part& part : parts) {
        const auto hunk = std::find_if(part.lines.begin(), part.lines.end(),
                                       [](std::string_view line) { return line.starts_with("@@"); });
        part.head = static_cast<std::size_t>(hunk - part.lines.begin());
        read_names(part);
    }
    return parts;
}

/// Masks what looks like a secret in one side of the hunks (`other` marks the lines of the other side). The
/// marks are left out for the search, because a secret of several lines is none with them in between.
std::size_t mask_side(std::vector<std::string>& lines, std::size_t head, char other) {
    std::string side;
    std::vector<std::pair<std::size_t, std::size_t>> starts;  // in `side`, and which line
    for (std::size_t i = head; i < lines.size(); ++i) {
        if (lines[i].empty() || lines[i][0] == other || lines[i][0] == '@' || lines[i][0] == '\\') continue;
        starts.emplace_back(side.size(), i);
        side.append(lines[i], 1);
    }
    const auto secrets = privacy::find_secrets(side);
    for (auto secret = secrets.rbegin(); secret != secrets.rend(); ++secret) {
        auto at = std::upper_bound(starts.begin(), starts.end(), std::pair{secret->begin, lines.size()});
        for (--at; at != starts.end() && at->first < secret->end; ++at) {
            std::string& line = lines[at->second];
            const std::size_t from = std::max(secret->begin, at->first) - at->first + 1;
            std::size_t to = std::min(secret->end - at->first + 1, line.size());
            if (to == line.size() && line.ends_with('\n')) --to;
            if (from < to) line.replace(from, to - from, privacy::kSecretMask);
        }
    }
    return secrets.size();
}

/// Behind a hunk's place git repeats the line of the file that leads up to it, cut at 80 bytes (xdiff,
/// func_line). A secret in it is masked; what may have been cut goes, because half a secret is not known for
/// one.
std::size_t mask_hunk_head(std::string& line) {
    constexpr std::size_t kCutAt = 80;
    const std::size_t marks = std::min(line.find_first_not_of('@'), line.size());
    const std::size_t place = line.find(std::string(marks, '@'), marks);
    if (place == std::string::npos) return 0;
    const std::size_t begin = place + marks;
    const std::string text{without_break(std::string_view{line}.substr(begin))};
    if (text.size() >= kCutAt) {
        line.erase(begin, text.size());
        return 0;
    }
    privacy::Masked masked = privacy::mask_secrets(text);
    line.replace(begin, text.size(), masked.text);
    return masked.kinds.size();
}

struct Shaped {
    std::vector<std::string> lines;
    std::size_t tokens = 0;
};

/// Of a change of a secret both sides count.
Shaped shape_part(const Part& part, DiffText& out) {
    Shaped shaped;
    const bool binary = std::any_of(part.lines.begin(), part.lines.end(), [](std::string_view line) {
        return line.find('\0') != std::string_view::npos;
    });
    const std::size_t kept = binary ? part.head : part.lines.size();
    for (std::size_t i = 0; i < kept; ++i) shaped.lines.emplace_back(part.lines[i]);
    if (binary) shaped.lines.emplace_back("Binary files differ\n");
    // The removed side is looked at second, in what the first left: a secret in a context line counts once.
    out.masked += mask_side(shaped.lines, part.head, '-');
    out.masked += mask_side(shaped.lines, part.head, '+');
    for (std::size_t i = part.head; i < shaped.lines.size(); ++i)
        if (shaped.lines[i].starts_with('@')) out.masked += mask_hunk_head(shaped.lines[i]);
    for (std::string& line : shaped.lines) {
        line = repair_utf8(line);
        shaped.tokens += estimate_tokens(line);
    }
    return shaped;
}

/// How many tokens each may have so that all fit: the small ones what they need, the others alike.
std::vector<std::size_t> shares(const std::vector<Shaped>& parts, std::size_t most) {
    std::vector<std::size_t> order(parts.size()), share(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return parts[a].tokens < parts[b].tokens; });
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::size_t even = most / (order.size() - i);
        share[order[i]] = std::min(parts[order[i]].tokens, even);
        most -= share[order[i]];
    }
    return share;
}

std::string count_of(std::size_t n, std::string_view one, std::string_view many) {
    return std::to_string(n) + " " + std::string{n == 1 ? one : many};
}

/// Its lines up to `room` tokens; at least its first, which names it.
void write_part(const Shaped& part, std::size_t room, DiffText& out) {
    ++out.files;
    std::size_t used = 0, next = 0;
    for (; next < part.lines.size(); ++next) {
        used += estimate_tokens(part.lines[next]);
        if (used > room && next > 0) break;
        out.text += part.lines[next];
    }
    if (!out.text.ends_with('\n')) out.text += '\n';
    if (const std::size_t left = part.lines.size() - next; left > 0) {
        out.text += "(cut here: " + count_of(left, "more line", "more lines") + " of this file left out)\n";
        out.lines_cut += left;
    }
}

void write_notes(DiffText& out, bool truncated) {
    const auto note = [&](const std::string& text) { out.text += "(" + text + ")\n"; };
    if (out.excluded > 0) {
        note(count_of(out.excluded, "file is", "files are") +
             " left out: privacy.exclude keeps them on this machine");
    }
    if (out.masked > 0)
        note(count_of(out.masked, "likely secret is", "likely secrets are") + " masked with asterisks");
    if (out.files_cut > 0) note(count_of(out.files_cut, "more file is", "more files are") + " left out");
    if (truncated) note("the changes are longer than what was read of them; the rest is left out");
}

int digit_of(char c) { return c >= '0' && c <= '7' ? c - '0' : -1; }

}  // namespace

std::string unquoted(std::string_view name) {
    if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string{name};
    name = name.substr(1, name.size() - 2);
    constexpr std::string_view kLetters = "abtnvfr", kMeant = "\a\b\t\n\v\f\r";
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '\\' || i + 1 == name.size()) {
            out += name[i];
            continue;
        }
        const char c = name[++i];
        if (digit_of(c) >= 0 && i + 2 < name.size() && digit_of(name[i + 1]) >= 0 &&
            digit_of(name[i + 2]) >= 0) {
            out += static_cast<char>(digit_of(c) * 64 + digit_of(name[i + 1]) * 8 + digit_of(name[i + 2]));
            i += 2;
        } else if (const auto letter = kLetters.find(c); letter != std::string_view::npos) {
            out += kMeant[letter];
        } else {
            out += c;
        }
    }
    return out;
}

DiffText shape_diff(std::string_view raw, const DiffLimits& limits) {
    if (limits.truncated) raw = raw.substr(0, raw.rfind('\n') + 1);  // half a line may be half a name
    DiffText out;
    std::vector<Shaped> parts;
    for (const Part& part : parts_of(raw)) {
        const bool stays =
            part.names.empty() ||
            (limits.excluded && std::any_of(part.names.begin(), part.names.end(), limits.excluded));
        if (stays) {
            ++out.excluded;
            if (!part.names.empty()) out.kept_here.push_back(part.names.back());
        } else if (parts.size() == kMostFiles) {
            ++out.files_cut;
        } else {
            parts.push_back(shape_part(part, out));
        }
    }
    const auto room = shares(parts, limits.most_tokens);
    for (std::size_t i = 0; i < parts.size(); ++i) write_part(parts[i], room[i], out);
    write_notes(out, limits.truncated);
    return out;
}

}  // namespace dragoman::git
