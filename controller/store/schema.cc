#include "controller/store/schema.h"

#include <array>
#include <string>

#include "controller/model/try.h"

namespace poolshift {
namespace {

// Entry v takes version v to v + 1; version 0 is an empty file. Never edit one that was released:
// add the next. Times are nanoseconds since the Unix epoch, UTC. Every row names its organisation.
constexpr std::array<const char*, kSchemaVersion> kMigrations = {
    R"sql(
CREATE TABLE schema (version INTEGER NOT NULL, since_ns INTEGER NOT NULL);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization TEXT NOT NULL,
  plan_digest TEXT NOT NULL,
  plan BLOB NOT NULL,              -- a plan file (controller/wire/record.h)
  manifest_commit TEXT NOT NULL,
  who TEXT NOT NULL,
  token INTEGER NOT NULL,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER,                -- null: not ended
  outcome TEXT NOT NULL DEFAULT ''
);
CREATE INDEX runs_by_organization ON runs (organization, id);
CREATE TABLE intents (
  organization TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (id),
  seq INTEGER NOT NULL,            -- from 1, in the order in which they were recorded
  key TEXT NOT NULL,               -- under which the provider was called
  action TEXT NOT NULL,
  token INTEGER NOT NULL,
  at_ns INTEGER NOT NULL,
  PRIMARY KEY (run, seq)
);
CREATE TABLE results (
  organization TEXT NOT NULL,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,            -- of the intent
  outcome TEXT NOT NULL,
  text TEXT NOT NULL,
  revision TEXT NOT NULL,          -- of the target, as seen after the action
  at_ns INTEGER NOT NULL,
  PRIMARY KEY (run, seq),
  FOREIGN KEY (run, seq) REFERENCES intents (run, seq)
);
CREATE TABLE consumed (
  organization TEXT NOT NULL,
  digest TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (id),
  at_ns INTEGER NOT NULL,
  PRIMARY KEY (organization, digest)
);
CREATE TABLE drift (
  organization TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  first_seen_ns INTEGER NOT NULL,
  last_seen_ns INTEGER NOT NULL,
  resolved_ns INTEGER,             -- null: still there
  PRIMARY KEY (organization, fingerprint, first_seen_ns)
);
CREATE TABLE leases (
  organization TEXT PRIMARY KEY,
  token INTEGER NOT NULL,          -- only grows; stays when the lease is given back
  held INTEGER NOT NULL,
  holder TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  since_ns INTEGER NOT NULL
);
)sql",
    // The key that the plan proposes, beside the one that was used after repetitions; why a closed
    // window was overridden; when the holder's process began, because process ids are used again.
    R"sql(
ALTER TABLE intents ADD COLUMN proposed_key TEXT NOT NULL DEFAULT '';
UPDATE intents SET proposed_key = key;
CREATE INDEX intents_by_proposed_key ON intents (organization, proposed_key);
ALTER TABLE runs ADD COLUMN override_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE leases ADD COLUMN process_start INTEGER NOT NULL DEFAULT 0;
)sql",
};

absl::StatusOr<std::int64_t> Number(Database& database, std::string_view sql) {
  POOLSHIFT_ASSIGN(Statement query, database.Prepare(sql));
  POOLSHIFT_ASSIGN(const bool row, query.Step());
  return row ? query.Integer(0) : 0;
}

absl::StatusOr<std::int64_t> VersionOf(Database& database) {
  POOLSHIFT_ASSIGN(const std::int64_t tables,
                   Number(database, "SELECT count(*) FROM sqlite_master"));
  if (tables == 0) return 0;
  POOLSHIFT_ASSIGN(const std::int64_t ours,
                   Number(database, "SELECT count(*) FROM sqlite_master WHERE name = 'schema'"));
  if (ours == 0) {
    return absl::DataLossError(database.path() +
                               " is a database, but no store of Poolshift; name another state " +
                               "directory, or move it away");
  }
  return Number(database, "SELECT max(version) FROM schema");
}

absl::Status CheckPages(Database& database) {
  POOLSHIFT_ASSIGN(Statement query, database.Prepare("PRAGMA quick_check(1)"));
  POOLSHIFT_ASSIGN(const bool row, query.Step());
  if (row && query.Text(0) == "ok") return absl::OkStatus();
  return absl::DataLossError(
      database.path() + ": the store is damaged (" + (row ? query.Text(0) : "no answer") +
      "). Nothing was written. Move it aside (keep it: it is the record of past runs), check " +
      "the disk, and start again");
}

}  // namespace

absl::Status Migrate(Database& database, std::int64_t now_ns) {
  POOLSHIFT_TRY(CheckPages(database));
  POOLSHIFT_ASSIGN(std::int64_t version, VersionOf(database));
  if (version == kSchemaVersion) return absl::OkStatus();
  POOLSHIFT_ASSIGN(Transaction transaction, Transaction::Begin(database));
  POOLSHIFT_ASSIGN(version, VersionOf(database));  // another process may have been here in between
  if (version > kSchemaVersion) {
    return absl::FailedPreconditionError(
        database.path() + " has schema version " + std::to_string(version) +
        ", this program knows " + std::to_string(kSchemaVersion) +
        "; use the version of poolshift that wrote it, or a later one");
  }
  for (; version < kSchemaVersion; ++version) {
    POOLSHIFT_TRY(database.Execute(kMigrations.at(static_cast<std::size_t>(version))));
    POOLSHIFT_ASSIGN(Statement insert, database.Prepare("INSERT INTO schema VALUES (?, ?)"));
    POOLSHIFT_TRY(insert.Bind(version + 1).Bind(now_ns).Run());
  }
  return transaction.Commit();
}

}  // namespace poolshift
