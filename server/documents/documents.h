// The texts that the editor has open. Loop thread.
//
// Editors and servers have always drifted apart over wrong edits. So an edit that cannot be understood
// makes the text unknown instead of nearly right, and the next full text makes it known again.
#pragma once

#include "protocol/base/json.h"
#include "server/documents/document.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman {

/// One edit as it was applied, for the caches: bytes of the text before it (which is the result of the
/// change before) and what came in their place.
struct AppliedChange {
    std::size_t begin = 0, removed = 0;
    std::string inserted{};
    bool whole = false;  // the full text was replaced
    friend bool operator==(const AppliedChange&, const AppliedChange&) = default;
};

class Documents {
public:
    explicit Documents(PositionEncoding encoding = PositionEncoding::utf16) : encoding_{encoding} {}
    void set_encoding(PositionEncoding encoding) { encoding_ = encoding; }
    PositionEncoding encoding() const { return encoding_; }

    // Params as they came; every kind of nonsense is survived. The result is a line for the log when
    // something was wrong, empty otherwise.
    std::string did_open(const Json& params);
    std::string did_change(const Json& params);
    std::string did_close(const Json& params);

    /// Nothing for a document that is not open, or whose text is unknown after an impossible edit.
    std::optional<DocumentSnapshot> find(const std::string& uri) const;
    bool is_open(const std::string& uri) const;
    /// Open documents, most recently changed or opened first.
    std::vector<DocumentSnapshot> all() const;

    /// Called once for each notification that changed a text and left it known, with its changes in the
    /// order they were applied (one with whole = true after an open). It may not call back the three
    /// functions above.
    std::function<void(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes)> on_change;
    /// Called after a document was closed, with its URI as the client spelled it when it was opened.
    std::function<void(const std::string& uri)> on_close;

private:
    struct Open {
        DocumentSnapshot snapshot;
        bool known = true;
    };
    std::string apply(Open& open, const Json& changes, std::vector<AppliedChange>& applied);
    void changed(const Open& open, const std::vector<AppliedChange>& applied) const;
    std::map<std::string, Open> open_;  // by normalised URI
    PositionEncoding encoding_;
    std::uint64_t revision_ = 0;
};

/// The form in which URIs are compared: scheme, host and drive letter in lower case, percent escapes of a
/// file's path decoded where that changes nothing, as clients encode differently. Other schemes (untitled,
/// git, vscode-notebook-cell, ...) are opaque. For comparison only: the client's spelling is what is sent
/// back, and the result need not be valid UTF-8.
std::string normalise_uri(std::string_view uri);

}  // namespace dragoman
