// Runs, intents and results.
#include <utility>

#include "controller/model/try.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

constexpr std::string_view kSelectRuns =
    "SELECT id, plan_digest, plan, manifest_commit, who, token, override_reason, started_ns, "
    "ended_ns, outcome "
    "FROM runs WHERE organization = ?";
constexpr std::string_view kSelectIntents =
    "SELECT run, seq, key, proposed_key, action, token, at_ns FROM intents i WHERE organization = "
    "? AND run = ?";

}  // namespace

absl::StatusOr<std::int64_t> Store::BeginRun(std::string_view organization,
                                             const RunRecord& run,
                                             std::string_view single_use) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  POOLSHIFT_TRY(CheckToken(organization, run.token));
  POOLSHIFT_ASSIGN(
      Statement insert,
      database_->Prepare(
          "INSERT INTO runs (organization, plan_digest, plan, manifest_commit, who, token, "
          "override_reason, started_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.Bind(organization)
      .Bind(run.plan_digest)
      .BindBlob(run.plan_file)
      .Bind(run.commit)
      .Bind(run.who);
  POOLSHIFT_TRY(
      insert.Bind(run.token).Bind(run.override_reason).Bind(absl::ToUnixNanos(run.started)).Run());
  const std::int64_t id = database_->last_row();
  if (!single_use.empty()) POOLSHIFT_TRY(Consume(organization, single_use, id, run.started));
  POOLSHIFT_TRY(transaction.Commit());
  return id;
}

absl::Status Store::Consume(std::string_view organization,
                            std::string_view single_use,
                            std::int64_t run,
                            absl::Time at) {
  POOLSHIFT_ASSIGN(Statement insert,
                   database_->Prepare("INSERT OR IGNORE INTO consumed VALUES (?, ?, ?, ?)"));
  POOLSHIFT_TRY(
      insert.Bind(organization).Bind(single_use).Bind(run).Bind(absl::ToUnixNanos(at)).Run());
  if (database_->changed_rows() == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "this saved plan has been used before; a plan is used once, plan again");
}

absl::StatusOr<std::int64_t> Store::ConsumedBy(std::string_view organization,
                                               std::string_view single_use) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare("SELECT run FROM consumed WHERE organization = ? AND digest = ?"));
  POOLSHIFT_ASSIGN(const bool found, query.Bind(organization).Bind(single_use).Step());
  return found ? query.Integer(0) : 0;
}

absl::Status Store::EndRun(std::string_view organization,
                           std::int64_t run,
                           absl::Time ended,
                           std::string_view outcome) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(
      Statement update,
      database_->Prepare(
          "UPDATE runs SET ended_ns = ?, outcome = ? WHERE organization = ? AND id = ?"));
  POOLSHIFT_TRY(
      update.Bind(absl::ToUnixNanos(ended)).Bind(outcome).Bind(organization).Bind(run).Run());
  if (database_->changed_rows() == 1) return absl::OkStatus();
  return absl::NotFoundError(path_ + " has no run " + std::to_string(run) + " of " +
                             std::string(organization));
}

absl::StatusOr<std::vector<RunRecord>> Store::ReadRuns(Statement query) {
  std::vector<RunRecord> runs;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return runs;
    const absl::Time ended =
        query.IsNull(8) ? absl::InfiniteFuture() : absl::FromUnixNanos(query.Integer(8));
    runs.push_back({query.Integer(0),
                    query.Text(1),
                    query.Text(2),
                    query.Text(3),
                    query.Text(4),
                    query.Integer(5),
                    query.Text(6),
                    absl::FromUnixNanos(query.Integer(7)),
                    ended,
                    query.Text(9)});
  }
}

absl::StatusOr<std::vector<RunRecord>> Store::Runs(std::string_view organization, int most) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement query,
                   database_->Prepare(std::string(kSelectRuns) + " ORDER BY id DESC LIMIT ?"));
  query.Bind(organization).Bind(std::int64_t{most});
  return ReadRuns(std::move(query));
}

absl::StatusOr<std::vector<RunRecord>> Store::UnfinishedRuns(std::string_view organization) {
  const std::lock_guard lock(mutex_);
  // Also ended ones with an intent in doubt: after a second Ctrl-C the run has ended, its calls
  // have not.
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare(
          std::string(kSelectRuns) +
          " AND (ended_ns IS NULL OR EXISTS (SELECT 1 FROM intents i LEFT JOIN results r "
          "USING (run, seq) WHERE i.run = runs.id AND r.seq IS NULL)) ORDER BY id"));
  query.Bind(organization);
  return ReadRuns(std::move(query));
}

absl::StatusOr<IntentRecord> Store::RecordIntent(std::string_view organization,
                                                 const IntentRecord& intent) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  POOLSHIFT_TRY(CheckToken(organization, intent.token));
  POOLSHIFT_ASSIGN(
      Statement count,
      database_->Prepare("SELECT count(*) FROM intents JOIN results USING (organization, run, seq) "
                         "WHERE organization = ? AND proposed_key = ?"));
  POOLSHIFT_TRY(count.Bind(organization).Bind(intent.proposed_key).Step().status());
  const std::int64_t settled = count.Integer(0);
  POOLSHIFT_ASSIGN(Statement last,
                   database_->Prepare("SELECT ifnull(max(seq), 0) FROM intents WHERE run = ?"));
  POOLSHIFT_TRY(last.Bind(intent.run).Step().status());
  IntentRecord recorded = intent;
  recorded.seq = last.Integer(0) + 1;
  recorded.key = KeyAfter(intent.proposed_key, settled);
  POOLSHIFT_ASSIGN(
      Statement insert,
      database_->Prepare("INSERT INTO intents (organization, run, seq, key, action, token, at_ns, "
                         "proposed_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.Bind(organization)
      .Bind(recorded.run)
      .Bind(recorded.seq)
      .Bind(recorded.key)
      .Bind(recorded.action);
  POOLSHIFT_TRY(insert.Bind(recorded.token)
                    .Bind(absl::ToUnixNanos(recorded.at))
                    .Bind(recorded.proposed_key)
                    .Run());
  POOLSHIFT_TRY(transaction.Commit());
  return recorded;
}

absl::Status Store::RecordResult(std::string_view organization, const ResultRecord& result) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement insert,
                   database_->Prepare("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)"));
  insert.Bind(organization)
      .Bind(result.run)
      .Bind(result.seq)
      .Bind(result.outcome)
      .Bind(result.text);
  return insert.Bind(result.revision).Bind(absl::ToUnixNanos(result.at)).Run();
}

absl::StatusOr<std::vector<IntentRecord>> Store::ReadIntents(Statement query) {
  std::vector<IntentRecord> intents;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return intents;
    intents.push_back({query.Integer(0),
                       query.Integer(1),
                       query.Text(2),
                       query.Text(3),
                       query.Text(4),
                       query.Integer(5),
                       absl::FromUnixNanos(query.Integer(6))});
  }
}

absl::StatusOr<std::vector<IntentRecord>> Store::InDoubt(std::string_view organization,
                                                         std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare(
          std::string(kSelectIntents) +
          " AND NOT EXISTS (SELECT 1 FROM results r WHERE r.run = i.run AND r.seq = i.seq)"
          " ORDER BY seq"));
  query.Bind(organization).Bind(run);
  return ReadIntents(std::move(query));
}

absl::StatusOr<std::vector<IntentRecord>> Store::Intents(std::string_view organization,
                                                         std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement query,
                   database_->Prepare(std::string(kSelectIntents) + " ORDER BY seq"));
  query.Bind(organization).Bind(run);
  return ReadIntents(std::move(query));
}

absl::StatusOr<std::vector<ResultRecord>> Store::Results(std::string_view organization,
                                                         std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare("SELECT run, seq, outcome, text, revision, at_ns FROM results "
                         "WHERE organization = ? AND run = ? ORDER BY seq"));
  query.Bind(organization).Bind(run);
  std::vector<ResultRecord> results;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return results;
    results.push_back({query.Integer(0),
                       query.Integer(1),
                       query.Text(2),
                       query.Text(3),
                       query.Text(4),
                       absl::FromUnixNanos(query.Integer(5))});
  }
}

}  // namespace poolshift
