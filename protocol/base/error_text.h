// An error as one text for a person.
#pragma once

#include "protocol/base/error.h"

#include <string>

namespace dragoman {

/// Message and hint, as sentences that follow each other.
inline std::string in_sentences(const Error& error) {
    if (error.hint.empty()) return error.message;
    const bool ended = !error.message.empty() &&
                       std::string_view{".!?"}.find(error.message.back()) != std::string_view::npos;
    return error.message + (ended ? " " : ". ") + error.hint;
}

}  // namespace dragoman
