// Intents and results.
#include <utility>

#include "controller/model/try.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

constexpr std::string_view kSelectIntents =
    "SELECT run, seq, key, proposed_key, action, token, at_ns FROM intents i WHERE organization = "
    "? AND run = ?";

}  // namespace

absl::StatusOr<IntentRecord> Store::RecordIntent(std::string_view organization,
                                                 const IntentRecord& intent) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_TRY(CheckToken(organization, intent.token));
  POOLSHIFT_ASSIGN(
      Statement count,
      database_->Prepare(
          "SELECT (SELECT count(*) FROM intents JOIN results USING (organization, run, seq) "
          "WHERE organization = ?1 AND proposed_key = ?2) + ifnull((SELECT times FROM used_keys "
          "WHERE organization = ?1 AND proposed_key = ?2), 0)"));
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
                         "proposed_key) SELECT organization, id, ?, ?, ?, ?, ?, ? FROM runs WHERE "
                         "organization = ? AND id = ?"));
  insert.Bind(recorded.seq).Bind(recorded.key).Bind(recorded.action).Bind(recorded.token);
  insert.Bind(absl::ToUnixNanos(recorded.at)).Bind(recorded.proposed_key);
  POOLSHIFT_TRY(insert.Bind(organization).Bind(recorded.run).Run());
  if (database_->changed_rows() != 1) return NoSuchRun(organization, recorded.run);
  POOLSHIFT_TRY(
      AppendLink(*database_, organization, link::kIntent, recorded.run, recorded.seq, recorded.at));
  POOLSHIFT_TRY(transaction.Commit());
  return recorded;
}

absl::Status Store::RecordResult(std::string_view organization, const ResultRecord& result) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(
      Statement insert,
      database_->Prepare("INSERT INTO results SELECT organization, run, seq, ?, ?, ?, "
                         "? FROM intents WHERE organization = ? AND run = ? AND seq = ?"));
  insert.Bind(result.outcome).Bind(result.text).Bind(result.revision);
  insert.Bind(absl::ToUnixNanos(result.at));
  POOLSHIFT_TRY(insert.Bind(organization).Bind(result.run).Bind(result.seq).Run());
  if (database_->changed_rows() != 1) {
    return absl::NotFoundError(path_ + " has no intent " + std::to_string(result.seq) + " of run " +
                               std::to_string(result.run) + " of " + std::string(organization));
  }
  POOLSHIFT_TRY(
      AppendLink(*database_, organization, link::kResult, result.run, result.seq, result.at));
  return transaction.Commit();
}

absl::StatusOr<std::vector<IntentRecord>> Store::ReadIntents(Statement query) {
  return ReadRows(query, [](const Statement& row) {
    return IntentRecord{row.Integer(0),
                        row.Integer(1),
                        row.Text(2),
                        row.Text(3),
                        row.Text(4),
                        row.Integer(5),
                        absl::FromUnixNanos(row.Integer(6))};
  });
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
  return ReadRows(query, [](const Statement& row) {
    return ResultRecord{row.Integer(0),
                        row.Integer(1),
                        row.Text(2),
                        row.Text(3),
                        row.Text(4),
                        absl::FromUnixNanos(row.Integer(5))};
  });
}

}  // namespace poolshift
