#include "server/store/schema.h"

#include <array>

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

constexpr std::array kMigrations{kVersion1};

/// The index holds no copy of the texts, only where words stand; triggers keep it true. While they exist it
/// is up to date, so their absence says that it has to be built.
constexpr const char* kMakeIndex = R"sql(
DROP TABLE IF EXISTS search;
CREATE VIRTUAL TABLE search USING fts5 (
    prompt, answer, content = 'turns', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2');
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

}  // namespace

std::span<const char* const> migrations() { return kMigrations; }

void migrate(Database& database, std::span<const char* const> steps) {
    const auto wanted = static_cast<std::int64_t>(steps.size());
    const auto version = [&] { return database.number("PRAGMA user_version"); };
    if (version() == wanted) return;
    Transaction transaction{database};
    const auto from = version();  // another daemon may have been faster
    if (from > wanted) throw TooNew{};
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
