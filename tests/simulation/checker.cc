#include "tests/simulation/checker.h"

#include <algorithm>
#include <utility>

#include "controller/engine/exporting.h"
#include "controller/engine/planning.h"

namespace poolshift::simulation {
namespace {

bool Holds(const Clause& clause, const std::vector<ValueIndex>& values) {
  const auto holding =
      std::count_if(clause.literals.begin(), clause.literals.end(), [&](const Literal& literal) {
        return std::binary_search(literal.values.begin(),
                                  literal.values.end(),
                                  values[static_cast<std::size_t>(literal.variable)]);
      });
  return holding >= clause.at_least && holding <= clause.at_most;
}

std::vector<std::size_t> BrokenClauses(const PlanningProblem& problem,
                                       const std::vector<ValueIndex>& values) {
  std::vector<std::size_t> broken;
  for (std::size_t k = 0; k < problem.clauses.size(); ++k)
    if (!Holds(problem.clauses[k], values)) broken.push_back(k);
  return broken;
}

}  // namespace

void Checker::Wrong(const std::string& what) { wrongs_.push_back(what); }

const Disk* Checker::DiskOf(const ApplyRequest& request) const {
  for (const auto& disk : disks_)
    if (disk->HasDurableIntent(request.key, request.token)) return disk.get();
  return nullptr;
}

void Checker::BeforeWrite(const std::string& provider, const ApplyRequest& request) {
  ++writes_;
  writing_ = nullptr;
  const std::string title = request.action.title + " (token " + std::to_string(request.token) + ")";
  std::int64_t& greatest = tokens_[provider];
  if (request.token < greatest)
    Wrong("fencing: " + title + " was accepted after token " + std::to_string(greatest));
  greatest = std::max(greatest, request.token);
  const Observation now = realm_.Look({request.action.target, ""});
  if (now.revision != request.action.precondition_revision)
    Wrong("lost update: " + title + " replaced what its plan had not seen");
  broken_before_ = realm_.Broken();
  const Disk* disk = DiskOf(request);
  if (disk == nullptr) return Wrong("audit: " + title + " has no durable intent");
  if (writers_.try_emplace({provider, request.token}, disk).first->second != disk)
    Wrong("fencing: two controllers wrote under one token: " + title);
  const IntentRecord& intent = *disk->IntentUnder(request.key);
  Effects& effects = effects_[{disk, intent.run, intent.key}];
  // Whoever died before noting the first can only see that the target is as it was before, because
  // somebody made it so again by hand. Nobody can tell that from a change that was never made.
  if (++effects.count > 1 && !std::exchange(effects.forgotten, false))
    Wrong("at most once: " + title + " took effect twice in one run");
  CheckNeeds(*disk, intent, request);
  CheckExport(*disk, intent, request);
}

void Checker::Forgotten(const ApplyRequest& request) {
  const Disk* disk = DiskOf(request);
  if (disk == nullptr) return;
  const IntentRecord& intent = *disk->IntentUnder(request.key);
  effects_[{disk, intent.run, intent.key}].forgotten = true;
}

void Checker::Fenced(const std::string& provider, std::int64_t token) {
  std::int64_t& greatest = tokens_[provider];
  greatest = std::max(greatest, token);
}

// Before the first write to the central store what it could spoil is saved, and on record.
void Checker::CheckExport(const Disk& disk,
                          const IntentRecord& intent,
                          const ApplyRequest& request) {
  if (!IsCentralStoreWrite(request.action)) return;
  const auto& events = disk.tables().events;
  const bool saved = std::any_of(events.begin(), events.end(), [&](const EventRow& event) {
    return event.kind == "export" && event.run == intent.run;
  });
  if (!saved) Wrong("export: " + request.action.title + " was written before anything was saved");
}

// A gate that opened has its evidence on record.
bool Checker::Opened(const Disk& disk, std::int64_t run, const ActionId& gate) {
  const auto evidence = disk.tables().evidence.find(run);
  if (evidence == disk.tables().evidence.end()) return false;
  return std::any_of(
      evidence->second.begin(), evidence->second.end(), [&](const EvidenceRecord& each) {
        return each.action == gate && each.outcome == "done";
      });
}

// What an action needs is done and on record.
void Checker::CheckNeeds(const Disk& disk,
                         const IntentRecord& intent,
                         const ApplyRequest& request) {
  const auto plan = plans_.find({&disk, intent.run});
  if (plan == plans_.end()) return Wrong("audit: a write of a run that was never begun");
  writing_ = &plan->second;
  for (const ActionId& need : request.action.needs) {
    bool done = Opened(disk, intent.run, need);
    const auto intents = disk.tables().intents.find(intent.run);
    for (const IntentRecord& earlier : intents->second) {
      const auto result = disk.tables().results.find({intent.run, earlier.seq});
      done = done || (earlier.action == need && result != disk.tables().results.end() &&
                      result->second.outcome == "done");
    }
    if (!done)
      Wrong("order: " + request.action.title + " was written before the result of " + need);
  }
}

void Checker::Move(Shadow& shadow, const ActionId& action) {
  if (shadow.reasoning == nullptr) return;
  const PlanningProblem& problem = shadow.reasoning->problem;
  for (std::size_t place = 0; place < shadow.plan->actions.size(); ++place) {
    if (shadow.plan->actions[place].id != action) continue;
    const auto step = static_cast<std::size_t>(shadow.reasoning->steps[place]);
    for (const Effect& effect : problem.operators[step].effects)
      shadow.values[static_cast<std::size_t>(effect.variable)] = effect.to;
  }
  std::vector<std::size_t> broken = BrokenClauses(problem, shadow.values);
  for (const std::size_t clause : broken) {
    const auto& before = shadow.broken;
    if (std::find(before.begin(), before.end(), clause) != before.end()) continue;
    Wrong("invariant: " + action + " broke " + problem.clauses[clause].reason.rule + ": " +
          problem.clauses[clause].reason.text);
  }
  shadow.broken = std::move(broken);
}

void Checker::AfterWrite(const ApplyRequest& request) {
  if (writing_ != nullptr) Move(*writing_, request.action.id);
  CheckRules(request);
}

void Checker::CheckRules(const ApplyRequest& request) {
  for (const std::string& rule : realm_.Broken()) {
    const bool is_new =
        std::find(broken_before_.begin(), broken_before_.end(), rule) == broken_before_.end();
    if (!is_new) continue;
    // Nobody can promise anything about a change by hand between the look and the write.
    const auto looked = looked_.find(request.token);
    if (looked != looked_.end() && meddled_ >= looked->second) continue;
    Wrong("invariant: " + request.action.title + " broke " + rule + ": " + realm_.Describe());
  }
}

void Checker::CheckBasis(const Plan& plan, std::size_t changes) {
  if (realm_.changes() != changes) return;
  std::set<ObservationKey> matters(plan.rests_on.begin(), plan.rests_on.end());
  for (const Action& action : plan.actions)
    if (!action.gate.has_value()) matters.insert({action.target, ""});
  for (const auto& [key, revision] : plan.basis) {
    if (!matters.contains(key) || realm_.Look(key).revision == revision) continue;
    Wrong("stale plan: it was begun though " + ToString(key.id) +
          " is no longer what it was made from");
  }
}

void Checker::Meddled(absl::Duration now) { meddled_ = now; }

void Checker::Begun(const Disk& disk, std::int64_t run, std::shared_ptr<const Plan> plan) {
  Shadow shadow{plan, realm_.ReasoningOf(*plan), {}, {}};
  if (shadow.reasoning != nullptr) {
    for (const Variable& variable : shadow.reasoning->problem.variables)
      shadow.values.push_back(variable.start);
    shadow.broken = BrokenClauses(shadow.reasoning->problem, shadow.values);
  }
  plans_[{&disk, run}] = std::move(shadow);
}

void Checker::Ended(const Disk& disk, std::int64_t run, const ActionId& action) {
  if (const auto plan = plans_.find({&disk, run}); plan != plans_.end()) Move(plan->second, action);
}

void Checker::CheckRecords() {
  for (const auto& [effect, count] : effects_) {
    const auto& [disk, run, key] = effect;
    const IntentRecord* intent = disk->IntentUnder(key);
    if (intent == nullptr) {
      Wrong("audit: the intent of an effect is lost");
    } else if (disk->tables().results.count({run, intent->seq}) == 0) {
      Wrong("audit: an effect has no result on record in the end");
    }
  }
}

}  // namespace poolshift::simulation
