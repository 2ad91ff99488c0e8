#include "server/upstream/http/head_reader.h"

#include <charconv>

namespace dragoman::http {
namespace {

// Under libcurl's own limit (300 KB, from 8.3 on and in Debian's 7.88), so the verdict is ours.
constexpr std::size_t kHeadLimit = 256U << 10U;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

HeadReader::Step HeadReader::feed(std::string_view line) {
    seen_ += line.size();
    if (seen_ > kHeadLimit) return Step::too_large;
    if (complete_) return Step::more;  // a trailer

    if (line.substr(0, 5) == "HTTP/") {
        start(line);
    } else if (!trimmed(line).empty()) {
        add(line);
    } else if (final_started()) {
        complete_ = true;
        return Step::complete;
    }
    return Step::more;
}

void HeadReader::start(std::string_view status_line) {
    head_ = Head{};
    const auto blank = status_line.find(' ');
    if (blank == std::string_view::npos) return;
    const auto rest = trimmed(status_line.substr(blank));
    std::from_chars(rest.data(), rest.data() + rest.size(), head_.status);
}

void HeadReader::add(std::string_view line) {
    if ((line.front() == ' ' || line.front() == '\t') && !head_.headers.empty()) {
        // A folded line (RFC 9112, 5.2) goes on with the value above it.
        head_.headers.back().second.append(" ").append(trimmed(line));
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    head_.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
}

}  // namespace dragoman::http
