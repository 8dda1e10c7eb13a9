#include "controller/store/schema.h"

#include <array>
#include <set>
#include <string>

#include "controller/model/try.h"
#include "controller/store/attachments.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"

namespace poolshift {
namespace {

// Entry v takes version v to v + 1; version 0 is an empty file. Never edit one that was released:
// add the next. Times are nanoseconds since the Unix epoch, UTC. Every row names its organisation.
constexpr int kChainVersion = 3;
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
    // The chain; texts kept once under their digest, the plan among them; what a plan was made
    // from, what gates saw, events; what outlives pruned runs. MoveIntoChain follows.
    R"sql(
CREATE TABLE texts (digest TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE attachments (
  organization TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (id),
  role TEXT NOT NULL,              -- "plan" (controller/wire/record.h), "inputs", "manifest"
  name TEXT NOT NULL,              -- of the manifest, else ''
  digest TEXT NOT NULL REFERENCES texts (digest),
  PRIMARY KEY (run, role, name)
);
CREATE INDEX attachments_by_text ON attachments (digest);
ALTER TABLE runs ADD COLUMN single_use TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN consent TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN program TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN end_text TEXT NOT NULL DEFAULT '';
CREATE TABLE evidence (
  organization TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (id),
  seq INTEGER NOT NULL,            -- from 1, of the run
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  text TEXT NOT NULL,
  seen BLOB NOT NULL,              -- what was seen last (controller/wire/inputs.h)
  at_ns INTEGER NOT NULL,
  PRIMARY KEY (run, seq)
);
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization TEXT NOT NULL,
  kind TEXT NOT NULL,
  run INTEGER NOT NULL,            -- 0: of no run
  who TEXT NOT NULL,
  text TEXT NOT NULL,
  data TEXT NOT NULL,              -- lines "NAME VALUE"
  at_ns INTEGER NOT NULL
);
CREATE INDEX events_by_organization ON events (organization, run);
CREATE TABLE chain (
  organization TEXT NOT NULL,
  seq INTEGER NOT NULL,            -- from 1, without gaps
  kind TEXT NOT NULL,              -- controller/store/chain_record.h
  run INTEGER NOT NULL,
  ref INTEGER NOT NULL,
  digest TEXT NOT NULL,            -- of the record's rows
  hash TEXT NOT NULL,              -- over this row and the hash before it
  PRIMARY KEY (organization, seq)
);
CREATE INDEX chain_by_run ON chain (organization, run);
CREATE TABLE used_keys (           -- of intents with a result, of runs that were pruned
  organization TEXT NOT NULL,
  proposed_key TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (organization, proposed_key)
);
CREATE TABLE consumed_of_any_run (  -- as before, but it outlives its run
  organization TEXT NOT NULL,
  digest TEXT NOT NULL,
  run INTEGER NOT NULL,
  at_ns INTEGER NOT NULL,
  PRIMARY KEY (organization, digest)
);
INSERT INTO consumed_of_any_run SELECT organization, digest, run, at_ns FROM consumed;
DROP TABLE consumed;
ALTER TABLE consumed_of_any_run RENAME TO consumed;
)sql",
    // Drift with its periods, what was seen and who knows about it; when drift was last looked for;
    // the last drill.
    R"sql(
CREATE TABLE differences (
  organization TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  resource TEXT NOT NULL,          -- the rest as it was seen last
  property TEXT NOT NULL,
  impact TEXT NOT NULL,
  text TEXT NOT NULL,
  declared TEXT NOT NULL,
  observed TEXT NOT NULL,
  looked INTEGER NOT NULL,         -- 0: the resource could not be looked at
  PRIMARY KEY (organization, fingerprint)
);
CREATE TABLE drift_periods (
  organization TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  first_seen_ns INTEGER NOT NULL,
  last_seen_ns INTEGER NOT NULL,
  gone_ns INTEGER,                 -- null: still there
  in_sync_ns INTEGER,              -- null: never seen in sync before
  PRIMARY KEY (organization, fingerprint, first_seen_ns)
);
CREATE TABLE acknowledgements (
  organization TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  who TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ns INTEGER NOT NULL,
  until_ns INTEGER NOT NULL,
  PRIMARY KEY (organization, fingerprint)
);
CREATE TABLE drift_looks (organization TEXT PRIMARY KEY, at_ns INTEGER NOT NULL);
CREATE TABLE drills (
  organization TEXT NOT NULL,
  scope TEXT NOT NULL,             -- which deaths were supposed
  at_ns INTEGER NOT NULL,
  report TEXT NOT NULL,            -- docs/drill.schema.json
  PRIMARY KEY (organization, scope)
);
INSERT INTO differences SELECT DISTINCT organization, fingerprint, '', '', '', '', '', '', 1 FROM drift;
INSERT INTO drift_periods
  SELECT organization, fingerprint, first_seen_ns, last_seen_ns, resolved_ns, NULL FROM drift;
DROP TABLE drift;
)sql",
};

// The second half of the way to version 3: what SQL cannot do, because digests are made here.
absl::Status MoveIntoChain(Database& database, std::int64_t now_ns) {
  POOLSHIFT_ASSIGN(Statement runs, database.Prepare("SELECT organization, id, plan FROM runs"));
  std::set<std::string> organizations;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, runs.Step());
    if (!row) break;
    organizations.insert(runs.Text(0));
    POOLSHIFT_TRY(Attach(database, runs.Text(0), runs.Integer(1), {"plan", "", runs.Text(2)}));
  }
  runs.Reset();
  POOLSHIFT_TRY(database.Execute("ALTER TABLE runs DROP COLUMN plan"));
  for (const std::string& organization : organizations) {
    const EventRow segment{std::string(link::kSegment),
                           0,
                           "",
                           "the record begins with what an earlier version kept without a chain",
                           "",
                           absl::FromUnixNanos(now_ns)};
    POOLSHIFT_TRY(BeginSegment(database, organization, segment, 0));
  }
  return absl::OkStatus();
}

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
  POOLSHIFT_ASSIGN(Statement query, database.Prepare("PRAGMA integrity_check(1)"));
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
    if (version + 1 == kChainVersion) POOLSHIFT_TRY(MoveIntoChain(database, now_ns));
    POOLSHIFT_ASSIGN(Statement insert, database.Prepare("INSERT INTO schema VALUES (?, ?)"));
    POOLSHIFT_TRY(insert.Bind(version + 1).Bind(now_ns).Run());
  }
  return transaction.Commit();
}

}  // namespace poolshift
