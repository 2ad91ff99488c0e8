// dragoman/chat/send as it comes from the editor, read into what the chat engine takes.
#pragma once

#include "protocol/base/json.h"
#include "server/chat/engine.h"

namespace dragoman::session {

struct ChatParams {
    chat::Send send;
    std::string document_uri;  // decides whose configuration applies; empty: the first folder's
    Json token;                // partialResultToken; null: none
};

/// The error is a sentence that names the member and what it should be.
Result<ChatParams, std::string> read_chat_params(const Json& params);

}  // namespace dragoman::session
