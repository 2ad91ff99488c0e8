// The values of LSP that documents and inline completion are made of, read from JSON and written to it.
//
// Readers take what clients really send: 3.0 for 3, null for absent, both dialects of inline completion.
// They never throw; what cannot be understood gives nothing, or a sentence fit for InvalidParams.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/result.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dragoman {

/// LSP's position: zero-based line, character counted in the connection's encoding.
struct Position {
    std::int64_t line = 0, character = 0;
    friend bool operator==(const Position&, const Position&) = default;
    friend auto operator<=>(const Position&, const Position&) = default;
};
struct Range {
    Position start, end;
    friend bool operator==(const Range&, const Range&) = default;
};

}  // namespace dragoman

namespace dragoman::lsp {

/// Both numbers there and not negative. A number past any line's end is fine: it will be clamped.
std::optional<Position> position_from_json(const Json& value);
/// {start, end}, as they came: the end may lie before the start.
std::optional<Range> range_from_json(const Json& value);
Json to_json(const Position& position);
Json to_json(const Range& range);

/// `params.textDocument`, of any of LSP's kinds of document identifier.
struct TextDocument {
    std::string uri;
    std::optional<std::int64_t> version;
};
/// Nothing where there is no URI.
std::optional<TextDocument> text_document_of(const Json& params);

/// One entry of contentChanges: `text` in place of `range`, or of everything where there is no range.
/// rangeLength is deprecated, known to be wrong in the wild, and not read.
struct ContentChange {
    std::optional<Range> range{};
    std::string text{};
};
/// Nothing for what cannot be applied: no text, no readable range, an end before its start.
std::optional<ContentChange> content_change_from_json(const Json& value);

/// What textDocument/completion asks: where. Its context tells nothing of use: clients say "invoked" of
/// typing as well as of a key.
struct CompletionParams {
    std::string uri{};
    std::optional<std::int64_t> version{};  // where the client says which text it looks at
    Position position{};
};
/// The error names the member that is wrong.
Result<CompletionParams, std::string> completion_params(const Json& params);

/// One entry of the editor's completion menu.
struct MenuItem {
    std::string id{};     // comes back when the item is accepted
    std::string label{};  // one line
    std::string text{};   // plain, lines ended by \n, begins with what `range` covers
    Range range{};        // on one line, ends at the cursor
};
/// {isIncomplete: true, items: [...]}, as every client understands it: ranked behind what language servers
/// offer, selected by nobody but the user, and asked for anew with the next character.
Json to_json(const std::vector<MenuItem>& items);

/// How triggerKind counts. Clients from before the final 3.18 send 0 invoked, 1 automatic, and a range as
/// [start, end]; the final text has 1 invoked, 2 automatic, and an object. 1 alone says nothing.
enum class InlineDialect { unknown, old, final };

struct InlineCompletionParams {
    std::string uri{};
    std::optional<std::int64_t> version{};  // where the client says which text it looks at
    Position position{};
    bool automatic = true;  // as opposed to asked for by a key; without a context it is automatic
    struct Selected {
        Range range;
        std::string text;
    };
    std::optional<Selected> selected{};  // the entry highlighted in the editor's completion menu
    std::optional<int> tab_size{};
    std::optional<bool> insert_spaces{};
    InlineDialect dialect = InlineDialect::unknown;  // what this request proves, or `known`
};
/// `known` is what earlier requests of the session proved. The error names the member that is wrong.
Result<InlineCompletionParams, std::string> inline_completion_params(
    const Json& params, InlineDialect known = InlineDialect::unknown);

struct InlineCompletionItem {
    std::string id{};           // comes back when the item is accepted
    std::string insert_text{};  // plain, lines ended by \n, begins with what `range` covers
    Range range{};              // on one line, ends at the cursor
};
/// {items: [...]}, the one form that is safe in every client; no items is {items: []}.
Json to_json(const std::vector<InlineCompletionItem>& items);

/// The id of an item that a client sends back whole, as didShowCompletion does; nothing for strangers.
std::optional<std::string> completion_id_of(const Json& item);

inline constexpr std::string_view kCompletionAccepted = "dragoman.completionAccepted";
inline constexpr std::string_view kCodeAction = "dragoman.codeAction";

}  // namespace dragoman::lsp
