// What dragoman/edit and the code actions share: the checks before an edit begins, and its result as a
// WorkspaceEdit.
#pragma once

#include "protocol/lsp/types.h"
#include "server/edit/engine.h"
#include "server/session/session.h"

#include <optional>
#include <string>
#include <vector>

namespace dragoman::session {

/// The document and range that an edit is asked for, checked: open, known, not excluded, in order. The
/// error is fit for InvalidParams and names the document.
Result<edit::Request, std::string> edit_request(Session& session, const std::string& uri, const Range& range);

/// {documentChanges: [{textDocument: {uri, version}, edits}]}. With `confirm` each edit carries an annotation
/// of that label which asks the user.
Json workspace_edit(const edit::Outcome& outcome, PositionEncoding encoding,
                    const std::optional<std::string>& confirm = {});

}  // namespace dragoman::session
