#include "server/store/history.h"

#include "server/store/connection.h"
#include "server/store/query.h"

#include <algorithm>

namespace dragoman::store {
namespace {

ConversationHead head_of(const Statement& row) {
    return {.id = row.text(0),
            .title = row.text(1),
            .created = row.integer(2),
            .updated = row.integer(3),
            .turns = static_cast<std::size_t>(row.integer(4)),
            .model = row.text(5)};
}

/// The numbers that turns of a conversation can have; the first of them is never used.
struct TurnNumbers {
    explicit TurnNumbers(std::int64_t conversation)
        : first{conversation << kTurnBits}, last{first | ((std::int64_t{1} << kTurnBits) - 1)} {}
    std::int64_t first, last;
};

/// With kTurnBits in numbers.
constexpr std::string_view kHead =
    "SELECT id, title, created, updated, "
    "(SELECT count(*) FROM turns WHERE number BETWEEN c.number << 20 AND (c.number << 20) + 1048575), "
    "(SELECT model FROM turns WHERE number BETWEEN c.number << 20 AND (c.number << 20) + 1048575 "
    "ORDER BY number DESC LIMIT 1) FROM conversations c ";

Statement heads(const Database& database, std::string_view rest) {
    std::string sql{kHead};
    sql += rest;
    return database.prepare(sql);
}

std::optional<TurnNumbers> numbers_of(const Database& database, const std::string& id) {
    Statement found = database.prepare("SELECT number FROM conversations WHERE id = ?1");
    return found.bind(1, id).step() ? std::optional{TurnNumbers{found.integer(0)}} : std::nullopt;
}

void write_turn(const Database& database, const TurnNumbers& numbers, const TurnRecord& turn) {
    database
        .prepare(
            "INSERT INTO turns (id, number, created, state, model, prompt, answer, details) VALUES (?1, "
            "(SELECT coalesce(max(number), ?2) + 1 FROM turns WHERE number BETWEEN ?2 AND ?9), "
            "?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET state = excluded.state, "
            "model = excluded.model, prompt = excluded.prompt, answer = excluded.answer, "
            "details = excluded.details")
        .bind(1, turn.id)
        .bind(2, numbers.first)
        .bind(9, numbers.last)
        .bind(3, turn.created)
        .bind(4, turn.state)
        .bind(5, turn.model)
        .bind(6, turn.prompt)
        .bind(7, turn.answer)
        .bind(8, turn.details)
        .run();
}

void write_attachments(const Database& database, const TurnRecord& turn) {
    for (std::size_t i = 0; i < turn.attachments.size(); ++i) {
        const auto position = static_cast<std::int64_t>(i);
        Statement there = database.prepare("SELECT 1 FROM attachments WHERE turn = ?1 AND position = ?2");
        if (there.bind(1, turn.id).bind(2, position).step()) continue;
        database.prepare("INSERT INTO attachments (turn, position, content) VALUES (?1, ?2, ?3)")
            .bind(1, turn.id)
            .bind(2, position)
            .bind(3, *turn.attachments[i])
            .run();
    }
}

/// Those of all turns of a conversation, into the turns they belong to.
void read_attachments(const Database& database, const TurnNumbers& numbers, ConversationRecord& out) {
    Statement rows = database.prepare(
        "SELECT turn, content FROM attachments WHERE turn IN (SELECT id FROM turns WHERE number BETWEEN ?1 "
        "AND ?2) ORDER BY turn, position");
    rows.bind(1, numbers.first).bind(2, numbers.last);
    while (rows.step()) {
        const std::string turn = rows.text(0);
        const auto at = std::find_if(out.turns.begin(), out.turns.end(),
                                     [&](const TurnRecord& one) { return one.id == turn; });
        if (at != out.turns.end()) at->attachments.push_back(std::make_shared<std::string>(rows.text(1)));
    }
}

Done write_change(Database& database, const ConversationChange& change) {
    Transaction transaction{database};
    auto numbers = numbers_of(database, change.head.id);
    if (!numbers) {
        if (!change.creates) return {.found = false};
        database.prepare("INSERT INTO conversations (id, title, created, updated) VALUES (?1, ?2, ?3, ?4)")
            .bind(1, change.head.id)
            .bind(2, change.head.title)
            .bind(3, change.head.created)
            .bind(4, change.head.updated)
            .run();
        numbers = numbers_of(database, change.head.id);
    }
    database.prepare("UPDATE conversations SET updated = max(updated, ?2) WHERE id = ?1")
        .bind(1, change.head.id)
        .bind(2, change.head.updated)
        .run();
    for (const std::string& id : change.dropped) {
        database.prepare("DELETE FROM turns WHERE id = ?1 AND number BETWEEN ?2 AND ?3")
            .bind(1, id)
            .bind(2, numbers->first)
            .bind(3, numbers->last)
            .run();
    }
    for (const TurnRecord& turn : change.turns) {
        write_turn(database, *numbers, turn);
        write_attachments(database, turn);
    }
    transaction.commit();
    return {};
}

std::optional<ConversationRecord> read_whole(Database& database, const std::string& id) {
    ConversationRecord out;
    Statement head = heads(database, "WHERE id = ?1");  // until its end nobody changes what is read
    head.bind(1, id);
    const auto numbers = head.step() ? numbers_of(database, id) : std::nullopt;
    if (!numbers) return std::nullopt;
    out.head = head_of(head);
    Statement turns = database.prepare(
        "SELECT id, created, state, model, prompt, answer, details FROM turns WHERE number BETWEEN ?1 AND ?2 "
        "ORDER BY number");
    turns.bind(1, numbers->first).bind(2, numbers->last);
    while (turns.step()) {
        out.turns.push_back({.id = turns.text(0),
                             .created = turns.integer(1),
                             .state = turns.text(2),
                             .model = turns.text(3),
                             .prompt = turns.text(4),
                             .answer = turns.text(5),
                             .details = turns.text(6)});
    }
    read_attachments(database, *numbers, out);
    return out;
}

Done remove_whole(Database& database, bool indexed, const std::string& id) {
    Transaction transaction{database};
    const auto numbers = numbers_of(database, id);
    if (!numbers) return {.found = false};
    database.prepare("DELETE FROM turns WHERE number BETWEEN ?1 AND ?2")
        .bind(1, numbers->first)
        .bind(2, numbers->last)
        .run();
    database.prepare("DELETE FROM conversations WHERE id = ?1").bind(1, id).run();
    if (indexed) database.execute("INSERT OR IGNORE INTO chores VALUES ('purge')");
    transaction.commit();
    return {};
}

/// The index only notes that words are gone; merging its parts into one is what takes them out.
Purge purge_step(Database& database) {
    constexpr const char* kMergeSomePages = "INSERT INTO search (search, rank) VALUES ('merge', -500)";
    if (database.number("SELECT count(*) FROM chores WHERE name = 'purge'") == 0) return {};
    Transaction transaction{database};
    const int before = database.total_changes();
    database.execute(kMergeSomePages);
    // FTS5: a merge that changed fewer than two rows had nothing to do.
    const bool more = database.total_changes() - before >= 2;
    if (!more) database.execute("DELETE FROM chores WHERE name = 'purge'");
    transaction.commit();
    return {.more = more};
}

void bind_real(Statement& statement, int at, std::optional<double> value) {
    if (value) {
        statement.bind(at, *value);
    } else {
        statement.bind_null(at);
    }
}

void add_row(const Database& database, const UsageRecord& row) {
    Statement insert = database.prepare(
        "INSERT INTO usage (time, role, model, project, input, output, cached, cost, currency, duration, "
        "outcome, guess_tokens, guess_cost, guess_currency) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    insert.bind(1, row.time).bind(2, row.role).bind(3, row.model).bind(4, row.project);
    insert.bind(5, row.input).bind(6, row.output).bind(7, row.cached);
    bind_real(insert, 8, row.cost);
    insert.bind(9, row.currency).bind(10, row.duration_ms).bind(11, row.outcome);
    insert.bind(12, row.guess_tokens).bind(14, row.guess_currency);
    bind_real(insert, 13, row.guess_cost);
    insert.run();
}

/// A guess is priced apart from what was counted, so a row has at most one of the two currencies.
std::vector<Spent> spent_between(const Database& database, Instant since, Instant until) {
    Statement rows = database.prepare(
        "SELECT model, project, sum(input + output + guess_tokens), "
        "sum(CASE WHEN cost IS NULL AND guess_cost IS NULL THEN input + output + guess_tokens ELSE 0 END), "
        "sum(coalesce(cost, 0) + coalesce(guess_cost, 0)), currency || guess_currency AS unit "
        "FROM usage WHERE time >= ?1 AND time < ?2 GROUP BY model, project, unit");
    rows.bind(1, since).bind(2, until);
    std::vector<Spent> out;
    while (rows.step()) {
        out.push_back({.model = rows.text(0),
                       .project = rows.text(1),
                       .tokens = rows.integer(2),
                       .unpriced = rows.integer(3),
                       .cost = rows.real(4).value_or(0),
                       .currency = rows.text(5)});
    }
    return out;
}

void add_row(Database& database, const SentRecord& row) {
    Statement insert = database.prepare(
        "INSERT INTO sent (time, role, origin, provider, model, project, bytes_out, bytes_in, duration, "
        "outcome, status, drawn) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    insert.bind(1, row.time).bind(2, row.role).bind(3, row.origin).bind(4, row.provider).bind(5, row.model);
    insert.bind(6, row.project).bind(7, row.bytes_out).bind(8, row.bytes_in).bind(9, row.duration_ms);
    insert.bind(10, row.outcome).bind(11, std::int64_t{row.status}).bind(12, row.drawn).run();
}

SentRecord sent_row(const Statement& row) {
    return {.time = row.integer(0),
            .role = row.text(1),
            .origin = row.text(2),
            .provider = row.text(3),
            .model = row.text(4),
            .project = row.text(5),
            .bytes_out = row.integer(6),
            .bytes_in = row.integer(7),
            .duration_ms = row.integer(8),
            .outcome = row.text(9),
            .status = static_cast<int>(row.integer(10)),
            .drawn = row.text(11)};
}

constexpr std::string_view column_of(UsageGroup group) {
    switch (group) {
        case UsageGroup::day: return "date(time / 1000, 'unixepoch', 'localtime')";
        case UsageGroup::model: return "model";
        case UsageGroup::project: return "project";
        case UsageGroup::role: return "role";
    }
    return "model";
}

}  // namespace

History::History(std::filesystem::path file) : History{std::move(file), Options{}} {}
History::History(std::filesystem::path file, Options options)
    : connection_{std::make_unique<Connection>(std::move(file), options.patience_ms, options.full_text)} {}
History::~History() = default;

OrTrouble<Done> History::write(const ConversationChange& change) {
    return connection_->attempt<Done>([&](Database& database) { return write_change(database, change); });
}

OrTrouble<std::optional<ConversationRecord>> History::read(const std::string& id) {
    return connection_->look<std::optional<ConversationRecord>>(
        std::nullopt, [&](Database& database) { return read_whole(database, id); });
}

OrTrouble<std::vector<ConversationHead>> History::list(const std::string& query, std::size_t limit,
                                                       std::size_t offset) {
    return connection_->look<std::vector<ConversationHead>>({}, [&](Database& database) {
        const Query wanted{query, connection_->indexed()};
        Statement rows =
            heads(database, wanted.filter() + "ORDER BY updated DESC, id DESC LIMIT ?1 OFFSET ?2");
        rows.bind(1, static_cast<std::int64_t>(limit)).bind(2, static_cast<std::int64_t>(offset));
        wanted.bind(rows);
        std::vector<ConversationHead> out;
        while (rows.step()) out.push_back(head_of(rows));
        return out;
    });
}

OrTrouble<Done> History::rename(const std::string& id, const std::string& title) {
    return connection_->look<Done>({.found = false}, [&](Database& database) {
        database.prepare("UPDATE conversations SET title = ?2 WHERE id = ?1")
            .bind(1, id)
            .bind(2, title)
            .run();
        return Done{.found = database.changes() > 0};
    });
}

OrTrouble<Done> History::remove(const std::string& id) {
    return connection_->look<Done>({.found = false}, [&](Database& database) {
        return remove_whole(database, connection_->indexed(), id);
    });
}

OrTrouble<Purge> History::purge() {
    return connection_->look<Purge>(
        {}, [&](Database& database) { return connection_->indexed() ? purge_step(database) : Purge{}; });
}

OrTrouble<Done> History::add_usage(std::span<const UsageRecord> rows) {
    return connection_->attempt<Done>([&](Database& database) {
        Transaction transaction{database};
        for (const UsageRecord& row : rows) add_row(database, row);
        transaction.commit();
        return Done{};
    });
}

OrTrouble<std::vector<UsageSum>> History::usage(Instant since, UsageGroup group) {
    return connection_->look<std::vector<UsageSum>>({}, [&](Database& database) {
        Statement rows = database.prepare(
            "SELECT " + std::string{column_of(group)} +
            " AS key, count(*), sum(input), sum(output), sum(cost), currency, "
            "sum(input = 0 AND output = 0) FROM usage WHERE time >= ?1 GROUP BY key, currency "
            "ORDER BY key, currency");
        rows.bind(1, since);
        std::vector<UsageSum> out;
        while (rows.step()) {
            out.push_back({.key = rows.text(0),
                           .requests = rows.integer(1),
                           .input = rows.integer(2),
                           .output = rows.integer(3),
                           .unmetered = rows.integer(6),
                           .cost = rows.real(4),
                           .currency = rows.text(5)});
        }
        return out;
    });
}

OrTrouble<DaySpending> History::spending(Instant since, Instant until, const std::string& day) {
    if (connection_->absent()) return DaySpending{};
    return connection_->attempt<DaySpending>([&](Database& database) {
        DaySpending out{.spent = spent_between(database, since, until)};
        Statement rows = database.prepare("SELECT budget FROM allowances WHERE day = ?1 ORDER BY budget");
        rows.bind(1, day);
        while (rows.step()) out.allowed.push_back(rows.text(0));
        return out;
    });
}

OrTrouble<Done> History::allow(const std::string& day, const std::string& budget) {
    return connection_->attempt<Done>([&](Database& database) {
        Transaction transaction{database};
        database.prepare("DELETE FROM allowances WHERE day < ?1").bind(1, day).run();
        database.prepare("INSERT OR IGNORE INTO allowances VALUES (?1, ?2)")
            .bind(1, day)
            .bind(2, budget)
            .run();
        transaction.commit();
        return Done{};
    });
}

OrTrouble<Done> History::add_sent(std::span<const SentRecord> rows, Instant oldest) {
    return connection_->attempt<Done>([&](Database& database) {
        Transaction transaction{database};
        for (const SentRecord& row : rows) add_row(database, row);
        database.prepare("DELETE FROM sent WHERE time < ?1").bind(1, oldest).run();
        transaction.commit();
        return Done{};
    });
}

OrTrouble<std::vector<SentRecord>> History::sent(const SentFilter& filter) {
    return connection_->look<std::vector<SentRecord>>({}, [&](Database& database) {
        Statement rows = database.prepare(
            "SELECT time, role, origin, provider, model, project, bytes_out, bytes_in, duration, outcome, "
            "status, drawn FROM sent WHERE time >= ?1 AND (?2 = '' OR project = ?2 OR "
            "substr(project, 1, length(?2) + 1) = ?2 || '/') ORDER BY time DESC, rowid DESC LIMIT ?3");
        rows.bind(1, filter.since).bind(2, filter.project).bind(3, static_cast<std::int64_t>(filter.limit));
        std::vector<SentRecord> out;
        while (rows.step()) out.push_back(sent_row(rows));
        return out;
    });
}

std::string History::take_notice() { return connection_->take_notice(); }

}  // namespace dragoman::store
