#include "server/documents/documents.h"

#include <algorithm>

namespace dragoman {
namespace {

// A line for the log: what came, for which document, and what is wrong with it.
std::string note(std::string_view method, std::string_view uri, std::string_view what) {
    return std::string{method}.append(" ").append(one_line(uri)).append(": ").append(what);
}

std::string no_uri(std::string_view method) {
    return std::string{method}.append(" ignored: params.textDocument.uri is not a string");
}

void add(std::string& problems, std::string_view problem) {
    if (!problems.empty() && !problem.empty()) problems += "; ";
    problems += problem;
}

}  // namespace

std::string Documents::did_open(const Json& params) {
    const auto document = lsp::text_document_of(params);
    if (!document) return no_uri("didOpen");
    const Json& item = *dragoman::find(params, "textDocument");
    auto text = get_string(item, "text");

    const auto [entry, fresh] = open_.try_emplace(normalise_uri(document->uri));
    Open& open = entry->second;
    open.known = text.has_value();
    open.snapshot = {document->uri, get_string(item, "languageId").value_or(""),
                     document->version.value_or(0), ++revision_, text ? Text{*text} : Text{}};

    std::string problems;
    if (!fresh) add(problems, "was open already; its text was replaced");
    if (!text) {
        add(problems, "came without a text, which is unknown until the next full text");
    } else {
        changed(open, {{0, 0, std::move(*text), true}});
    }
    return problems.empty() ? problems : note("didOpen", document->uri, problems);
}

std::string Documents::did_change(const Json& params) {
    const auto document = lsp::text_document_of(params);
    if (!document) return no_uri("didChange");
    const auto entry = open_.find(normalise_uri(document->uri));
    if (entry == open_.end()) return note("didChange", document->uri, "is not open; ignored");
    Open& open = entry->second;

    std::string problems;
    if (document->version && *document->version < open.snapshot.version) {
        add(problems, "the version went back from " + std::to_string(open.snapshot.version) + " to " +
                          std::to_string(*document->version));
    }
    open.snapshot.version = document->version.value_or(open.snapshot.version);
    const Json* changes = dragoman::find(params, "contentChanges");
    std::vector<AppliedChange> applied;
    add(problems, apply(open, changes == nullptr ? Json{} : *changes, applied));
    if (!applied.empty() && open.known) changed(open, applied);
    return problems.empty() ? problems : note("didChange", document->uri, problems);
}

// Applies each change to the result of the one before. Once one is impossible, edits are passed over until
// a full text comes. The result names what was wrong.
std::string Documents::apply(Open& open, const Json& changes, std::vector<AppliedChange>& applied) {
    const bool was_known = open.known;
    std::string problems;
    const auto lose = [&](std::string_view why) {
        open.known = false;
        add(problems, why);
    };
    // A list that Lua clients could not tell from an object when it is empty.
    if (changes.is_object() && changes.empty()) return problems;
    if (!changes.is_array()) {
        lose("contentChanges is not a list; the text is unknown until the next full text");
        return problems;
    }
    Text text = open.snapshot.text;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        auto change = lsp::content_change_from_json(changes[i]);
        if (!change) {
            if (!open.known) continue;
            lose("change " + std::to_string(i + 1) + " of " + std::to_string(changes.size()) +
                 " is impossible; the text is unknown until the next full text");
        } else if (!change->range) {
            const std::size_t removed = text.size();
            text = Text{change->text};
            applied.push_back({0, removed, std::move(change->text), true});
            open.known = true;
        } else if (open.known) {
            const std::size_t begin = text.offset_of(change->range->start, encoding_);
            const std::size_t end = text.offset_of(change->range->end, encoding_);
            text = text.replace(begin, end, change->text);
            applied.push_back({begin, end - begin, std::move(change->text)});
        }
    }
    if (!was_known && !open.known) add(problems, "the text is still unknown; edits were ignored");
    if (!applied.empty()) {
        open.snapshot.text = std::move(text);
        open.snapshot.revision = ++revision_;
    }
    return problems;
}

std::string Documents::did_close(const Json& params) {
    const auto document = lsp::text_document_of(params);
    if (!document) return no_uri("didClose");
    const auto entry = open_.find(normalise_uri(document->uri));
    if (entry == open_.end()) return note("didClose", document->uri, "is not open; ignored");
    const std::string uri = std::move(entry->second.snapshot.uri);
    open_.erase(entry);
    if (on_close) on_close(uri);
    return {};
}

std::optional<DocumentSnapshot> Documents::find(const std::string& uri) const {
    const auto entry = open_.find(normalise_uri(uri));
    if (entry == open_.end() || !entry->second.known) return std::nullopt;
    return entry->second.snapshot;
}

bool Documents::is_open(const std::string& uri) const { return open_.count(normalise_uri(uri)) > 0; }

std::vector<DocumentSnapshot> Documents::all() const {
    std::vector<DocumentSnapshot> snapshots;
    for (const auto& [uri, open] : open_) {
        if (open.known) snapshots.push_back(open.snapshot);
    }
    std::sort(snapshots.begin(), snapshots.end(),
              [](const auto& a, const auto& b) { return a.revision > b.revision; });
    return snapshots;
}

void Documents::changed(const Open& open, const std::vector<AppliedChange>& applied) const {
    if (on_change) on_change(open.snapshot, applied);
}

}  // namespace dragoman
