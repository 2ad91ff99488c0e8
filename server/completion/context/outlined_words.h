// The loops over words that outlined.h declares; apart, so that its page can be read.
#pragma once

#include "server/completion/context/outlined.h"
#include "server/completion/text/lines.h"

namespace dragoman::completion {

template <class Take>
void each_word(std::string_view text, Take take) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_word(text[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        while (at < text.size() && is_word(text[at])) ++at;
        if (text[begin] < '0' || text[begin] > '9') take(text.substr(begin, at - begin));
    }
}

template <class Take>
void each_part(std::string_view name, Take take) {
    constexpr std::size_t kLongest = 64;
    char part[kLongest];
    std::size_t size = 0;
    const auto end = [&] {
        if (size >= 3) take(std::string_view{part, size});
        size = 0;
    };
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c == '_') {
            end();
            continue;
        }
        if (is_upper(c) && i > 0 && !is_upper(name[i - 1])) end();
        if (size < kLongest) part[size++] = is_upper(c) ? static_cast<char>(c + 32) : c;
    }
    end();
}

}  // namespace dragoman::completion
