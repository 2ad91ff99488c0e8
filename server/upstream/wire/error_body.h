// What the body of a refusal says, whichever of the shapes of upstream.md 7.1 it has; no judgement yet.
#pragma once

#include "protocol/base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman::wire {

struct Complaint {
    enum class Form { empty, html, text, json, json_error } form = Form::empty;
    std::string message{};     // the gateway's own words, as it sent them (at most 4 KiB)
    std::string code{};        // error.code as text, else error.type
    std::string type{};        // error.type
    std::string param{};       // the field it names
    std::string request_id{};  // from the body: request_id, or "(request id: ...)" at the message's end
    std::optional<std::int64_t> context_limit{}, prompt_tokens{};  // llama.cpp: n_ctx, n_prompt_tokens
    int status = 0;  // a number from 400 to 599 given as code or status; 0: none
};

/// Reads any bytes. JSON that is no failure by itself has the form `json`; its
/// beginning is the message.
Complaint read_complaint(std::string_view body);
/// The same for JSON that is a value already.
Complaint read_complaint(const Json& value);

}  // namespace dragoman::wire
