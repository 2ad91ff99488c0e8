// dragoman/chat/send as it comes from the editor, read into what the chat engine takes.
#pragma once

#include "protocol/base/json.h"
#include "server/chat/engine.h"

#include <optional>
#include <string>

namespace dragoman::session {

/// A text of the context that git is yet to give.
struct WantedDiff {
    std::size_t item = 0;  // of send.context: a TextItem with its label
    bool staged = false;
};

struct ChatParams {
    chat::Send send;
    std::vector<WantedDiff> diffs;
    std::string document_uri;  // decides whose configuration applies; empty: the first folder's
    Json token;                // partialResultToken; null: none
};

/// The error is a sentence that names the member and what it should be.
Result<ChatParams, std::string> read_chat_params(const Json& params);

// ---- parts of it that other params have, too

/// What is wrong, naming the member; nothing where all is well.
using Complaint = std::optional<std::string>;

/// `options` of `params`.
Complaint read_options(const Json& params, chat::Options& out);
/// `partialResultToken` of `params`; null where there is none.
Complaint read_token(const Json& params, Json& out);
/// `diagnostics` of `item`; nothing where they are no LSP diagnostics.
std::optional<chat::DiagnosticsItem> read_diagnostics(const Json& item, const std::string& uri);

}  // namespace dragoman::session
