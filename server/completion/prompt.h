// What a model is told so that it answers with the text at the cursor and nothing else. Pure.
//
// What changes from keystroke to keystroke comes last, so that gateways which keep prompts find the beginning
// again. Likely secrets are masked here, whatever the piece they stand in.
#pragma once

#include "server/completion/context/piece.h"
#include "server/completion/text/window.h"
#include "server/upstream/wire/request.h"

#include <string>
#include <vector>

namespace dragoman::completion {

/// For models that only chat: rules, two worked examples, the pieces, then the file with its hole.
std::vector<wire::Message> chat_infill_messages(const Window& window, const std::vector<Piece>& pieces = {});

/// For models that fill in the middle: the pieces as files where the route has a place for them, as a comment
/// in front of the prefix elsewhere. The model's name and limits are the caller's.
wire::FillRequest fill_request(const Window& window, const std::vector<Piece>& pieces,
                               const std::string& route, const std::string& model);

}  // namespace dragoman::completion
