// What the two completion methods have in common: the same engine is asked, only the items look different.
//
// Private to the room.
#pragma once

#include "server/session/session.h"

#include <optional>
#include <vector>

namespace dragoman::session {

/// Reads what was asked against the text that is open; nothing where there is nothing to complete in.
std::optional<completion::InlineRequest> completion_request(Session& session,
                                                            const lsp::InlineCompletionParams& params);

/// The result for suggestions that still fit (none: the empty one).
using WriteItems = Json (*)(Session&, const completion::InlineRequest&,
                            const std::vector<completion::Suggestion>&);
/// Asks the engine and answers `reply` once, with what `write` makes of it.
void complete(Session& session, const Reply& reply, completion::InlineRequest request, WriteItems write);

}  // namespace dragoman::session
