#include "server/completion/context/sources.h"

#include "server/completion/context/composition.h"
#include "server/completion/context/definitions.h"
#include "server/completion/context/edits.h"
#include "server/completion/context/passages.h"
#include "server/completion/context/readiness.h"
#include "server/completion/text/lines.h"
#include "server/completion/text/window.h"
#include "server/support/tokens.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

// Shares of a budget, in percent; what one source leaves goes to the others.
constexpr std::size_t kSimilarShare = 25, kEditShare = 15;
// Kept free when pieces are chosen anew, for what the next keystrokes ask for: it is added behind.
constexpr std::size_t kReserveShare = 8;
constexpr std::size_t kSmallest = 25;  // tokens: less room than this holds no piece

// One neighbourhood: the same pieces serve it for a while, so that gateways find the prompt they know.
constexpr std::size_t kNearLines = 15;
// Imports stand near the beginning; they are looked up again after a moment, for files that were saved.
constexpr std::size_t kImportSection = 64 * 1024;
constexpr auto kLookupFresh = std::chrono::seconds{2};
constexpr auto kFresh = std::chrono::seconds{20};
constexpr std::size_t kMostRemembered = 8;  // documents
constexpr double kKnown = 0.5;  // share of its lines from which on a new piece is an old one, grown

// The lines of an edit as they stand in the file.
std::string without_signs(std::string_view text) {
    std::string lines;
    for (const std::string_view line : split_lines(text)) {
        if (!line.empty()) lines.append(line.substr(1)).append("\n");
    }
    return lines;
}

}  // namespace

class Sources::Impl {
public:
    Impl(Clock& clock, Files& files, Worker& worker, const Documents& documents)
        : clock_{clock},
          documents_{documents},
          definitions_{files, worker},
          edits_{clock},
          passages_{clock, secrets_},
          readiness_{clock} {}

    void changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
        if (!name_document(now.uri, {})) return;
        edits_.changed(now, changes);
        passages_.changed(now, changes);
    }
    void closed(const std::string& uri) {
        edits_.closed(uri);
        passages_.closed(uri);
        remembered_.erase(uri);
        prepared_.erase(uri);
        readiness_.end(uri);
        if (const auto name = name_document(uri, {})) definitions_.forget(name->file.string());
    }
    void visited(const std::string& uri, std::size_t offset) { passages_.visited(uri, offset); }

    void prepare(const Where& where);
    std::unique_ptr<Waiting> when_ready(const std::string& uri, Milliseconds at_most,
                                        std::function<void()> then) {
        // What is known stays known while it is looked at again.
        const auto name = name_document(uri, {});
        if (name && definitions_.ready(name->file.string())) readiness_.end(uri);
        return readiness_.wait(uri, at_most, std::move(then));
    }
    Gathered gather(const Where& where, std::size_t budget);

private:
    StaysHere& stays_here(const std::shared_ptr<const config::Effective>& config);
    // A piece as it was given, and how to tell whether it is still true.
    struct Held {
        Piece piece;
        std::string uri;             // of the document that it came from; empty: a file on the disk
        std::uint64_t revision = 0;  // of that document, in which `original` was seen
        std::string original;
        std::vector<std::string_view> masked;
    };
    struct Remembered {
        Clock::Time chosen{};
        std::size_t line = 0;
        bool complete = false;  // the definitions were there
        std::shared_ptr<const config::Effective> config{};
        std::vector<Held> held;
    };
    // What one call works with.
    struct Call {
        const Where& where;
        DocumentName name;
        Window window;
        std::size_t line = 0;
        std::vector<DocumentSnapshot> open;
        Composition composition;
        std::vector<Held> chosen{};
        std::optional<Neighbourhood> near{};
        std::map<std::string, std::string> texts{};  // of documents that changed, by URI
    };
    std::vector<DocumentSnapshot> open_documents() const;
    static bool allows(Call& call, const Held& held);
    static bool still_true(Held& held, Call& call, const std::vector<Held>& edits);
    static bool add(Call& call, Held held);
    static Neighbourhood& near(Call& call);
    std::vector<Held> definitions(Call& call, std::size_t budget) const;
    std::vector<Held> similar(Call& call, std::size_t budget);
    std::vector<Held> recent_edits(Call& call, std::size_t budget);
    void choose_anew(Call& call, std::size_t budget);
    void choose_again(Call& call, const Remembered& before);
    Remembered& remembered(const std::string& uri);
    static std::size_t tokens_of(const std::vector<Held>& held);
    static void keep_beginning(std::vector<Held>& chosen, const std::vector<Held>& before);
    static Gathered told(Call& call);

    Clock& clock_;
    const Documents& documents_;
    Definitions definitions_;
    Edits edits_;
    mutable KnownSecrets secrets_;
    Passages passages_;
    Readiness readiness_;
    struct Prepared {
        Clock::Time at{};
        std::size_t head = 0;  // hash of the text that holds the imports
        std::shared_ptr<const config::Effective> config{};
    };
    std::map<std::string, Prepared> prepared_;      // by the client's URI
    std::map<std::string, Remembered> remembered_;  // by the client's URI
    struct Exclusions {
        Clock::Time since{};
        std::shared_ptr<const config::Effective> config{};
        StaysHere files{};
    } exclusions_;
};

void Sources::Impl::prepare(const Where& where) {
    const auto name = name_document(where.document.uri, where.folders);
    if (!name || where.folders.empty()) return;
    // Each keystroke comes here: what was looked up a moment ago for the same imports is fresh.
    std::string head = where.document.text.slice(0, kImportSection);
    Prepared& prepared = prepared_[where.document.uri];
    const auto digest = std::hash<std::string>{}(head);
    if (prepared.config == where.config && prepared.head == digest &&
        clock_.now() - prepared.at < kLookupFresh)
        return;
    prepared = {clock_.now(), digest, where.config};
    auto done = readiness_.begin(where.document.uri);
    definitions_.prepare({.path = name->file.string(),
                          .language = where.document.language_id,
                          .text = normalise_line_ends(head),
                          .folders = where.folders,
                          .config = where.config},
                         std::move(done));
}

std::vector<DocumentSnapshot> Sources::Impl::open_documents() const {
    std::vector<DocumentSnapshot> open = documents_.all();
    open.erase(
        std::remove_if(open.begin(), open.end(),
                       [](const DocumentSnapshot& document) { return !name_document(document.uri, {}); }),
        open.end());
    return open;
}

// A passage is true while its document still has it, an edit while it is the last word on its lines. A
// definition from the disk is taken as true for as long as its neighbourhood is fresh.
bool Sources::Impl::still_true(Held& held, Call& call, const std::vector<Held>& edits) {
    if (held.piece.kind == Piece::Kind::edit) {
        return std::any_of(edits.begin(), edits.end(),
                           [&](const Held& edit) { return edit.piece.text == held.piece.text; });
    }
    if (held.uri.empty()) return true;
    const auto open = std::find_if(call.open.begin(), call.open.end(), [&](const DocumentSnapshot& document) {
        return document.uri == held.uri;
    });
    if (open == call.open.end()) return false;
    if (open->revision == held.revision) return true;
    const auto [text, first] = call.texts.try_emplace(held.uri);
    if (first) text->second = normalise_line_ends(open->text.to_string());
    if (text->second.find(held.original) == std::string::npos) return false;
    held.revision = open->revision;
    return true;
}

bool Sources::Impl::allows(Call& call, const Held& held) {
    if (!held.uri.empty()) {
        const auto name = name_document(held.uri, call.where.folders);
        return name && call.composition.allows(*name);
    }
    // Known as the prompt names it; privacy.exclude may mean it in any of these ways.
    const std::string& path = held.piece.path;
    const auto& folders = call.where.folders;
    return call.composition.allows({path, path}) &&
           std::all_of(folders.begin(), folders.end(), [&](const std::filesystem::path& folder) {
               return call.composition.allows({folder / path, path});
           });
}

bool Sources::Impl::add(Call& call, Held held) {
    if (!call.composition.take(held.piece)) return false;
    call.chosen.push_back(std::move(held));
    return true;
}

// The words around the cursor, read once.
Neighbourhood& Sources::Impl::near(Call& call) {
    if (!call.near) call.near.emplace(call.window.prefix, call.window.suffix);
    return *call.near;
}

std::vector<Sources::Impl::Held> Sources::Impl::definitions(Call& call, std::size_t budget) const {
    std::vector<Held> found;
    const std::string path = call.name.file.string();
    if (budget < kSmallest || !definitions_.ready(path)) return found;
    for (Piece& piece : definitions_.around(path, near(call), budget)) {
        Held held;
        // Masked when it was read; taken out of its file it may look like a secret in more places.
        held.masked.assign(privacy::count_masks(piece.text), "a secret in a definition");
        privacy::Masked masked = secrets_.mask(piece.text, 0, piece.text.size());
        if (!masked.kinds.empty()) {
            piece.text = std::move(masked.text);
            piece.tokens = estimate_tokens(piece.text);
            held.masked.insert(held.masked.end(), masked.kinds.begin(), masked.kinds.end());
        }
        held.piece = std::move(piece);
        if (allows(call, held)) found.push_back(std::move(held));
    }
    return found;
}

std::vector<Sources::Impl::Held> Sources::Impl::similar(Call& call, std::size_t budget) {
    std::vector<Held> found;
    if (budget < kSmallest) return found;
    const std::size_t cursor = call.where.cursor;
    const WindowLimits limits;
    const Passages::Query query{
        .document = call.where.document,
        .cursor = cursor,
        .visible_begin = cursor > limits.prefix ? cursor - limits.prefix : 0,
        .visible_end = cursor + limits.suffix,
        .allow =
            [&](const std::string& uri) {
                const auto name = name_document(uri, call.where.folders);
                return name && call.composition.allows(*name);
            },
    };
    for (Passage& passage : passages_.similar(query, budget, call.composition.seen())) {
        Held held;
        held.piece = {Piece::Kind::similar, name_document(passage.uri, call.where.folders)->shown,
                      std::move(passage.text), passage.tokens};
        const auto open =
            std::find_if(call.open.begin(), call.open.end(),
                         [&](const DocumentSnapshot& document) { return document.uri == passage.uri; });
        held.revision = open == call.open.end() ? 0 : open->revision;
        held.uri = std::move(passage.uri);
        held.original = std::move(passage.original);
        held.masked = std::move(passage.masked);
        found.push_back(std::move(held));
    }
    return found;
}

// What was changed anywhere but at the cursor, the oldest first: the latest word stands nearest to the file.
std::vector<Sources::Impl::Held> Sources::Impl::recent_edits(Call& call, std::size_t budget) {
    std::vector<Held> found;
    for (Edits::Edit& edit : edits_.recent()) {
        const bool here = edit.uri == call.where.document.uri;
        if (here && call.line + 1 >= edit.first_line && call.line <= edit.end_line) continue;
        const bool only_adds = ("\n" + edit.text).find("\n-") == std::string::npos;
        if (only_adds && call.composition.seen().share(without_signs(edit.text)) > 0.99) continue;
        const std::size_t tokens = estimate_tokens(edit.text);
        if (tokens > budget) continue;
        const auto name = name_document(edit.uri, call.where.folders);
        if (!name || !call.composition.allows(*name)) continue;
        budget -= tokens;
        Held held;
        held.piece = {Piece::Kind::edit, name->shown, std::move(edit.text), tokens};
        held.uri = std::move(edit.uri);
        held.masked = std::move(edit.masked);
        found.push_back(std::move(held));
    }
    std::reverse(found.begin(), found.end());
    return found;
}

// All sources by their shares. What alike passages cannot use goes to the definitions, and what these leave
// to both others.
void Sources::Impl::choose_anew(Call& call, std::size_t budget) {
    const std::size_t all = budget - budget * kReserveShare / 100;
    const std::size_t for_edits = tokens_of(recent_edits(call, all * kEditShare / 100));
    std::size_t left = all - for_edits;
    // Where definitions are known they leave little; what stays free then is worth no longer search.
    const bool known = definitions_.ready(call.name.file.string());
    std::vector<Held> alike = similar(call, known ? std::min(left, 2 * all * kSimilarShare / 100) : left);
    std::size_t for_similar = 0;
    for (const Held& held : alike) {
        if (for_similar + held.piece.tokens <= all * kSimilarShare / 100) for_similar += held.piece.tokens;
    }
    const auto take = [&](std::vector<Held>& found) {
        for (Held& held : found) {
            const std::size_t tokens = held.piece.tokens;
            if (tokens <= left && add(call, std::move(held))) left -= tokens;
        }
    };
    std::size_t kept = 0;
    for (const Held& held : alike) {
        kept += held.piece.tokens;
        if (known && kept <= for_similar) near(call).show(held.piece.text);
    }
    std::vector<Held> defined = definitions(call, left - for_similar);
    take(defined);
    take(alike);
    for (Held& held : recent_edits(call, left + for_edits)) add(call, std::move(held));
}

// What was chosen for this neighbourhood, as far as it is still true; behind it, as far as there is room, the
// definitions of what was typed since and the edits that were made.
void Sources::Impl::choose_again(Call& call, const Remembered& before) {
    const std::vector<Held> edits = recent_edits(call, std::string::npos);
    for (Held held : before.held) {
        if (still_true(held, call, edits) && allows(call, held)) add(call, std::move(held));
    }
    if (call.composition.left() >= kSmallest) {
        for (Held& held : definitions(call, call.composition.left() + tokens_of(call.chosen))) {
            if (call.composition.seen().share(held.piece.text) < kKnown) add(call, std::move(held));
        }
    }
    for (Held& held : recent_edits(call, call.composition.left())) {
        const bool known = std::any_of(call.chosen.begin(), call.chosen.end(),
                                       [&](const Held& one) { return one.piece.text == held.piece.text; });
        if (!known) add(call, std::move(held));
    }
}

std::size_t Sources::Impl::tokens_of(const std::vector<Held>& held) {
    std::size_t sum = 0;
    for (const Held& one : held) sum += one.piece.tokens;
    return sum;
}

// Puts first what the prompt before began with, as far as all of it was chosen again.
void Sources::Impl::keep_beginning(std::vector<Held>& chosen, const std::vector<Held>& before) {
    auto next = chosen.begin();
    for (const Held& held : before) {
        const auto again = std::find_if(next, chosen.end(), [&](const Held& one) {
            return one.piece.path == held.piece.path && one.piece.text == held.piece.text;
        });
        if (again == chosen.end()) return;
        std::rotate(next, again, again + 1);
        ++next;
    }
}

Gathered Sources::Impl::told(Call& call) {
    Gathered gathered;
    for (const Held& held : call.chosen) {
        gathered.notes.push_back(std::string{wire_name(held.piece.kind)} + " from " + held.piece.path + ", " +
                                 std::to_string(held.piece.tokens) + " tokens");
        for (const std::string_view kind : held.masked)
            gathered.notes.push_back("masked: " + std::string{kind});
        gathered.pieces.push_back(held.piece);
        gathered.pieces.back().masked = held.masked.size();
    }
    for (const std::string& shown : call.composition.refused())
        gathered.notes.push_back("left out " + shown + ": privacy.exclude");
    return gathered;
}

// What is known of excluded files: while the configuration is the same, and no longer than a moment, because
// a link or a nearer project file may have changed.
StaysHere& Sources::Impl::stays_here(const std::shared_ptr<const config::Effective>& config) {
    const auto now = clock_.now();
    if (exclusions_.config != config || now - exclusions_.since >= kLookupFresh)
        exclusions_ = {now, config, {}};
    return exclusions_.files;
}

// The place for what is remembered of a document; the one that was used longest ago makes room.
Sources::Impl::Remembered& Sources::Impl::remembered(const std::string& uri) {
    if (remembered_.size() >= kMostRemembered && remembered_.count(uri) == 0) {
        remembered_.erase(
            std::min_element(remembered_.begin(), remembered_.end(),
                             [](const auto& a, const auto& b) { return a.second.chosen < b.second.chosen; }));
    }
    return remembered_[uri];
}

Gathered Sources::Impl::gather(const Where& where, std::size_t budget) {
    auto name = name_document(where.document.uri, where.folders);
    if (!name || !where.config || budget < kSmallest) return {};
    Call call{.where = where,
              .name = std::move(*name),
              .window = take_window(where.document.text, where.cursor),
              .line = where.document.text.line_of(where.cursor),
              .open = open_documents(),
              .composition = {*where.config, budget, stays_here(where.config)}};
    call.composition.see(call.window.prefix);
    call.composition.see(call.window.suffix);
    passages_.look_at(call.open);

    const auto now = clock_.now();
    const bool complete = definitions_.ready(call.name.file.string());
    Remembered& before = remembered(where.document.uri);
    const bool near = !before.held.empty() &&
                      std::max(before.line, call.line) - std::min(before.line, call.line) <= kNearLines;
    if (near && complete == before.complete && where.config == before.config &&
        now - before.chosen < kFresh) {
        choose_again(call, before);
    } else {
        choose_anew(call, budget);
        if (near) keep_beginning(call.chosen, before.held);
        before.chosen = now;
        before.line = call.line;
        before.complete = complete;
        before.config = where.config;
    }
    before.held = call.chosen;
    return told(call);
}

Sources::Sources(Clock& clock, Files& files, Worker& worker, const Documents& documents)
    : impl_{std::make_unique<Impl>(clock, files, worker, documents)} {}
Sources::~Sources() = default;

void Sources::document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    impl_->changed(now, changes);
}
void Sources::document_closed(const std::string& uri) { impl_->closed(uri); }
void Sources::visited(const std::string& uri, std::size_t offset) { impl_->visited(uri, offset); }
void Sources::prepare(const Where& where) { impl_->prepare(where); }
std::unique_ptr<Sources::Waiting> Sources::when_ready(const std::string& uri, Milliseconds at_most,
                                                      std::function<void()> then) {
    return impl_->when_ready(uri, at_most, std::move(then));
}
Gathered Sources::gather(const Where& where, std::size_t budget) { return impl_->gather(where, budget); }

}  // namespace dragoman::completion
