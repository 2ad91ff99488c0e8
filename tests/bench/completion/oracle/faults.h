// What models make of a good answer.
#pragma once

#include "tests/bench/completion/oracle/spans.h"

#include <array>
#include <optional>
#include <string>

namespace dragoman::bench {

enum class Fault {
    none,
    fence,
    chatter,
    prefix,
    suffix,
    indentation,
    more,
    think,
    token,
    cut,
    crlf,
    trailing
};
inline constexpr std::array kFaults = {Fault::none,        Fault::fence, Fault::chatter, Fault::prefix,
                                       Fault::suffix,      Fault::more,  Fault::think,   Fault::token,
                                       Fault::indentation, Fault::cut,   Fault::crlf,    Fault::trailing};
const char* name_of(Fault fault);

struct Answer {
    std::string text;
    std::string expected;  // what should be shown of it, but for trailing blanks
    bool cut_off = false;  // it ended for its length
};

/// What a model with the fault would answer to the span; nothing where the fault cannot show.
std::optional<Answer> answer_with(Fault fault, const Span& span, Dice& dice);

}  // namespace dragoman::bench
