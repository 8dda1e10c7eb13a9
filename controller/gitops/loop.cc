#include "controller/gitops/loop.h"

#include <algorithm>
#include <utility>

#include "controller/engine/drift_look.h"
#include "controller/engine/drift_memory.h"
#include "controller/engine/drill.h"
#include "controller/engine/event_stream.h"
#include "controller/engine/history_run.h"
#include "controller/engine/in_turns.h"
#include "controller/engine/prepared.h"
#include "controller/engine/replay.h"
#include "controller/engine/run_options.h"
#include "controller/engine/suggestion.h"
#include "controller/gitops/voices.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr int kShownRuns = 50;
constexpr int kMostPast = 40;             // differences on record that pages show
constexpr std::size_t kMostPeriods = 20;  // and of each
// After a look that saw nothing, or a run that failed: twice as long each time, up to this.
constexpr absl::Duration kLongestPause = absl::Hours(1);

// Without --verbose nobody listens beside the board.
class Quiet final : public RunObserver {};

std::string ConsentText(const Ruling& ruling) {
  if (ruling.mode == Automation::Mode::kAuto) return "the policy: mode auto";
  std::string who;
  for (const Word& word : ruling.agreed)
    who += (who.empty() ? "" : ", ") + word.who;
  return "agreed by " + who;
}

// A yes counts for one run.
Voices NotUsed(Voices voices, const std::vector<RunEntry>& runs) {
  for (const RunEntry& run : runs) {
    std::erase_if(voices.words, [&](const Word& word) {
      return word.agrees && word.digest == run.plan_digest && word.at <= run.started;
    });
  }
  return voices;
}

std::string FailedRun(const std::vector<RunEntry>& runs, const std::string& digest) {
  if (runs.empty() || runs.front().plan_digest != digest) return "";
  const RunEntry& last = runs.front();
  return last.outcome == Name(RunOutcome::Code::kDone) ? "" : "run " + std::to_string(last.run);
}

}  // namespace

Loop::Loop(const World& world,
           LoopOptions options,
           DeclarationSource& source,
           Board& board,
           const Interruption& interruption)
    : world_(world),
      options_(std::move(options)),
      source_(source),
      board_(board),
      interruption_(interruption) {}

Loop::~Loop() = default;

void Loop::Log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

absl::StatusOr<MadePlan> Loop::PlanNow(Workspace& workspace, absl::Time now, Snapshot& next) {
  POOLSHIFT_ASSIGN(ObservedState observed, workspace.Observe());
  next.looked_at = now;
  NoteLook(observed, next.providers);
  return MakePreparedPlan(workspace, std::move(observed), now);
}

absl::Status Loop::Remember(const Workspace& workspace, const Snapshot& next, absl::Time now) {
  const std::string goal = GoalDigest(workspace.organization());
  if (settled_.has_value() && settled_->goal == goal && settled_->commit == next.commit)
    return absl::OkStatus();
  Settled settled{next.commit, goal, now, workspace.manifests()};
  POOLSHIFT_TRY(WriteSettled(*world_.files, options_.state_directory, settled));
  settled_ = std::move(settled);
  settled_organization_ = workspace.organization();
  return absl::OkStatus();
}

absl::Status Loop::KeepAgreements(const std::string& organization) {
  if (agreements_.empty()) return absl::OkStatus();
  POOLSHIFT_ASSIGN(const std::vector<EventRow> events, store_->Events(organization, 0));
  const Voices voices = VoicesOf(events, world_.clock->Now());
  for (const Sighting::Agreement& agreement : agreements_) {
    const std::string reason = "commit " + agreement.commit;
    const bool known = std::ranges::any_of(voices.words, [&](const Word& word) {
      return word.digest == agreement.digest && word.reason == reason;
    });
    if (known) continue;
    Word word;
    word.digest = agreement.digest;
    word.who = agreement.who;
    word.reason = reason;
    word.at = world_.clock->Now();
    POOLSHIFT_TRY(store_->RecordEvent(organization, WordEvent(word)));
  }
  agreements_.clear();
  return absl::OkStatus();
}

absl::Status Loop::Judge(const Workspace& workspace, absl::Time now, Snapshot& next) {
  const std::string& organization = workspace.organization().name;
  POOLSHIFT_TRY(store_->CheckJournal(organization));
  POOLSHIFT_TRY(KeepAgreements(organization));
  POOLSHIFT_ASSIGN(const std::vector<EventRow> events, store_->Events(organization, 0));
  POOLSHIFT_ASSIGN(const std::vector<RunRecord> runs,
                   store_->Runs(organization, kShownRuns, Store::Plans::kLeaveOut));
  next.runs.clear();
  for (const RunRecord& run : runs)
    next.runs.push_back(EntryOf(run));
  next.voices = NotUsed(VoicesOf(events, now), next.runs);
  absl::TimeZone zone;
  const bool known =
      absl::LoadTimeZone(workspace.organization().policy.automation.time_zone, &zone);
  next.ruling = poolshift::Judge({.organization = workspace.organization(),
                                  .plan = *next.plan,
                                  .digest = next.digest,
                                  .cause = next.cause,
                                  .voices = next.voices,
                                  .now = now,
                                  .failed = FailedRun(next.runs, next.digest),
                                  .zone = known ? &zone : nullptr});
  return absl::OkStatus();
}

absl::StatusOr<DrillChanges> Loop::KeepDrill(const DrillReport& report) {
  constexpr std::string_view kScope = "serve";  // compared with its own kind, not with a person's
  POOLSHIFT_ASSIGN(const DrillRecord before, store_->LastDrill(report.organization, kScope));
  POOLSHIFT_ASSIGN(DrillChanges changes, CompareDrills(before.report, before.at, report));
  POOLSHIFT_TRY(
      store_->RecordDrill(report.organization, kScope, {report.looked_at, DrillJson(report)}));
  return changes;
}

// A drill that fails is no look that failed: it is said, and tried at the next look.
void Loop::DrillWhenDue(Workspace& workspace,
                        const ObservedState& observed,
                        absl::Time now,
                        Snapshot& next) {
  const absl::Duration every = workspace.organization().policy.automation.drill;
  if (every == absl::ZeroDuration()) {
    next.drill = nullptr;
    next.drill_changes = nullptr;
    return;
  }
  if (next.drill != nullptr && now - next.drill->looked_at < every) return;
  absl::StatusOr<DrillReport> report =
      ReportDrill(workspace, observed, UsualDeaths(workspace.organization()), now);
  if (!report.ok()) return Log("no drill: " + std::string(report.status().message()));
  absl::StatusOr<DrillChanges> changes = KeepDrill(*report);
  if (!changes.ok()) return Log("no drill: " + std::string(changes.status().message()));
  next.drill = std::make_shared<const DrillReport>(*std::move(report));
  next.drill_changes = std::make_shared<const DrillChanges>(*std::move(changes));
}

// For the page alone, so that a look does not fail with it.
void Loop::ReadPast(const std::string& organization, absl::Time now, Snapshot& next) {
  auto past = PastDrift(*store_, organization, kMostPast, now, kMostPeriods);
  if (!past.ok()) return Log("no history of drift: " + std::string(past.status().message()));
  next.past = *std::move(past);
}

absl::Status Loop::Look(Workspace& workspace, absl::Time now, Snapshot& next) {
  if (!settled_read_) {
    POOLSHIFT_ASSIGN(settled_, ReadSettled(*world_.files, options_.state_directory));
    if (settled_.has_value()) {
      LoadedOrganization loaded = ParseManifests(settled_->texts);
      if (!loaded.diagnostics.has_errors()) settled_organization_ = std::move(loaded.organization);
    }
    settled_read_ = true;
  }
  if (store_ == nullptr) {
    POOLSHIFT_ASSIGN(store_, Store::Open(options_.state_directory));
  }
  const absl::Duration began = world_.clock->Elapsed();
  POOLSHIFT_ASSIGN(MadePlan made, PlanNow(workspace, now, next));
  next.look_took = world_.clock->Elapsed() - began;
  const Organization& organization = workspace.organization();
  auto drift = std::make_shared<DriftReport>(ReportDrift(organization, made.observed, now));
  next.cause =
      CauseOf(settled_organization_ ? &*settled_organization_ : nullptr, *drift, made.observed);
  drift->commit = next.commit;
  Suggestions suggestions(made.plan);
  for (DriftEntry& entry : drift->entries)
    entry.suggestion = suggestions.For(entry);
  POOLSHIFT_ASSIGN(const bool changed, RememberDrift(*store_, *drift));
  if (changed || next.past.empty()) ReadPast(organization.name, now, next);
  if (made.plan.empty() && drift->entries.empty()) POOLSHIFT_TRY(Remember(workspace, next, now));
  next.drift = std::move(drift);
  DrillWhenDue(workspace, made.observed, now, next);
  std::string digest = PlanDigest(made.plan);
  if (digest != next.digest) next.planned_at = now;
  next.digest = std::move(digest);
  next.plan = std::make_shared<const Plan>(std::move(made.plan));
  next.organization = std::make_shared<const Organization>(organization);
  if (settled_.has_value()) {
    next.settled_commit = settled_->commit;
    next.settled_at = settled_->at;
  }
  return Judge(workspace, now, next);
}

absl::Status Loop::CarryOut(Snapshot& next) {
  std::string faults;
  POOLSHIFT_ASSIGN(std::unique_ptr<Workspace> workspace,
                   Open(*in_force_, /*read_only=*/false, faults));
  Quiet quiet;
  const RunContext settling{workspace->providers(), *store_, quiet, interruption_};
  RunOptions settle;
  settle.organization = workspace->organization().name;
  settle.holder = options_.holder;
  POOLSHIFT_TRY(SettleBeforePlanning(settle, settling));
  const absl::Time now = world_.clock->Now();
  POOLSHIFT_ASSIGN(MadePlan made, PlanNow(*workspace, now, next));
  if (PlanDigest(made.plan) != next.digest) {
    Log("the world moved since plan " + next.digest.substr(0, 12) + "; planning anew");
    // At once, but not for ever: what moves at each look is looked at as often as declared.
    constexpr int kMostInARow = 3;
    if (++moved_ <= kMostInARow) board_.Wake();
    return absl::OkStatus();
  }
  moved_ = 0;
  RunOptions options = RunOptionsFor(
      *workspace, made.plan, options_.holder, ToString(ThisPlanner(options_.version)));
  for (const Word& word : next.ruling.agreed)
    options.approvals.insert(word.also.begin(), word.also.end());
  options.commit = next.commit;
  options.consent = ConsentText(next.ruling);
  for (const BreakGlass& opening : next.voices.openings)
    options.override_reason = opening.who + ": " + opening.reason;
  options.inputs = InputsOf(*workspace,
                            made.observed,
                            made.preparation,
                            made.objective,
                            made.measurements,
                            ThisPlanner(options_.version));
  Log("carrying out plan " + next.digest.substr(0, 12) + ": " +
      std::to_string(made.plan.mutations()) + " actions; " + options.consent);
  next.running = true;
  board_.Put(std::make_shared<const Snapshot>(next));
  EventStream events(
      *world_.clock, [this](const std::string& line) { board_.Say(line); }, made.plan, quiet);
  ProgressKeeper keeper(*world_.clock, made.plan, events, [&](auto progress) {
    next.progress = std::move(progress);
    board_.Put(std::make_shared<const Snapshot>(next));
  });
  InTurns observer(made.plan, keeper);
  const RunOutcome outcome =
      RunPlan(made.plan, options, {workspace->providers(), *store_, observer, interruption_});
  keeper.Flush();
  next.running = false;
  Log("run " + std::to_string(outcome.run) + " " + std::string(Name(outcome.code)) +
      (outcome.text.empty() ? "" : ": " + outcome.text));
  // Calls that are not waited for any more use the providers until the program ends.
  if (outcome.calls_left > 0) lingering_.push_back(std::move(workspace));
  board_.Wake();  // another look, which proves the end
  return outcome.code == RunOutcome::Code::kDone ? absl::OkStatus()
                                                 : absl::AbortedError(outcome.text);
}

absl::Time Loop::NextLook(const Snapshot& snapshot, absl::Time now) const {
  absl::Duration interval = options_.interval;
  if (interval == absl::ZeroDuration()) {
    interval = snapshot.organization == nullptr ? Automation().interval
                                                : snapshot.organization->policy.automation.interval;
  }
  if (failures_ > 0) {
    constexpr int kMostDoublings = 10;
    interval =
        std::min(std::max(interval, absl::Seconds(1)) * (1 << std::min(failures_, kMostDoublings)),
                 std::max(interval, kLongestPause));
  }
  const absl::Time waits = snapshot.ruling.kind == Ruling::Kind::kTime ? snapshot.ruling.not_before
                                                                       : absl::InfiniteFuture();
  return std::min(now + interval, std::max(now, waits));
}

absl::Time Loop::Round() {
  const absl::Time now = world_.clock->Now();
  Snapshot next = *board_.Current();
  next.round = ++round_;
  next.source = source_.Description();
  next.faults.clear();
  next.error.clear();
  const Sighting sighting = Sight(now);
  Hear(sighting, next);
  const Opened workspace = OpenBest(sighting, next);
  absl::Status status = workspace.status();
  if (workspace.ok()) {
    next.commit = in_force_->commit;
    next.identity = in_force_->identity;
    next.title = in_force_->title;
    next.author = in_force_->author;
    next.committed = in_force_->committed;
    status = Look(**workspace, now, next);
  }
  if (status.ok() && next.ruling.kind == Ruling::Kind::kGo && !board_.stopped())
    status = CarryOut(next);
  failures_ = status.ok() ? 0 : failures_ + 1;
  if (!status.ok()) {
    next.error = std::string(status.message());
    Log("could not look: " + next.error);
  }
  next.next_look = NextLook(next, world_.clock->Now());
  board_.Put(std::make_shared<const Snapshot>(next));
  return next.next_look;
}

}  // namespace poolshift
