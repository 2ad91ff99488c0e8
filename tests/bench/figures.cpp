#include "tests/bench/figures.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace dragoman::bench {
namespace {

template <class... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

}  // namespace

Span quantile(std::vector<Span> spans, double part) {
    const auto at = static_cast<std::size_t>(part * static_cast<double>(spans.size() - 1) + 0.5);
    std::nth_element(spans.begin(), spans.begin() + static_cast<std::ptrdiff_t>(at), spans.end());
    return spans[at];
}

std::string words(Span span) {
    const double us = static_cast<double>(span.count()) / 1000.0;
    return us < 1000.0 ? print("%.0f us", us) : print("%.2f ms", us / 1000.0);
}

std::string median_and(const std::vector<Span>& spans, double part) {
    return "median " + words(quantile(spans, 0.5)) + print(", p%.0f ", part * 100.0) +
           words(quantile(spans, part));
}

std::string megabytes(long long kib) { return print("%.1f MB", static_cast<double>(kib) / 1024.0); }

void tell(const std::string& figure, const std::string& target, const std::string& measured) {
    std::printf("%-52s %-16s %s\n", figure.c_str(), target.c_str(), measured.c_str());
    std::fflush(stdout);
}

}  // namespace dragoman::bench
