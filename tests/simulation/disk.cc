#include "tests/simulation/disk.h"

#include <algorithm>
#include <array>
#include <utility>

#include "controller/model/try.h"

namespace poolshift::simulation {
namespace {

using State = LeaseStanding::State;

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

std::string Used(const std::string& organization, std::string_view single_use) {
  return organization + '/' + std::string(single_use);
}

}  // namespace

std::string_view Name(const Entry& entry) {
  constexpr std::array<std::string_view, std::variant_size_v<Entry>> kNames = {
      "lease", "release", "break", "run", "intent", "result", "evidence", "event", "end"};
  return kNames.at(entry.index());
}

std::string_view Name(Moment moment) {
  constexpr std::array<std::string_view, 4> kNames = {"before", "torn", "unsynced", "synced"};
  return kNames.at(static_cast<std::size_t>(moment));
}

void Tables::Take(const Entry& entry) {
  std::visit(Overloaded{
                 [&](const entry::Acquired& it) {
                   leases[it.organization] = {State::kHeld, it.lease};
                 },
                 [&](const entry::Released& it) {
                   LeaseStanding& standing = leases[it.organization];
                   if (standing.state != State::kHeld || standing.lease.token != it.lease.token)
                     return;
                   standing.state = it.lease.displaces ? State::kBroken : State::kFree;
                 },
                 [&](const entry::Broken& it) {
                   LeaseStanding& standing = leases[it.organization];
                   standing.state = State::kBroken;
                   standing.lease.token = it.lease.token;
                 },
                 [&](const entry::Begun& it) {
                   runs.emplace_back(it.organization, it.run);
                   runs.back().second.id = static_cast<std::int64_t>(runs.size());
                   if (!it.run.single_use.empty())
                     consumed[Used(it.organization, it.run.single_use)] = runs.back().second.id;
                 },
                 [&](const entry::Intended& it) { intents[it.intent.run].push_back(it.intent); },
                 [&](const entry::Resulted& it) {
                   results[{it.result.run, it.result.seq}] = it.result;
                   for (const IntentRecord& intent : intents[it.result.run])
                     if (intent.seq == it.result.seq)
                       ++proposed[Used(it.organization, intent.proposed_key)];
                 },
                 [&](const entry::Seen& it) { evidence[it.evidence.run].push_back(it.evidence); },
                 [&](const entry::Happened& it) { events.push_back(it.event); },
                 [&](const entry::Ended& it) {
                   RunRecord& run = runs.at(static_cast<std::size_t>(it.run - 1)).second;
                   run.ended = it.ended;
                   run.outcome = it.outcome;
                   run.text = it.text;
                 },
             },
             entry);
}

void Disk::Show() {
  for (Record& record : records_) {
    if (record.seen || record.torn) continue;
    record.seen = true;
    tables_.Take(record.entry);
  }
}

void Disk::Sync() {
  // One that could not be synced before, and was given up, is overwritten by the next.
  std::erase_if(records_, [this](const Record& record) {
    return !record.seen && &record != &records_.back();
  });
  Show();
  if (!honest_) return;
  // Also those of a program that was killed before it could do so itself.
  for (auto record = records_.rbegin(); record != records_.rend() && !record->synced; ++record) {
    record->synced = true;
    if (const auto* it = std::get_if<entry::Intended>(&record->entry))
      durable_[it->intent.key] = it->intent;
  }
}

void Disk::LosePower(const std::function<bool()>& keeps) {
  std::vector<Record> left;
  for (Record& record : records_) {
    if (!record.synced && (record.torn || !keeps())) break;
    record.synced = true;
    left.push_back(std::move(record));
  }
  records_ = std::move(left);
  tables_ = {};
  durable_.clear();
  for (Record& record : records_) {
    record.seen = true;
    tables_.Take(record.entry);
    if (const auto* it = std::get_if<entry::Intended>(&record.entry))
      durable_[it->intent.key] = it->intent;
  }
}

bool Disk::HasDurableIntent(const std::string& key, std::int64_t token) const {
  const auto found = durable_.find(key);
  return found != durable_.end() && found->second.token == token;
}

const IntentRecord* Disk::IntentUnder(const std::string& key) const {
  const auto found = durable_.find(key);
  return found == durable_.end() ? nullptr : &found->second;
}

absl::Status SimulatedStore::Commit(Entry entry) {
  POOLSHIFT_TRY(outside_.at(entry, Moment::kBefore));
  disk_.Write(entry);
  POOLSHIFT_TRY(outside_.at(entry, Moment::kTorn));
  POOLSHIFT_TRY(outside_.at(entry, Moment::kUnsynced));
  disk_.Sync();
  return outside_.at(entry, Moment::kSynced);
}

LeaseStanding SimulatedStore::StandingOf(std::string_view organization) const {
  const auto found = disk_.tables().leases.find(std::string(organization));
  return found == disk_.tables().leases.end() ? LeaseStanding{} : found->second;
}

absl::Status SimulatedStore::CheckToken(std::string_view organization, std::int64_t token) const {
  const LeaseStanding standing = StandingOf(organization);
  if (standing.state == State::kHeld && standing.lease.token == token) return absl::OkStatus();
  return absl::AbortedError("the lease is no longer held: another run has taken over");
}

absl::StatusOr<std::int64_t> SimulatedStore::BeginRun(std::string_view organization,
                                                      const RunRecord& run,
                                                      const RunPapers& /*papers*/) {
  POOLSHIFT_TRY(CheckToken(organization, run.token));
  POOLSHIFT_ASSIGN(const std::int64_t used, ConsumedBy(organization, run.single_use));
  if (used != 0) return absl::FailedPreconditionError("this saved plan has been used before");
  POOLSHIFT_TRY(Commit(entry::Begun{std::string(organization), run}));
  return static_cast<std::int64_t>(disk_.tables().runs.size());
}

absl::Status SimulatedStore::EndRun(std::string_view organization,
                                    std::int64_t run,
                                    absl::Time ended,
                                    std::string_view outcome,
                                    std::string_view text) {
  const auto& runs = disk_.tables().runs;
  if (run < 1 || run > static_cast<std::int64_t>(runs.size()))
    return absl::NotFoundError("the store has no run " + std::to_string(run));
  const auto& [owner, record] = runs[static_cast<std::size_t>(run - 1)];
  if (owner != organization || record.ended != absl::InfiniteFuture())
    return absl::NotFoundError("no run " + std::to_string(run) + " that has not ended");
  return Commit(
      entry::Ended{std::string(organization), run, ended, std::string(outcome), std::string(text)});
}

absl::StatusOr<std::vector<RunRecord>> SimulatedStore::UnfinishedRuns(
    std::string_view organization) {
  std::vector<RunRecord> unfinished;
  for (const auto& [owner, run] : disk_.tables().runs) {
    if (owner != organization) continue;
    POOLSHIFT_ASSIGN(const std::vector<IntentRecord> doubts, InDoubt(organization, run.id));
    if (run.ended == absl::InfiniteFuture() || !doubts.empty()) unfinished.push_back(run);
  }
  return unfinished;
}

absl::StatusOr<std::int64_t> SimulatedStore::ConsumedBy(std::string_view organization,
                                                        std::string_view single_use) {
  const auto found = disk_.tables().consumed.find(Used(std::string(organization), single_use));
  return found == disk_.tables().consumed.end() ? 0 : found->second;
}

absl::StatusOr<IntentRecord> SimulatedStore::RecordIntent(std::string_view organization,
                                                          const IntentRecord& intent) {
  POOLSHIFT_TRY(CheckToken(organization, intent.token));
  if (intent.run < 1 || intent.run > static_cast<std::int64_t>(disk_.tables().runs.size()) ||
      disk_.tables().runs[static_cast<std::size_t>(intent.run - 1)].first != organization)
    return absl::NotFoundError("an intent belongs to a run");
  IntentRecord recorded = intent;
  const auto settled =
      disk_.tables().proposed.find(Used(std::string(organization), intent.proposed_key));
  recorded.key =
      KeyAfter(intent.proposed_key, settled == disk_.tables().proposed.end() ? 0 : settled->second);
  const auto earlier = disk_.tables().intents.find(intent.run);
  recorded.seq = earlier == disk_.tables().intents.end() ? 1 : earlier->second.back().seq + 1;
  POOLSHIFT_TRY(Commit(entry::Intended{std::string(organization), recorded}));
  return recorded;
}

absl::Status SimulatedStore::RecordResult(std::string_view organization,
                                          const ResultRecord& result) {
  const auto intents = disk_.tables().intents.find(result.run);
  if (intents == disk_.tables().intents.end() || result.seq < 1 ||
      result.seq > static_cast<std::int64_t>(intents->second.size()) ||
      disk_.tables().runs[static_cast<std::size_t>(result.run - 1)].first != organization)
    return absl::NotFoundError("a result belongs to an intent");
  if (disk_.tables().results.count({result.run, result.seq}) > 0)
    return absl::InternalError("that intent has a result already");
  return Commit(entry::Resulted{std::string(organization), result});
}

absl::StatusOr<std::vector<IntentRecord>> SimulatedStore::InDoubt(std::string_view organization,
                                                                  std::int64_t run) {
  std::vector<IntentRecord> doubts;
  const auto intents = disk_.tables().intents.find(run);
  if (intents == disk_.tables().intents.end()) return doubts;
  if (disk_.tables().runs[static_cast<std::size_t>(run - 1)].first != organization) return doubts;
  for (const IntentRecord& intent : intents->second)
    if (disk_.tables().results.count({run, intent.seq}) == 0) doubts.push_back(intent);
  return doubts;
}

absl::Status SimulatedStore::RecordEvidence(std::string_view organization,
                                            const EvidenceRecord& evidence) {
  EvidenceRecord recorded = evidence;
  const auto earlier = disk_.tables().evidence.find(evidence.run);
  recorded.seq = earlier == disk_.tables().evidence.end() ? 1 : earlier->second.back().seq + 1;
  return Commit(entry::Seen{std::string(organization), recorded});
}

absl::Status SimulatedStore::RecordEvent(std::string_view organization, const EventRow& event) {
  return Commit(entry::Happened{std::string(organization), event});
}

// A file beside the store, which no run reads.
absl::Status SimulatedStore::KeepHead(std::string_view) { return absl::OkStatus(); }

absl::StatusOr<Lease> SimulatedStore::AcquireLease(std::string_view organization,
                                                   const LeaseHolder& holder,
                                                   absl::Time now) {
  const LeaseStanding former = StandingOf(organization);
  if (former.state == State::kHeld && outside_.runs(former.lease.holder)) {
    return absl::FailedPreconditionError(std::string(organization) + " is being changed by " +
                                         ToString(former.lease));
  }
  Lease lease = NextLease(former.lease.token, holder, now);
  lease.displaces = former.state != State::kFree;
  POOLSHIFT_TRY(Commit(entry::Acquired{std::string(organization), lease}));
  return lease;
}

absl::Status SimulatedStore::ReleaseLease(std::string_view organization, const Lease& lease) {
  return Commit(entry::Released{std::string(organization), lease});
}

absl::StatusOr<LeaseBreak> SimulatedStore::BreakLease(std::string_view organization,
                                                      const LeaseBreak& wanted,
                                                      std::int64_t floor) {
  const LeaseStanding standing = StandingOf(organization);
  LeaseBreak recorded = wanted;
  if (standing.state == State::kHeld) recorded.former = ToString(standing.lease);
  recorded.token = std::max(standing.lease.token + 1, floor);
  POOLSHIFT_TRY(Commit(entry::Broken{std::string(organization), recorded}));
  return recorded;
}

}  // namespace poolshift::simulation
