// What it costs to make a suggestion of an answer, in process: paid for every piece of a stream.
#include "server/completion/text/postprocess.h"
#include "tests/bench/figures.h"
#include "tests/bench/sections.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace dragoman::bench {
namespace {

using completion::Extent;
using completion::Window;

constexpr std::size_t kBefore = 12'000, kAfter = 4'000, kAnswer = 2'000;

std::string replaced(std::string text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

struct Language {
    const char* id;
    std::string_view function;  // "@" is a number
    std::string_view header;
};
constexpr std::array kLanguages = {
    Language{"cpp",
             "// Sums up what the orders of group @ cost, shipping included.\n"
             "Money total_@(const std::vector<Order>& orders, const Rates& rates) {\n"
             "    Money total = rates.base(\"group @\");\n"
             "    for (const auto& [name, order] : orders) {\n"
             "        if (order.is_cancelled() || order.amount == 0) continue;\n"
             "        total += rates.price_of(order.item, order.amount) * (1 + rates.tax(name));\n"
             "    }\n"
             "    return total;\n"
             "}\n\n",
             "Money shipping(const std::vector<Order>& orders) {\n    "},
    Language{"python",
             "def total_@(orders, rates):\n"
             "    \"\"\"Sums up what the orders of group @ cost, shipping included.\"\"\"\n"
             "    total = rates.base('group @')\n"
             "    for name, order in orders.items():\n"
             "        if order.is_cancelled() or order.amount == 0:\n"
             "            continue\n"
             "        total += rates.price_of(order.item, order.amount) * (1 + rates.tax(name))\n"
             "    return total\n\n\n",
             "def shipping(orders):\n    "},
};

/// At least `size` bytes of functions, none like another.
std::string functions(const Language& language, int first, std::size_t size) {
    std::string out;
    while (out.size() < size) out += replaced(std::string{language.function}, "@", std::to_string(first++));
    return out;
}

/// The body of a function, and then more of the file than is wanted.
std::string answer_of(const Language& language) {
    const std::string text = functions(language, 500, kAnswer);
    return text.substr(text.find("    "));
}

void measure_language(const Language& language, int samples) {
    const Window window{.prefix = functions(language, 0, kBefore).append(language.header),
                        .suffix = "\n\n" + functions(language, 300, kAfter),
                        .path = "orders",
                        .language = language.id};
    const completion::View view{window};
    const std::string answer = answer_of(language);
    std::vector<Span> wanting, presenting, asking;
    for (int i = 0; i < samples; ++i) {
        const auto time = [](std::vector<Span>& spans, const auto& work) {
            const Time begin = SteadyClock::now();
            work();
            spans.push_back(SteadyClock::now() - begin);
        };
        time(wanting, [&] { wanted_extent(window); });
        time(presenting, [&] { present(answer, view, Extent::block); });
        const auto said = answer.substr(0, answer.size() * static_cast<std::size_t>(i % 10 + 1) / 10);
        time(asking, [&] { is_enough(said, view, Extent::block); });
    }
    const std::string name = std::string{" ("} + language.id + ")";
    tell("what is wanted at a cursor" + name, "", median_and(wanting, 0.99));
    tell("present a 2 KB answer" + name, "", median_and(presenting, 0.99));
    tell("is a part of it enough" + name, "median < 100 us", median_and(asking, 0.99));
}

/// Windows and answers of one piece only, and of pairs: what hurts whoever looks twice.
void measure_hostile() {
    constexpr std::array<std::string_view, 22> kPieces = {
        "(",  ")", "{",     "}",  "[{(", "<",   ">",      "\n",         "\n\n", "a\n",      "    a\n",
        "\"", "`", "```\n", "/*", "*/",  "'''", "\"\"\"", "if (a) {\n", "<|",   "</think>", "    ",
    };
    const auto filled = [](std::string_view piece, std::size_t size) {
        std::string out;
        while (out.size() < size) out += piece;
        return out;
    };
    Span worst{};
    std::string where;
    for (const char* const language : {"cpp", "python", "typescript", "lua", "markdown", "html"}) {
        for (const auto of_window : kPieces) {
            const Window window{.prefix = filled(of_window, kBefore),
                                .suffix = filled(of_window, kAfter),
                                .path = {},
                                .language = language};
            for (const auto of_answer : kPieces) {
                const std::string answer = filled(of_answer, kAnswer);
                Span best = std::chrono::seconds{1};  // of a few, so that it is the work and not the machine
                for (int i = 0; i < 3; ++i) {
                    const Time begin = SteadyClock::now();
                    wanted_extent(window);
                    present(answer, window, Extent::block, true);
                    best = std::min<Span>(best, SteadyClock::now() - begin);
                }
                if (best <= worst) continue;
                worst = best;
                where = replaced(
                    std::string{language} + ", " + std::string{of_window} + " and " + std::string{of_answer},
                    "\n", "\\n");
            }
        }
    }
    tell("the hardest window of one piece only", "< 1 ms", words(worst) + " (" + where + ")");
}

}  // namespace

void measure_present(int samples) {
    for (const Language& language : kLanguages) measure_language(language, samples);
    measure_hostile();
}

}  // namespace dragoman::bench
