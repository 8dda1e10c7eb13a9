// A gate on its way: hold → look, pause, look … → open, or expired.
#include <algorithm>
#include <optional>
#include <set>

#include "controller/apply/expectation.h"
#include "controller/apply/stepper.h"
#include "controller/model/gone.h"

namespace poolshift {
namespace {

constexpr absl::Duration kShortestInterval = absl::Milliseconds(1);

// The greatest watermark among the results of the actions named, in this run.
std::optional<std::int64_t> Produced(const RunState& state, const std::vector<ActionId>& names) {
  std::optional<std::int64_t> greatest;
  for (const ActionId& name : names) {
    const auto place = state.places->find(name);
    if (place == state.places->end()) continue;
    const ActionProgress& producer = state.actions[static_cast<std::size_t>(place->second)];
    if (producer.end != ActionEnd::kDone) continue;
    const Value* watermark = producer.observation.properties.Find("watermark");
    if (watermark == nullptr || !watermark->is_integer()) continue;
    greatest = std::max(greatest.value_or(watermark->integer()), watermark->integer());
  }
  return greatest;
}

}  // namespace

void Stepper::StartGate(int i) {
  const Gate& gate = *action(i).gate;
  GateProgress& mine = progress(i).gate;
  const std::optional<std::int64_t> produced = Produced(state_, gate.produced_by);
  for (const Expectation& expectation : gate.expectations) {
    mine.produced.push_back(0);
    if (expectation.compare != Expectation::Compare::kAtLeastProduced) continue;
    if (!produced.has_value()) {
      return RecordGate(i,
                        ActionEnd::kFailed,
                        "nothing to compare " + ToString(expectation.subject.id) + " " +
                            expectation.property +
                            " with: no action of this run that it follows reported a watermark");
    }
    mine.produced.back() = *produced;
  }
  progress(i).phase = Phase::kHolding;
  mine.expires = now_ + gate.hold + gate.timeout;
  SetWake(i, now_ + gate.hold);
}

std::vector<int> Stepper::LookedAt(int i) const {
  return action(i).gate.has_value() ? std::vector<int>{i} : progress(i).stale;
}

void Stepper::Look(int i) {
  std::map<std::string, std::vector<ObservationKey>> keys;
  std::set<ObservationKey> asked;
  for (const int looked : LookedAt(i)) {
    for (const Expectation& expectation : action(looked).gate->expectations) {
      const auto observer = policy().observers.find(expectation.subject);
      auto& batch =
          keys[observer == policy().observers.end() ? action(looked).provider : observer->second];
      if (asked.insert(expectation.subject).second) batch.push_back(expectation.subject);
    }
  }
  if (keys.empty()) return RecordGate(i, ActionEnd::kDone, "");
  const absl::Duration deadline = std::min(policy().read_deadline, progress(i).gate.expires - now_);
  progress(i).gate.looked = now_;
  for (auto& [provider, batch] : keys) {
    const Ticket ticket = Await(i, Phase::kLooking, deadline);
    progress(i).gate.asked.emplace(ticket, batch);
    effects_.list.push_back(effect::Observe{ticket, i, provider, std::move(batch), deadline});
  }
  SetWake(i, std::min(progress(i).gate.expires, now_ + deadline + policy().grace));
}

void Stepper::OnLooked(int i, const event::Observed& event) {
  GateProgress& mine = progress(i).gate;
  const auto part = mine.asked.find(event.ticket);
  state_.awaited.erase(event.ticket);
  if (part == mine.asked.end()) return;
  Observation silence;
  if (!event.observations.ok()) silence.reason = std::string(event.observations.status().message());
  const bool complete =
      event.observations.ok() && event.observations->size() == part->second.size();
  if (event.observations.ok() && !complete)
    silence.reason = "the provider did not answer every question";
  if (IsGone(event.observations.status()))
    mine.gone.insert(part->second.begin(), part->second.end());
  for (std::size_t k = 0; k < part->second.size(); ++k) {
    mine.seen[part->second[k]] = complete ? (*event.observations)[k] : silence;
  }
  mine.asked.erase(part);
  if (mine.asked.empty()) LookEnded(i);
}

void Stepper::LookOverdue(int i) {
  Observation silence;
  silence.reason = "no answer by the deadline";
  for (const auto& [ticket, keys] : progress(i).gate.asked) {
    for (const ObservationKey& key : keys)
      progress(i).gate.seen[key] = silence;
  }
  LookEnded(i);
}

bool Stepper::IsOpen(int i, int gate) const {
  const Gate& asked = *action(gate).gate;
  const std::vector<bool> holds =
      WhatHolds(asked, progress(gate).gate.produced, progress(i).gate.seen);
  const auto held = static_cast<int>(std::count(holds.begin(), holds.end(), true));
  return held >= (asked.quorum > 0 ? asked.quorum : static_cast<int>(holds.size()));
}

bool Stepper::IsHopeless(int i, int gate) const {
  const Gate& asked = *action(gate).gate;
  const GateProgress& mine = progress(i).gate;
  const std::vector<bool> holds = WhatHolds(asked, progress(gate).gate.produced, mine.seen);
  for (std::size_t k = 0; k < holds.size(); ++k)
    if (!holds[k] && !mine.gone.contains(asked.expectations[k].subject)) return false;
  return !mine.gone.empty();
}

void Stepper::LookEnded(int i) {
  Forget(i);
  if (!action(i).gate.has_value()) return LookedAgain(i);
  const Gate& gate = *action(i).gate;
  GateProgress& mine = progress(i).gate;
  const bool open = IsOpen(i, i);
  ++mine.looks;
  mine.streak = open ? mine.streak + 1 : 0;
  if (open) mine.proved = mine.looked;
  if (mine.streak >= gate.consecutive) return RecordGate(i, ActionEnd::kDone, "");
  if (!open && IsHopeless(i, i))
    return RecordGate(i, ActionEnd::kFailed, "cannot be found out any more: " + Lagging(i));
  Pause(i, gate.interval);
}

void Stepper::Pause(int i, absl::Duration interval) {
  GateProgress& mine = progress(i).gate;
  progress(i).phase = Phase::kPausing;
  SetWake(i, std::min(mine.expires, now_ + std::max(interval, kShortestInterval)));
  const std::string lagging = Lagging(i);
  if (mine.lagging == lagging || lagging.empty()) return;
  mine.lagging = lagging;
  Report(effect::Report::Kind::kWaiting, i, lagging);
}

std::string Stepper::Lagging(int i) const {
  const GateProgress& mine = progress(i).gate;
  std::string text;
  for (const int looked : LookedAt(i)) {
    const Gate& gate = *action(looked).gate;
    const std::vector<std::int64_t>& produced = progress(looked).gate.produced;
    const std::vector<bool> holds = WhatHolds(gate, produced, mine.seen);
    for (std::size_t k = 0; k < gate.expectations.size(); ++k) {
      const Expectation& expectation = gate.expectations[k];
      const auto seen = mine.seen.find(expectation.subject);
      const Observation* observation = seen == mine.seen.end() ? nullptr : &seen->second;
      if (holds[k]) continue;
      if (observation != nullptr && Holds(expectation, produced[k], *observation)) continue;
      text += (text.empty() ? "" : "; ") + Lag(expectation, produced[k], observation);
    }
  }
  return text;
}

void Stepper::GateExpired(int i) {
  std::string lagging = Lagging(i);
  if (lagging.empty()) lagging = "all held in the last look, but not in enough of them in a row";
  if (!action(i).gate.has_value()) return NoLongerSo(i, lagging);
  const Gate& gate = *action(i).gate;
  RecordGate(i,
             ActionEnd::kFailed,
             std::string(kDidNotOpen) + absl::FormatDuration(gate.timeout) + ": " + lagging,
             RunEnd::kGateTimeout);
}

}  // namespace poolshift
