#include "controller/engine/history_run.h"

#include <charconv>
#include <map>

#include "absl/status/status.h"

#include "controller/engine/recorded_run.h"
#include "controller/engine/replay.h"
#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/store/chain_record.h"

namespace poolshift {
namespace {

// What each link of the run stands for.
class Journal {
 public:
  explicit Journal(const RecordedRun& recorded) : recorded_(recorded) {
    for (const IntentRecord& intent : recorded.intents)
      intents_.emplace(intent.seq, &intent);
    for (const ResultRecord& result : recorded.results)
      results_.emplace(result.seq, &result);
    for (const EvidenceRecord& evidence : recorded.evidence)
      evidence_.emplace(evidence.seq, &evidence);
    for (const EventRow& event : recorded.events)
      events_.emplace(event.id, &event);
  }

  absl::StatusOr<JournalEntry> EntryOf(const LinkRow& link) const {
    JournalEntry entry;
    entry.seq = link.head.seq;
    entry.hash = link.head.hash;
    entry.kind = link.kind;
    if (link.kind == link::kBegin) {
      entry.at = recorded_.run.started;
    } else if (link.kind == link::kEnd) {
      entry.at = recorded_.run.ended;
      entry.outcome = recorded_.run.outcome;
    } else if (link.kind == link::kEvidence) {
      POOLSHIFT_TRY(AddEvidence(link.ref, entry));
    } else {
      AddOther(link, entry);
    }
    return entry;
  }

 private:
  absl::Status AddEvidence(std::int64_t ref, JournalEntry& entry) const {
    const auto found = evidence_.find(ref);
    if (found == evidence_.end()) return absl::OkStatus();
    const EvidenceRecord& evidence = *found->second;
    entry.at = evidence.at;
    entry.action = evidence.action;
    entry.outcome = evidence.outcome;
    entry.text = evidence.text;
    POOLSHIFT_ASSIGN(const auto seen, DecodeObservations(evidence.seen));
    entry.seen.assign(seen.begin(), seen.end());
    return absl::OkStatus();
  }

  void AddOther(const LinkRow& link, JournalEntry& entry) const {
    const auto intent = intents_.find(link.ref);
    const auto result = results_.find(link.ref);
    const auto event = events_.find(link.ref);
    if (link.kind == link::kIntent && intent != intents_.end()) {
      entry.at = intent->second->at;
      entry.action = intent->second->action;
      entry.key = intent->second->key;
    } else if (link.kind == link::kResult && result != results_.end()) {
      entry.at = result->second->at;
      entry.action = intent == intents_.end() ? "" : intent->second->action;
      entry.outcome = result->second->outcome;
      entry.text = result->second->text;
    } else if (event != events_.end()) {
      entry.at = event->second->at;
      entry.text = event->second->text;
    }
  }

  const RecordedRun& recorded_;
  std::map<std::int64_t, const IntentRecord*> intents_;
  std::map<std::int64_t, const ResultRecord*> results_;
  std::map<std::int64_t, const EvidenceRecord*> evidence_;
  std::map<std::int64_t, const EventRow*> events_;
};

}  // namespace

absl::StatusOr<std::int64_t> RunNumber(const std::string& word) {
  std::int64_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, number);
  if (error == std::errc() && stopped == end && number > 0) return number;
  return absl::InvalidArgumentError("`" + word +
                                    "` is no number of a run; `poolshift history` lists them");
}

RunEntry EntryOf(const RunRecord& record) {
  RunEntry entry;
  entry.run = record.id;
  entry.started = record.started;
  entry.ended = record.ended;
  entry.outcome = record.outcome;
  entry.who = record.who;
  entry.plan_digest = record.plan_digest;
  entry.commit = record.commit;
  entry.override_reason = record.override_reason;
  entry.follows = record.follows;
  entry.follows_as = record.follows_as;
  return entry;
}

absl::StatusOr<std::vector<LeaseReport::Break>> LeaseBreaksOf(Store& store,
                                                              const std::string& organization) {
  POOLSHIFT_ASSIGN(const std::vector<LeaseBreak> breaks, store.LeaseBreaks(organization));
  std::vector<LeaseReport::Break> told;
  for (const LeaseBreak& each : breaks)
    told.push_back({each.at, each.by.who, each.by.host, each.reason, each.former, each.token});
  return told;
}

absl::StatusOr<RunDossier> DossierOf(Store& store,
                                     const std::string& organization,
                                     std::int64_t run) {
  POOLSHIFT_ASSIGN(const RecordedRun recorded, ReadRun(store, organization, run));
  RunDossier dossier;
  dossier.organization = organization;
  dossier.entry = EntryOf(recorded.run);
  dossier.consent = recorded.run.consent;
  dossier.program = recorded.run.program;
  dossier.text = recorded.run.text;
  dossier.token = recorded.run.token;
  dossier.plan = recorded.file.plan;
  if (recorded.file.inputs.has_value()) {
    const PlanInputs& inputs = *recorded.file.inputs;
    dossier.has_inputs = true;
    dossier.planner = ToString(inputs.made_by);
    dossier.planned = inputs.now;
    dossier.observed = inputs.observed;
    for (const auto& [name, content] : inputs.manifests)
      dossier.manifests.emplace_back(name, Digest(content));
  }
  POOLSHIFT_ASSIGN(const std::vector<LinkRow> links, store.Links(organization, run));
  const Journal journal(recorded);
  for (const LinkRow& link : links) {
    POOLSHIFT_ASSIGN(JournalEntry entry, journal.EntryOf(link));
    dossier.journal.push_back(std::move(entry));
  }
  return dossier;
}

}  // namespace poolshift
