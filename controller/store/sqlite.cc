#include "controller/store/sqlite.h"

#include <cerrno>
#include <cstring>

#include "controller/model/try.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift {
namespace {

constexpr int kPatienceMilliseconds = 5000;  // for another process that writes

// SQLite would create the file readable by others; it gives its side files the mode of the main
// one.
absl::Status CreatePrivate(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return absl::PermissionDeniedError("cannot open " + path + ": " + std::strerror(errno) +
                                       "; check the owner and mode of the state directory");
  }
  struct stat found {};
  const bool known = fstat(descriptor, &found) == 0;
  close(descriptor);
  if (!known || !S_ISREG(found.st_mode))
    return absl::PermissionDeniedError(path + " is no regular file; move it away");
  if ((found.st_mode & 077U) != 0) {
    return absl::PermissionDeniedError(path + " can be opened by other users; run `chmod 600 " +
                                       path + "`");
  }
  return absl::OkStatus();
}

}  // namespace

// Its locks and the memory of its parameters are released at once.
void Statement::GiveBack::operator()(sqlite3_stmt* statement) const {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle->push_back(statement);
}
void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

// A failed bind leaves the parameter null, which NOT NULL columns reject: the error appears at
// Step.
Statement& Statement::Bind(std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), next_parameter_++, value);
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  sqlite3_bind_text64(
      statement_.get(), next_parameter_++, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::BindBlob(std::string_view bytes) {
  sqlite3_bind_blob64(
      statement_.get(), next_parameter_++, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::BindNull() {
  sqlite3_bind_null(statement_.get(), next_parameter_++);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->Failure(code);
}

absl::Status Statement::Run() {
  POOLSHIFT_ASSIGN(const bool row, Step());
  return row ? absl::InternalError("a statement without rows has one") : absl::OkStatus();
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  next_parameter_ = 1;
}

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

std::int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return "";
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  POOLSHIFT_TRY(CreatePrivate(path));
  std::unique_ptr<Database> database(new Database(path));
  sqlite3* connection = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(),
                      &connection,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
                      nullptr);
  database->connection_.reset(connection);
  if (code != SQLITE_OK) return database->Failure(code);
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_timeout(connection, kPatienceMilliseconds);
  POOLSHIFT_TRY(
      database->Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                        "PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=10000"));
  return database;
}

Database::~Database() {
  for (const auto& [sql, statements] : idle_) {
    for (sqlite3_stmt* const statement : statements)
      sqlite3_finalize(statement);
  }
}

absl::StatusOr<Statement> Database::Prepare(std::string_view sql) {
  auto idle = idle_.find(sql);
  if (idle == idle_.end()) idle = idle_.try_emplace(std::string(sql)).first;
  if (!idle->second.empty()) {
    sqlite3_stmt* const kept = idle->second.back();
    idle->second.pop_back();
    return Statement(*this, idle->second, kept);
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(),
                                      sql.data(),
                                      static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT,
                                      &statement,
                                      nullptr);
  if (code != SQLITE_OK) return Failure(code);
  return Statement(*this, idle->second, statement);
}

absl::Status Database::Execute(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Failure(code);
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(connection_.get()); }
int Database::changed_rows() const { return sqlite3_changes(connection_.get()); }

absl::Status Database::Failure(int code) const {
  const std::string why = path_ + ": " + sqlite3_errmsg(connection_.get());
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(
          why + "; the store is damaged. Nothing was written. Move it aside (keep it: it is the " +
          "record of past runs), check the disk, and start again");
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(why + "; free disk space, then run again");
    case SQLITE_IOERR:
      return absl::UnavailableError(why + "; check the disk, then run again");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(why +
                                    "; another poolshift holds it, wait for it and run again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return absl::PermissionDeniedError(why + "; check the owner and mode of the state directory");
    default:
      return absl::InternalError(why + " (SQLite error " + std::to_string(code) + ")");
  }
}

absl::StatusOr<Transaction> Transaction::Begin(Database& database) {
  POOLSHIFT_TRY(database.Execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

absl::StatusOr<Transaction> Transaction::BeginReading(Database& database) {
  POOLSHIFT_TRY(database.Execute("BEGIN"));
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->Execute("ROLLBACK");
}

absl::Status Transaction::Commit() {
  POOLSHIFT_TRY(database_->Execute("COMMIT"));
  database_ = nullptr;
  return absl::OkStatus();
}

}  // namespace poolshift
