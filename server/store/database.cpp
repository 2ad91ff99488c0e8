#include "server/store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace dragoman::store {
namespace {

void check(int code, int wanted = SQLITE_OK) {
    if (code != wanted) throw DatabaseError{code, sqlite3_errstr(code)};
}

/// SQLite would make the file with the permissions of the umask; its journal takes those of the file. One
/// that is there is not even opened: closing it again would drop every lock this process has on it.
void make_private(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) ::close(descriptor);  // SQLite tells what is wrong otherwise
}

}  // namespace

bool DatabaseError::damaged() const {
    const int primary = code_ & 0xFF;
    return primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT;
}

// ---- Statement

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* connection, std::string_view sql) : connection_{connection} {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &made, nullptr);
    statement_.reset(made);
    check(code);
}

Statement& Statement::bind(int at, std::string_view text) {
    check(sqlite3_bind_text64(statement_.get(), at, text.data() == nullptr ? "" : text.data(), text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(int at, std::int64_t number) {
    check(sqlite3_bind_int64(statement_.get(), at, number));
    return *this;
}

Statement& Statement::bind(int at, double number) {
    check(sqlite3_bind_double(statement_.get(), at, number));
    return *this;
}

Statement& Statement::bind_null(int at) {
    check(sqlite3_bind_null(statement_.get(), at));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw DatabaseError{sqlite3_extended_errcode(connection_), sqlite3_errstr(code)};
}

void Statement::run() {
    while (step()) {
    }
}

std::string Statement::text(int column) const {
    const auto* bytes = sqlite3_column_blob(statement_.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return bytes == nullptr ? std::string{} : std::string{static_cast<const char*>(bytes), size};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::optional<double> Statement::real(int column) const {
    if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
    return sqlite3_column_double(statement_.get(), column);
}

// ---- Database

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Database(const std::filesystem::path& file, int patience_ms) {
    make_private(file);
    sqlite3* made = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    connection_.reset(made);
    check(code);
    sqlite3_extended_result_codes(made, 1);
    sqlite3_busy_timeout(made, patience_ms);
}

void Database::execute(const std::string& sql) const {
    const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw DatabaseError{code, sqlite3_errstr(code)};
}

std::int64_t Database::number(std::string_view sql) const {
    Statement statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

int Database::changes() const { return sqlite3_changes(connection_.get()); }
int Database::total_changes() const { return sqlite3_total_changes(connection_.get()); }

bool Database::has_fts5() const { return sqlite3_compileoption_used("ENABLE_FTS5") != 0; }

std::filesystem::path Database::file() const {
    const char* const name = sqlite3_db_filename(connection_.get(), "main");
    return name == nullptr ? "" : name;
}

void Database::copy_to(const std::filesystem::path& target) const {
    std::error_code absent;
    std::filesystem::remove(target, absent);
    make_private(target);
    prepare("VACUUM INTO ?1").bind(1, target.string()).run();
}

// ---- Transaction

Transaction::~Transaction() {
    if (!open_) return;
    try {
        database_.execute("ROLLBACK");
    } catch (const DatabaseError&) {
        // SQLite has rolled back by itself, as it does when the disk is full.
    }
}

void Transaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace dragoman::store
