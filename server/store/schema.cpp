#include "server/store/schema.h"

#include <array>
#include <optional>

namespace dragoman::store {
namespace {

constexpr const char* kVersion1 = R"sql(
CREATE TABLE conversations (
    id      TEXT PRIMARY KEY,
    title   TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_by_update ON conversations (updated);

CREATE TABLE turns (
    number       INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    state        TEXT NOT NULL,
    model        TEXT NOT NULL,
    prompt       TEXT NOT NULL,
    answer       TEXT NOT NULL,
    details      TEXT NOT NULL
);
CREATE INDEX turns_by_position ON turns (conversation, position, model);

CREATE TABLE usage (
    time     INTEGER NOT NULL,
    role     TEXT NOT NULL,
    model    TEXT NOT NULL,
    project  TEXT NOT NULL,
    input    INTEGER NOT NULL,
    output   INTEGER NOT NULL,
    cached   INTEGER NOT NULL,
    cost     REAL,
    currency TEXT NOT NULL,
    duration INTEGER NOT NULL,
    outcome  TEXT NOT NULL
);
CREATE INDEX usage_by_time ON usage (time);
)sql";

constexpr const char* kVersion2 = R"sql(
CREATE TABLE attachments (
    turn     TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (turn, position)
);
)sql";

/// A turn's number begins with that of its conversation (kTurnBits), so that a search knows whose turns it
/// has found without reading them, and a conversation lies in one piece. The index is built anew after this.
constexpr const char* kVersion3 = R"sql(
DROP TRIGGER IF EXISTS search_insert;
DROP TRIGGER IF EXISTS search_delete;
DROP TRIGGER IF EXISTS search_update;
ALTER TABLE attachments RENAME TO old_attachments;
ALTER TABLE turns RENAME TO old_turns;
ALTER TABLE conversations RENAME TO old_conversations;
DROP INDEX conversations_by_update;

CREATE TABLE conversations (
    number  INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    title   TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE INDEX conversations_by_update ON conversations (updated, id);
INSERT INTO conversations (id, title, created, updated)
    SELECT id, title, created, updated FROM old_conversations ORDER BY created, id;

CREATE TABLE turns (
    number  INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    state   TEXT NOT NULL,
    model   TEXT NOT NULL,
    prompt  TEXT NOT NULL,
    answer  TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX turns_by_number ON turns (number, model);
INSERT INTO turns
    SELECT place.number, o.id, o.created, o.state, o.model, o.prompt, o.answer, o.details
    FROM (SELECT t.number AS old, (c.number << 20)
              + row_number() OVER (PARTITION BY t.conversation ORDER BY t.position, t.number) AS number
          FROM old_turns t JOIN conversations c ON c.id = t.conversation) place
    JOIN old_turns o ON o.number = place.old
    ORDER BY place.number;

CREATE TABLE attachments (
    turn     TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (turn, position)
);
INSERT INTO attachments
    SELECT a.turn, a.position, a.content FROM old_attachments a JOIN turns t ON t.id = a.turn;
DROP TABLE old_attachments;
DROP TABLE old_turns;
DROP TABLE old_conversations;

CREATE TABLE chores (name TEXT PRIMARY KEY) WITHOUT ROWID;
)sql";
static_assert(kTurnBits == 20, "a version that was released keeps its number of bits");

/// What budgets need: guesses of what calls without a count have used, apart from what was counted; and the
/// limits that were lifted for a day.
constexpr const char* kSpending = R"sql(
ALTER TABLE usage ADD COLUMN guess_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN guess_cost REAL;
ALTER TABLE usage ADD COLUMN guess_currency TEXT NOT NULL DEFAULT '';

CREATE TABLE allowances (
    day    TEXT NOT NULL,
    budget TEXT NOT NULL,
    PRIMARY KEY (day, budget)
) WITHOUT ROWID;
)sql";

/// What was handed to the network, without its content.
constexpr const char* kSent = R"sql(
CREATE TABLE sent (
    time      INTEGER NOT NULL,
    role      TEXT NOT NULL,
    origin    TEXT NOT NULL,
    provider  TEXT NOT NULL,
    model     TEXT NOT NULL,
    project   TEXT NOT NULL,
    bytes_out INTEGER NOT NULL,
    bytes_in  INTEGER NOT NULL,
    duration  INTEGER NOT NULL,
    outcome   TEXT NOT NULL,
    status    INTEGER NOT NULL,
    drawn     TEXT NOT NULL
);
CREATE INDEX sent_by_time ON sent (time);
)sql";

constexpr std::array kMigrations{kVersion1, kVersion2, kVersion3, kSpending, kSent};

/// The index holds no copy of the texts, only where words stand; triggers keep it true. While they exist it
/// is up to date, so their absence says that it has to be built. Who types the first letters of a word asks
/// for a large part of all words: beginnings of up to three letters are indexed by themselves.
constexpr const char* kMakeIndex = R"sql(
DROP TABLE IF EXISTS search;
CREATE VIRTUAL TABLE search USING fts5 (
    prompt, answer, content = 'turns', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3');
CREATE TRIGGER search_insert AFTER INSERT ON turns BEGIN
    INSERT INTO search (rowid, prompt, answer) VALUES (new.number, new.prompt, new.answer);
END;
CREATE TRIGGER search_delete AFTER DELETE ON turns BEGIN
    INSERT INTO search (search, rowid, prompt, answer) VALUES ('delete', old.number, old.prompt, old.answer);
END;
CREATE TRIGGER search_update AFTER UPDATE OF prompt, answer ON turns BEGIN
    INSERT INTO search (search, rowid, prompt, answer) VALUES ('delete', old.number, old.prompt, old.answer);
    INSERT INTO search (rowid, prompt, answer) VALUES (new.number, new.prompt, new.answer);
END;
INSERT INTO search (search) VALUES ('rebuild');
)sql";

constexpr const char* kDropTriggers = R"sql(
DROP TRIGGER IF EXISTS search_insert;
DROP TRIGGER IF EXISTS search_delete;
DROP TRIGGER IF EXISTS search_update;
)sql";

constexpr const char* kCountTriggers =
    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN "
    "('search_insert', 'search_delete', 'search_update')";
constexpr std::int64_t kTriggers = 3;

std::filesystem::path copy_of(const std::filesystem::path& file, std::int64_t version) {
    return file.string() + ".version-" + std::to_string(version);
}

/// Of steps whose daemon died between the last of them and the end of its copy: conversations that are
/// deleted from now on would live on in it.
void remove_copies(const std::filesystem::path& file, std::int64_t version) {
    std::error_code ignored;
    for (std::int64_t older = 1; older < version; ++older)
        std::filesystem::remove(copy_of(file, older), ignored);
}

/// The file as it was, until this ends. Made while the write lock is held, so nobody changes it meanwhile;
/// by a connection of its own, because one that holds that lock cannot copy.
class SafetyCopy {
public:
    SafetyCopy(const std::filesystem::path& file, std::int64_t version) : copy_{copy_of(file, version)} {
        try {
            constexpr int kPatienceMs = 1000;
            Database{file, kPatienceMs}.copy_to(copy_);
        } catch (...) {
            remove();
            throw;
        }
    }
    ~SafetyCopy() { remove(); }
    SafetyCopy(const SafetyCopy&) = delete;
    SafetyCopy& operator=(const SafetyCopy&) = delete;

private:
    void remove() const {
        std::error_code ignored;
        std::filesystem::remove(copy_, ignored);
    }
    const std::filesystem::path copy_;
};

}  // namespace

std::span<const char* const> migrations() { return kMigrations; }

std::int64_t version_of(const Database& database, std::span<const char* const> steps) {
    const auto version = database.number("PRAGMA user_version");
    if (version > static_cast<std::int64_t>(steps.size())) {
        throw Unusable{
            "was written by a newer version of dragoman; update this one, or move the file away to begin a "
            "new "
            "history"};
    }
    return version;
}

void migrate(Database& database, std::span<const char* const> steps) {
    const auto wanted = static_cast<std::int64_t>(steps.size());
    if (version_of(database, steps) == wanted) return remove_copies(database.file(), wanted);
    std::optional<SafetyCopy> copy;
    Transaction transaction{database};
    const auto from = version_of(database, steps);  // another daemon may have been faster
    if (from > 0 && from < wanted) copy.emplace(database.file(), from);
    for (auto at = from; at < wanted; ++at) database.execute(steps[static_cast<std::size_t>(at)]);
    database.execute("PRAGMA user_version = " + std::to_string(wanted));
    transaction.commit();
}

bool prepare_search(Database& database, bool available) {
    const auto wanted = available ? kTriggers : 0;
    if (database.number(kCountTriggers) == wanted) return available;
    Transaction transaction{database};
    if (database.number(kCountTriggers) != wanted) {
        database.execute(kDropTriggers);
        if (available) database.execute(kMakeIndex);
    }
    transaction.commit();
    return available;
}

}  // namespace dragoman::store
