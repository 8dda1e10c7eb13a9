// SQLite's functions, in place of which these are called: a transaction of the store is named by
// what it inserts, and its commit is the boundary.
#include "tests/verify/boundaries/records.h"

#include <string_view>
#include <utility>

#include "tests/verify/boundaries/settings.h"
#include <dlfcn.h>

struct sqlite3;
struct sqlite3_stmt;

namespace poolshift::boundaries {
namespace {

constexpr std::pair<std::string_view, std::string_view> kRecords[] = {
    {"INSERT INTO runs", "begin of a run"},
    {"INSERT OR IGNORE INTO consumed", "begin of a run, plan file used up"},
    {"UPDATE runs SET ended_ns", "end of a run"},
    {"INSERT INTO intents", "intent"},
    {"INSERT INTO results", "result"},
    {"INSERT INTO evidence", "gate's evidence"},
    {"INSERT OR REPLACE INTO leases", "lease taken"},
    {"UPDATE leases", "lease given back"},
    {"INSERT OR REPLACE INTO drift_looks", "drift"},
    {"INSERT INTO events", "export on record"},
};

thread_local std::string open_record;    // of the transaction that is open
thread_local std::string being_written;  // of the commit that is under way

std::string_view RecordOf(const char* sql) {
  for (const auto& [beginning, record] : kRecords)
    if (std::string_view(sql == nullptr ? "" : sql).starts_with(beginning)) return record;
  return "";
}

// A run is begun in one transaction with more: the first insert names it, unless a plan file is
// used up. A lease that is taken from somebody is an event besides.
void Note(std::string_view record) {
  if (record.empty()) return;
  if (open_record == "lease taken" && record == "export on record") open_record = "lease broken";
  if (open_record.empty() || record.starts_with(open_record)) open_record = record;
}

template <typename Commit>
int CommitNamed(const std::string& record, const Commit& commit) {
  if (record.empty()) return commit();
  Cross(record + ": before");
  being_written = record;
  const int code = commit();
  being_written.clear();
  Cross(record + ": durable");
  return code;
}

template <typename Function>
Function* Next(Function*, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

std::string RecordBeingWritten() { return being_written; }

}  // namespace poolshift::boundaries

using namespace poolshift::boundaries;  // NOLINT: what follows has SQLite's names

extern "C" {

const char* sqlite3_sql(sqlite3_stmt* statement);

int sqlite3_exec(sqlite3* database,
                 const char* sql,
                 int (*row)(void*, int, char**, char**),
                 void* context,
                 char** error) {
  static auto* const next = Next(&sqlite3_exec, "sqlite3_exec");
  const auto execute = [&] { return next(database, sql, row, context, error); };
  const std::string_view text(sql);
  if (!Watching()) return execute();
  if (text == "BEGIN IMMEDIATE") open_record.clear();
  if (text == "ROLLBACK") open_record.clear();
  if (text == "COMMIT") return CommitNamed(std::exchange(open_record, ""), execute);
  if (text.starts_with("PRAGMA wal_checkpoint")) return CommitNamed("checkpoint", execute);
  return execute();
}

int sqlite3_step(sqlite3_stmt* statement) {
  static auto* const next = Next(&sqlite3_step, "sqlite3_step");
  static auto* const sql_of = Next(&sqlite3_sql, "sqlite3_sql");
  if (!Watching() || !being_written.empty()) return next(statement);
  const std::string record(RecordOf(sql_of(statement)));
  // Not within a transaction: it is one by itself.
  if (record == "lease given back") return CommitNamed(record, [&] { return next(statement); });
  Note(record);
  return next(statement);
}

}  // extern "C"
