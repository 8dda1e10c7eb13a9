// A thin, exception-free layer over SQLite: one connection, prepared statements, errors as statuses
// that name the file and what to do. Not thread-safe: Store locks.
//
// Errors: DataLoss (damaged, no database), ResourceExhausted (disk full), PermissionDenied,
// Unavailable (locked by another process for longer than the patience), otherwise Internal.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/model/try.h"

struct sqlite3;
struct sqlite3_stmt;

namespace poolshift {

class Database;

// One execution of one statement. Bind all parameters in order, then Step or Run.
class Statement {
 public:
  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = default;

  Statement& Bind(std::int64_t value);
  Statement& Bind(std::string_view text);
  Statement& BindBlob(std::string_view bytes);
  Statement& BindNull();

  // True while there is a row.
  absl::StatusOr<bool> Step();
  // For statements without rows.
  absl::Status Run();

  // To be bound and executed anew.
  void Reset();

  int columns() const;
  // Columns of the current row, from 0.
  std::int64_t Integer(int column) const;
  std::string Text(int column) const;  // also of blobs
  bool IsNull(int column) const;

 private:
  friend class Database;
  using Idle = std::vector<sqlite3_stmt*>;
  struct GiveBack {
    Idle* idle;  // of the database, for its text
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(Database& database, Idle& idle, sqlite3_stmt* statement)
      : database_(&database), statement_(statement, GiveBack{&idle}) {}
  Database* database_;
  std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
  int next_parameter_ = 1;
};

// What `make` makes of each row that is left, in their order.
template <class Make>
auto ReadRows(Statement& query, const Make& make)
    -> absl::StatusOr<std::vector<decltype(make(query))>> {
  std::vector<decltype(make(query))> made;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return made;
    made.push_back(make(query));
  }
}

class Database {
 public:
  // Opens or creates (0600) the file. WAL, synchronous=FULL, foreign keys on.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // The statement must not outlive the database. When it ends it is kept for the same text: parsing
  // it anew would be the most expensive part of a write.
  absl::StatusOr<Statement> Prepare(std::string_view sql);
  // Any number of statements without parameters or rows of interest.
  absl::Status Execute(const std::string& sql);

  const std::string& path() const { return path_; }
  std::int64_t last_row() const;
  int changed_rows() const;
  // The status of an SQLite result code of this connection.
  absl::Status Failure(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::unique_ptr<sqlite3, Close> connection_;
  std::map<std::string, Statement::Idle, std::less<>> idle_;  // by text; owned
};

// All or nothing: rolls back unless Commit succeeded. Takes the write lock at once, so that what is
// read inside cannot change before it is written.
class Transaction {
 public:
  static absl::StatusOr<Transaction> Begin(Database& database);
  // For reading only: everything read until the end is of one moment, that of the first read, while
  // others go on writing. Not to be committed.
  static absl::StatusOr<Transaction> BeginReading(Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  absl::Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace poolshift
