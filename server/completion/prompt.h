// What a model is told so that it answers with the text at the cursor and nothing else. Pure.
#pragma once

#include "server/completion/context.h"
#include "server/upstream/wire/request.h"

#include <vector>

namespace dragoman::completion {

/// For models that only chat: rules, two worked examples, then the file with its hole. What changes from
/// keystroke to keystroke comes last, so that gateways which keep prompts find the beginning again.
std::vector<wire::Message> chat_infill_messages(const Window& window);

/// For models that fill in the middle. The model's name and limits are the caller's.
wire::FillRequest fill_request(const Window& window);

/// Marks the cursor in chat prompts; a model that repeats it is cleaned by its presence.
inline constexpr std::string_view kCursorMark = "<CURSOR/>";

}  // namespace dragoman::completion
