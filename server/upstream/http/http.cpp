#include "server/upstream/http/http.h"

#include <algorithm>

namespace dragoman::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
        return std::equal(header.first.begin(), header.first.end(), name.begin(), name.end(), same);
    });
    return found == headers.end() ? nullptr : &found->second;
}

}  // namespace dragoman::http
