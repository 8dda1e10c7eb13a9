// Runs.
#include <utility>

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

// What ReadRuns reads, with the plan and the digest that it must have, or '' and NULL.
std::string SelectRuns(std::string_view plan, std::string_view digest, std::string_view from) {
  std::string sql = "SELECT id, plan_digest, ";
  sql += plan;
  sql +=
      ", manifest_commit, who, token, override_reason, started_ns, ended_ns, outcome, end_text, "
      "single_use, consent, program, (SELECT data FROM events e WHERE e.organization = "
      "runs.organization AND e.run = runs.id AND e.kind = 'follows'), ";
  sql += digest;
  sql += " FROM runs ";
  sql += from;
  return sql + " WHERE runs.organization = ?";
}

std::string SelectWithPlan() {
  return SelectRuns("t.content",
                    "t.digest",
                    "LEFT JOIN attachments a ON a.run = id AND a.role = 'plan' "
                    "LEFT JOIN texts t ON t.digest = a.digest");
}
std::string SelectWithoutPlan() { return SelectRuns("''", "NULL", ""); }

}  // namespace

absl::StatusOr<std::int64_t> Store::BeginRun(std::string_view organization,
                                             const RunRecord& run,
                                             const RunPapers& papers) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_TRY(CheckToken(organization, run.token));
  POOLSHIFT_ASSIGN(
      Statement insert,
      database_->Prepare(
          "INSERT INTO runs (organization, plan_digest, manifest_commit, who, token, "
          "override_reason, started_ns, single_use, consent, program) VALUES (?, ?, ?, ?, ?, ?, ?, "
          "?, ?, ?)"));
  insert.Bind(organization).Bind(run.plan_digest).Bind(run.commit).Bind(run.who).Bind(run.token);
  insert.Bind(run.override_reason).Bind(absl::ToUnixNanos(run.started)).Bind(run.single_use);
  POOLSHIFT_TRY(insert.Bind(run.consent).Bind(run.program).Run());
  const std::int64_t id = database_->last_row();
  POOLSHIFT_TRY(Attach(*database_, organization, id, {"plan", "", run.plan_file}));
  for (const Attachment& input : papers.inputs)
    POOLSHIFT_TRY(Attach(*database_, organization, id, input));
  if (!run.single_use.empty())
    POOLSHIFT_TRY(Consume(organization, run.single_use, id, run.started));
  POOLSHIFT_TRY(AppendLink(*database_, organization, link::kBegin, id, 0, run.started));
  if (run.follows != 0) {
    POOLSHIFT_TRY(
        AppendEvent(*database_,
                    organization,
                    {std::string(link::kFollows),
                     id,
                     run.who,
                     run.follows_as + " run " + std::to_string(run.follows),
                     "run " + std::to_string(run.follows) + "\nas " + run.follows_as + '\n',
                     run.started}));
  }
  for (const std::string& approval : papers.approvals) {
    POOLSHIFT_TRY(AppendEvent(
        *database_, organization, {"approval", id, run.who, approval, "", run.started}));
  }
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
                           std::string_view outcome,
                           std::string_view text) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(Statement update,
                   database_->Prepare("UPDATE runs SET ended_ns = ?, outcome = ?, end_text = ? "
                                      "WHERE organization = ? AND id = ? AND ended_ns IS NULL"));
  update.Bind(absl::ToUnixNanos(ended)).Bind(outcome).Bind(text);
  POOLSHIFT_TRY(update.Bind(organization).Bind(run).Run());
  if (database_->changed_rows() != 1) {
    return NoSuchRun(organization, run, " that has not ended");
  }
  POOLSHIFT_TRY(AppendLink(*database_, organization, link::kEnd, run, 0, ended));
  POOLSHIFT_TRY(transaction.Commit());
  // Between runs, so that within one every record costs one sync. If it cannot be done now it is
  // done later: what was recorded is in the log.
  (void)database_->Execute("PRAGMA wal_checkpoint(PASSIVE)");
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RunRecord>> Store::ReadRuns(Statement query) {
  std::vector<RunRecord> runs;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return runs;
    RunRecord run;
    run.id = query.Integer(0);
    run.plan_digest = query.Text(1);
    run.plan_file = query.Text(2);
    run.commit = query.Text(3);
    run.who = query.Text(4);
    run.token = query.Integer(5);
    run.override_reason = query.Text(6);
    run.started = absl::FromUnixNanos(query.Integer(7));
    if (!query.IsNull(8)) run.ended = absl::FromUnixNanos(query.Integer(8));
    run.outcome = query.Text(9);
    run.text = query.Text(10);
    run.single_use = query.Text(11);
    run.consent = query.Text(12);
    run.program = query.Text(13);
    run.follows = DataNumber(query.Text(14), "run");
    run.follows_as = DataLine(query.Text(14), "as");
    if (!query.IsNull(15) && Digest(run.plan_file) != query.Text(15)) {
      return absl::DataLossError(path_ + ": the plan of run " + std::to_string(run.id) +
                                 " was changed after it was written; see `poolshift history "
                                 "verify`");
    }
    runs.push_back(std::move(run));
  }
}

absl::StatusOr<std::vector<RunRecord>> Store::Runs(std::string_view organization,
                                                   int most,
                                                   Plans plans) {
  const std::lock_guard lock(mutex_);
  const std::string select = plans == Plans::kRead ? SelectWithPlan() : SelectWithoutPlan();
  POOLSHIFT_ASSIGN(Statement query, database_->Prepare(select + " ORDER BY id DESC LIMIT ?"));
  query.Bind(organization).Bind(std::int64_t{most});
  return ReadRuns(std::move(query));
}

absl::StatusOr<RunRecord> Store::Run(std::string_view organization, std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement query, database_->Prepare(SelectWithPlan() + " AND runs.id = ?"));
  query.Bind(organization).Bind(run);
  POOLSHIFT_ASSIGN(std::vector<RunRecord> found, ReadRuns(std::move(query)));
  if (!found.empty()) return std::move(found.front());
  return NoSuchRun(organization, run, "; `poolshift history` lists them");
}

absl::Status Store::NoSuchRun(std::string_view organization,
                              std::int64_t run,
                              std::string_view more) const {
  return absl::NotFoundError(path_ + " has no run " + std::to_string(run) + " of " +
                             std::string(organization) + std::string(more));
}

absl::StatusOr<std::vector<Attachment>> Store::Attachments(std::string_view organization,
                                                           std::int64_t run) {
  const std::lock_guard lock(mutex_);
  return AttachmentsOf(*database_, organization, run);
}

absl::StatusOr<std::vector<RunRecord>> Store::UnfinishedRuns(std::string_view organization) {
  const std::lock_guard lock(mutex_);
  // Also ended ones with an intent in doubt: after a second Ctrl-C the run has ended, its calls
  // have not.
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare(
          SelectWithPlan() +
          " AND (ended_ns IS NULL OR EXISTS (SELECT 1 FROM intents i LEFT JOIN results r "
          "USING (run, seq) WHERE i.run = runs.id AND r.seq IS NULL)) ORDER BY id"));
  query.Bind(organization);
  return ReadRuns(std::move(query));
}

}  // namespace poolshift
