// The journal as a whole: evidence, events, checking, and what happens when it is broken.
#include <utility>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"
#include "controller/world/files.h"

namespace poolshift {
namespace {

constexpr std::size_t kLargestHeads = std::size_t{1} << 20U;
constexpr std::string_view kSelectEvents =
    "SELECT kind, run, who, text, data, at_ns, id FROM events WHERE organization = ?";

absl::StatusOr<std::vector<EventRow>> ReadEvents(Statement query) {
  return ReadRows(query, [](const Statement& row) {
    return EventRow{row.Text(0),
                    row.Integer(1),
                    row.Text(2),
                    row.Text(3),
                    row.Text(4),
                    absl::FromUnixNanos(row.Integer(5)),
                    row.Integer(6)};
  });
}

}  // namespace

absl::Status Store::RecordEvidence(std::string_view organization, const EvidenceRecord& evidence) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(Statement last,
                   database_->Prepare("SELECT ifnull(max(seq), 0) FROM evidence WHERE run = ?"));
  POOLSHIFT_TRY(last.Bind(evidence.run).Step().status());
  const std::int64_t seq = last.Integer(0) + 1;
  POOLSHIFT_ASSIGN(
      Statement insert,
      database_->Prepare("INSERT INTO evidence SELECT organization, id, ?, ?, ?, ?, ?, "
                         "? FROM runs WHERE organization = ? AND id = ?"));
  insert.Bind(seq).Bind(evidence.action).Bind(evidence.outcome).Bind(evidence.text);
  insert.BindBlob(evidence.seen).Bind(absl::ToUnixNanos(evidence.at));
  POOLSHIFT_TRY(insert.Bind(organization).Bind(evidence.run).Run());
  if (database_->changed_rows() != 1) return NoSuchRun(organization, evidence.run);
  POOLSHIFT_TRY(
      AppendLink(*database_, organization, link::kEvidence, evidence.run, seq, evidence.at));
  return transaction.Commit();
}

absl::StatusOr<std::vector<EvidenceRecord>> Store::Evidence(std::string_view organization,
                                                            std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare("SELECT run, seq, action, outcome, text, seen, at_ns FROM evidence "
                         "WHERE organization = ? AND run = ? ORDER BY seq"));
  query.Bind(organization).Bind(run);
  return ReadRows(query, [](const Statement& row) {
    return EvidenceRecord{row.Integer(0),
                          row.Integer(1),
                          row.Text(2),
                          row.Text(3),
                          row.Text(4),
                          row.Text(5),
                          absl::FromUnixNanos(row.Integer(6))};
  });
}

absl::Status Store::RecordEvent(std::string_view organization, const EventRow& event) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_TRY(AppendEvent(*database_, organization, event));
  return transaction.Commit();
}

absl::StatusOr<std::vector<EventRow>> Store::Events(std::string_view organization,
                                                    std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement query,
                   database_->Prepare(std::string(kSelectEvents) + " AND run = ? ORDER BY id"));
  query.Bind(organization).Bind(run);
  return ReadEvents(std::move(query));
}

absl::StatusOr<std::vector<LinkRow>> Store::Links(std::string_view organization, std::int64_t run) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Statement query,
                   database_->Prepare("SELECT seq, hash, kind, ref FROM chain WHERE organization = "
                                      "? AND run = ? ORDER BY seq"));
  query.Bind(organization).Bind(run);
  return ReadRows(query, [](const Statement& row) {
    return LinkRow{{row.Integer(0), row.Text(1)}, row.Text(2), row.Integer(3)};
  });
}

// --- The head beside the store ------------------------------------------------------------------

std::string Store::heads_path() const {
  return path_.substr(0, path_.rfind('/')) + "/poolshift.heads";
}

// Lines "HEAD ORGANISATION".
absl::StatusOr<std::map<std::string, ChainHead, std::less<>>> Store::KeptHeads() const {
  std::map<std::string, ChainHead, std::less<>> heads;
  RealFiles files;
  const absl::StatusOr<std::string> read = files.Read(heads_path(), kLargestHeads);
  if (absl::IsNotFound(read.status())) return heads;
  if (!read.ok()) return read.status();
  std::string_view text = *read;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t space = line.find(' ');
    ChainHead head;
    if (space == std::string_view::npos || !ParseHead(line.substr(0, space), head) ||
        line.size() == text.size()) {
      return absl::DataLossError(heads_path() + " is damaged");
    }
    heads[std::string(line.substr(space + 1))] = head;
    text.remove_prefix(line.size() + 1);
  }
  return heads;
}

absl::Status Store::WriteHead(std::string_view organization, const ChainHead& head) {
  absl::StatusOr<std::map<std::string, ChainHead, std::less<>>> heads = KeptHeads();
  if (!heads.ok() && !absl::IsDataLoss(heads.status())) return heads.status();
  if (!heads.ok()) heads.emplace();
  heads->insert_or_assign(std::string(organization), head);
  std::string text;
  for (const auto& [name, each] : *heads)
    text += ToString(each) + ' ' + name + '\n';
  return RealFiles().Replace(heads_path(), text, 0600);
}

absl::StatusOr<ChainHead> Store::Head(std::string_view organization) {
  const std::lock_guard lock(mutex_);
  return LastLink(*database_, organization);
}

absl::Status Store::KeepHead(std::string_view organization) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_TRY(CheckWritable(organization));
  POOLSHIFT_ASSIGN(const ChainHead head, LastLink(*database_, organization));
  return head.seq == 0 ? absl::OkStatus() : WriteHead(organization, head);
}

// --- Checking
// -------------------------------------------------------------------------------------

absl::StatusOr<ChainReport> Store::CheckAll(std::string_view organization) {
  // Before the first look at the rows: another process keeps its head after it has written them.
  const auto kept = KeptHeads();
  POOLSHIFT_ASSIGN(ChainReport report, CheckChain(*database_, organization));
  POOLSHIFT_ASSIGN(const std::vector<std::string> texts, CheckTexts(*database_, organization));
  report.faults.insert(report.faults.end(), texts.begin(), texts.end());
  POOLSHIFT_ASSIGN(Statement breaks,
                   database_->Prepare(std::string(kSelectEvents) +
                                      " AND kind = 'segment' AND who <> '' ORDER BY id"));
  breaks.Bind(organization);
  POOLSHIFT_ASSIGN(report.breaks, ReadEvents(std::move(breaks)));
  if (!kept.ok()) report.faults.push_back(std::string(kept.status().message()));
  if (!kept.ok()) return report;
  const auto head = kept->find(organization);
  if (head == kept->end()) return report;
  POOLSHIFT_ASSIGN(const HeadCheck found, CheckHead(*database_, organization, head->second));
  if (found.result == HeadCheck::kBroken)
    report.faults.push_back(found.text + " (its head is kept in " + heads_path() + ")");
  return report;
}

absl::Status Store::CheckWritable(std::string_view organization) {
  const auto known = checked_.find(organization);
  if (known != checked_.end()) return known->second;
  POOLSHIFT_ASSIGN(const Transaction reading, Transaction::BeginReading(*database_));
  POOLSHIFT_ASSIGN(const ChainReport report, CheckAll(organization));
  absl::Status status;
  if (!report.faults.empty()) {
    status = absl::PermissionDeniedError(
        path_ + ": the record of " + std::string(organization) +
        " is broken: " + report.faults.front() +
        ". Nothing is written any more. `poolshift history verify` tells all that is wrong; find "
        "out who changed it and how, then `poolshift history acknowledge --reason TEXT` begins a "
        "new record that names this one");
  }
  checked_.emplace(organization, status);
  return status;
}

absl::StatusOr<Transaction> Store::BeginWriting(std::string_view organization) {
  POOLSHIFT_TRY(CheckWritable(organization));
  return Transaction::Begin(*database_);
}

absl::Status Store::CheckJournal(std::string_view organization) {
  const std::lock_guard lock(mutex_);
  return CheckWritable(organization);
}

absl::StatusOr<ChainReport> Store::VerifyJournal(std::string_view organization,
                                                 const std::vector<ChainHead>& heads) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(const Transaction reading, Transaction::BeginReading(*database_));
  POOLSHIFT_ASSIGN(ChainReport report, CheckAll(organization));
  for (const ChainHead& head : heads) {
    POOLSHIFT_ASSIGN(const HeadCheck found, CheckHead(*database_, organization, head));
    if (found.result == HeadCheck::kBroken)
      report.faults.push_back(found.text + " (compared with the head " + ToString(head) + ")");
    report.head_pruned = report.head_pruned || found.result == HeadCheck::kPruned;
  }
  return report;
}

absl::Status Store::Acknowledge(std::string_view organization,
                                std::string_view who,
                                std::string_view reason,
                                absl::Time now) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  POOLSHIFT_ASSIGN(const ChainReport report, CheckAll(organization));
  if (report.faults.empty()) {
    return absl::FailedPreconditionError("the record of " + std::string(organization) +
                                         " is whole; there is nothing to acknowledge");
  }
  ChainHead former = report.head;
  const auto kept = KeptHeads();
  if (kept.ok()) {
    const auto head = kept->find(organization);
    if (head != kept->end() && head->second.seq > former.seq) former = head->second;
  }
  EventRow segment{std::string(link::kSegment), 0, std::string(who), std::string(reason), "", now};
  segment.data = "former " + ToString(former) + '\n';
  for (const std::string& fault : report.faults)
    segment.data += "fault " + fault + '\n';
  POOLSHIFT_TRY(TakeTextsAsTheyAre(*database_, organization));
  POOLSHIFT_TRY(BeginSegment(*database_, organization, segment, former.seq));
  POOLSHIFT_ASSIGN(const ChainHead head, LastLink(*database_, organization));
  POOLSHIFT_TRY(transaction.Commit());
  checked_.clear();
  return WriteHead(organization, head);
}

}  // namespace poolshift
