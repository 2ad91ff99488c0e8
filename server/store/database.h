// SQLite in this project's words: a connection and its statements, freed by their scopes. Private to the
// room, and the only place that includes <sqlite3.h> besides its own source.
//
// Failures are thrown as DatabaseError, because nearly every line can fail and none can help itself; they
// are caught where the room ends (History). Disk thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace dragoman::store {

class DatabaseError : public std::runtime_error {
public:
    /// `what`: SQLite's words on the kind of failure; never the statement, which may quote a conversation.
    DatabaseError(int code, const std::string& what) : std::runtime_error{what}, code_{code} {}
    int code() const { return code_; }
    /// The file is no database, or no whole one: nothing but a new one helps.
    bool damaged() const;

private:
    int code_;
};

/// The file is not this daemon's to use: `what` ends a sentence that begins with its path. Nothing was
/// changed.
struct Unusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Statement {
public:
    Statement(sqlite3* connection, std::string_view sql);

    /// Parameters from the left, the first is 1. Texts are copied.
    Statement& bind(int at, std::string_view text);
    Statement& bind(int at, std::int64_t number);
    Statement& bind(int at, double number);
    Statement& bind_null(int at);
    /// To the next row; false at the end.
    bool step();
    /// Runs it to its end.
    void run();

    // Columns of the row, the first is 0.
    std::string text(int column) const;
    std::int64_t integer(int column) const;
    std::optional<double> real(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    sqlite3* connection_;
};

class Database {
public:
    /// Opens or makes the file, 0600; its folder exists. A lock of another process is waited for, at most
    /// `patience_ms`, by every statement.
    Database(const std::filesystem::path& file, int patience_ms);

    Statement prepare(std::string_view sql) const { return {connection_.get(), sql}; }
    /// One or more statements without parameters and without rows that matter.
    void execute(const std::string& sql) const;
    std::int64_t number(std::string_view sql) const;  // the first column of the first row
    /// Rows that the last statement has changed.
    int changes() const;
    /// Those of all statements so far, the inner tables of virtual ones included.
    int total_changes() const;
    bool has_fts5() const;
    /// Writes all of it, as it stands, to a new file, 0600, in the place of whatever is there.
    void copy_to(const std::filesystem::path& file) const;
    /// As it was opened; empty for none.
    std::filesystem::path file() const;

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    std::unique_ptr<sqlite3, Close> connection_;
};

/// What is written in it counts when commit() was called; otherwise its end takes it back. Begins with the
/// write lock, so that it never has to give up half way.
class Transaction {
public:
    explicit Transaction(Database& database) : database_{database} { database_.execute("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

}  // namespace dragoman::store
