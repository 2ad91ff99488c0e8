#include "protocol/lsp/types.h"

#include <climits>

namespace dragoman::lsp {
namespace {

// [start, end], as clients from before the final 3.18 write the range of the selected entry.
std::optional<Range> range_from_pair(const Json& value) {
    if (!value.is_array() || value.size() != 2) return std::nullopt;
    const auto start = position_from_json(value[0]), end = position_from_json(value[1]);
    if (!start || !end) return std::nullopt;
    return Range{*start, *end};
}

InlineDialect dialect_of(const Json& context, InlineDialect known) {
    const auto kind = get_int(context, "triggerKind");
    if (kind == 0) return InlineDialect::old;
    if (kind == 2) return InlineDialect::final;
    if (const Json* selected = find(context, "selectedCompletionInfo")) {
        if (const Json* range = find(*selected, "range")) {
            if (range->is_array()) return InlineDialect::old;
            if (range->is_object()) return InlineDialect::final;
        }
    }
    return known;
}

std::optional<int> tab_size_of(const Json& options) {
    const auto size = get_int(options, "tabSize");
    if (!size || *size < 1 || *size > 64) return std::nullopt;
    return static_cast<int>(*size);
}

// What the client runs when an item is accepted.
Json acceptance_of(const std::string& id) {
    return {
        {"title", "Completion accepted"}, {"command", kCompletionAccepted}, {"arguments", Json::array({id})}};
}

}  // namespace

std::optional<Position> position_from_json(const Json& value) {
    const auto line = get_int(value, "line"), character = get_int(value, "character");
    if (!line || !character || *line < 0 || *character < 0) return std::nullopt;
    return Position{*line, *character};
}

std::optional<Range> range_from_json(const Json& value) {
    const Json* from = find(value, "start");
    const Json* to = find(value, "end");
    if (from == nullptr || to == nullptr) return std::nullopt;
    const auto start = position_from_json(*from), end = position_from_json(*to);
    if (!start || !end) return std::nullopt;
    return Range{*start, *end};
}

Json to_json(const Position& position) {
    return {{"line", position.line}, {"character", position.character}};
}

Json to_json(const Range& range) { return {{"start", to_json(range.start)}, {"end", to_json(range.end)}}; }

std::optional<TextDocument> text_document_of(const Json& params) {
    const Json* document = find(params, "textDocument");
    if (document == nullptr) return std::nullopt;
    auto uri = get_string(*document, "uri");
    if (!uri || uri->empty()) return std::nullopt;
    return TextDocument{std::move(*uri), get_int(*document, "version")};
}

std::optional<ContentChange> content_change_from_json(const Json& value) {
    auto text = get_string(value, "text");
    if (!text) return std::nullopt;
    const Json* range = find(value, "range");
    if (range == nullptr) return ContentChange{std::nullopt, std::move(*text)};
    const auto read = range_from_json(*range);
    if (!read || read->end < read->start) return std::nullopt;
    return ContentChange{read, std::move(*text)};
}

Result<CompletionParams, std::string> completion_params(const Json& params) {
    auto document = text_document_of(params);
    if (!document) return std::string{"params.textDocument.uri must be a string."};
    const Json* at = find(params, "position");
    const auto position = at == nullptr ? std::nullopt : position_from_json(*at);
    if (!position) return std::string{"params.position must be {line, character}, integers from 0 up."};
    return CompletionParams{std::move(document->uri), document->version, *position};
}

Result<InlineCompletionParams, std::string> inline_completion_params(const Json& params,
                                                                     InlineDialect known) {
    auto place = completion_params(params);
    if (!place) return place.error();

    InlineCompletionParams read;
    read.uri = std::move(place->uri);
    read.version = place->version;
    read.position = place->position;
    read.dialect = known;
    if (const Json* context = find(params, "context")) {
        read.dialect = dialect_of(*context, known);
        const int invoked = read.dialect == InlineDialect::old ? 0 : 1;
        read.automatic = get_int(*context, "triggerKind") != invoked;
        if (const Json* selected = find(*context, "selectedCompletionInfo")) {
            const Json* covered = find(*selected, "range");
            auto text = get_string(*selected, "text");
            auto range = covered == nullptr    ? std::nullopt
                         : covered->is_array() ? range_from_pair(*covered)
                                               : range_from_json(*covered);
            if (!range || !text) {
                return std::string{"params.context.selectedCompletionInfo must be {range, text}."};
            }
            read.selected = {*range, std::move(*text)};
        }
    }
    if (const Json* options = find(params, "formattingOptions")) {
        read.tab_size = tab_size_of(*options);
        read.insert_spaces = get_bool(*options, "insertSpaces");
    }
    return read;
}

Json to_json(const std::vector<InlineCompletionItem>& items) {
    Json list = Json::array();
    for (const InlineCompletionItem& item : items) {
        list.push_back({{"insertText", item.insert_text},
                        {"range", to_json(item.range)},
                        {"command", acceptance_of(item.id)}});
    }
    return {{"items", std::move(list)}};
}

Json to_json(const std::vector<MenuItem>& items) {
    constexpr int kText = 1, kPlain = 1, kAsIs = 1;  // CompletionItemKind, InsertTextFormat, InsertTextMode
    Json list = Json::array();
    for (const MenuItem& item : items) {
        list.push_back({{"label", item.label},
                        {"kind", kText},
                        {"detail", "dragoman"},
                        {"documentation", item.text},
                        {"sortText", "~" + std::to_string(list.size())},
                        {"filterText", item.text.substr(0, item.text.find('\n'))},
                        {"insertTextFormat", kPlain},
                        {"insertTextMode", kAsIs},
                        {"textEdit", {{"range", to_json(item.range)}, {"newText", item.text}}},
                        {"command", acceptance_of(item.id)}});
    }
    return {{"isIncomplete", true}, {"items", std::move(list)}};
}

std::optional<std::string> completion_id_of(const Json& item) {
    const Json* command = find(item, "command");
    if (command == nullptr || get_string(*command, "command") != kCompletionAccepted) return std::nullopt;
    const Json* arguments = find(*command, "arguments");
    if (arguments == nullptr || !arguments->is_array() || arguments->empty()) return std::nullopt;
    const Json& id = arguments->front();
    return id.is_string() ? std::optional{id.get<std::string>()} : std::nullopt;
}

}  // namespace dragoman::lsp
