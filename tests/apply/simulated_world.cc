#include "tests/apply/simulated_world.h"

#include <algorithm>

#include "controller/model/digest.h"
#include "controller/model/gone.h"

namespace poolshift {
namespace {

ResourceId Thing(int i) { return {"Thing", std::to_string(i)}; }
Value State(const char* state) { return Value::Map{{"state", state}}; }

std::string Text(const effect::Any& effect) {
  const std::size_t kind = effect.index();
  const int place = std::visit(
      [](const auto& it) {
        if constexpr (requires { it.action; }) return it.action;
        return -1;
      },
      effect);
  std::string text = std::to_string(kind) + ' ' + std::to_string(place);
  if (const auto* report = std::get_if<effect::Report>(&effect)) text += ' ' + report->text;
  if (const auto* call = std::get_if<effect::Call>(&effect))
    text += ' ' + call->key + call->precondition_revision;
  return text;
}

}  // namespace

Plan PlanOf(const std::vector<std::vector<int>>& needs) {
  Plan plan;
  plan.organization = "contoso";
  for (int i = 0; i < static_cast<int>(needs.size()); ++i) {
    Action action;
    action.target = Thing(i);
    action.before = State("off");
    action.after = State("on");
    action.id = "a" + std::to_string(100 + i);
    action.title = "switch thing " + std::to_string(i);
    action.provider = "lab";
    action.precondition_revision = RevisionOf(action.before);
    action.duration = absl::Seconds(1);
    for (const int need : needs[static_cast<std::size_t>(i)]) {
      action.needs.push_back(plan.actions[static_cast<std::size_t>(need)].id);
    }
    std::sort(action.needs.begin(), action.needs.end());
    plan.actions.push_back(std::move(action));
  }
  return plan;
}

void MakeGate(Plan& plan, int i) {
  Action& action = plan.actions[static_cast<std::size_t>(i)];
  action.verb = Verb::kGate;
  action.before = action.after = Value();
  action.gate.emplace();
  action.gate->expectations.push_back(
      {{action.target, ""}, "state", Expectation::Compare::kEquals, "on"});
  action.gate->interval = absl::Seconds(1);
  action.gate->timeout = absl::Seconds(20);
}

SimulatedWorld::SimulatedWorld(Plan plan, RunPolicy policy, Script script)
    : plan_(std::make_shared<const Plan>(std::move(plan))), script_(std::move(script)) {
  const std::size_t count = plan_->actions.size();
  calls_.resize(count);
  effects_.resize(count);
  looks_.resize(count);
  for (const Action& each : plan_->actions)
    resources_.emplace(each.target, each.before);
  absl::StatusOr<RunState> state = StartRun(plan_, std::move(policy));
  if (state.ok()) {
    state_ = *std::move(state);
  } else {
    Broken("the plan cannot be run: " + std::string(state.status().message()));
  }
}

RunState SimulatedWorld::Run() {
  constexpr int kMostEvents = 100000;
  for (const absl::Duration delay : script_.cancels)
    Later(delay, event::Cancel{});
  Feed(event::Begin{});
  for (int events = 0; !finished_ && events < kMostEvents; ++events) {
    const bool answer = !pending_.empty() && pending_.top().at <= wake_;
    if (!answer && wake_ == absl::InfiniteFuture()) break;
    const Event event = answer ? pending_.top().event : Event(event::Tick{});
    now_ = std::max(now_, answer ? pending_.top().at : wake_);
    if (answer) pending_.pop();
    Feed(event);
  }
  if (!finished_) Broken("the run did not end");
  CheckEnd();
  return state_;
}

void SimulatedWorld::Feed(const Event& event) {
  Effects effects;
  failed_ = failed_ || std::holds_alternative<event::RecordFailed>(event);
  state_ = Step(std::move(state_), event, now_, effects);
  wake_ = effects.wake_at;
  for (const effect::Any& effect : effects.list) {
    if (finished_) Broken("an effect after Finish");
    trace_ += absl::FormatDuration(now_ - kBegin) + ' ' + Text(effect) + '\n';
    std::visit([this](const auto& it) { CarryOut(it); }, effect);
  }
}

void SimulatedWorld::Later(absl::Duration delay, Event event) {
  pending_.push({now_ + delay, ++sequence_, std::move(event)});
}

void SimulatedWorld::CarryOut(const effect::RecordIntent& effect) {
  if (script_.record_fails()) {
    return Later(absl::ZeroDuration(),
                 event::RecordFailed{effect.ticket, absl::ResourceExhaustedError("disk full")});
  }
  intents_.insert(effect.key);
  Later(absl::Microseconds(100), event::IntentRecorded{effect.ticket, effect.key});
}

void SimulatedWorld::CarryOut(const effect::RecordResult& effect) {
  failed_ = failed_ || effect.end != ActionEnd::kDone;
  if (!intents_.contains(effect.key)) Broken("a result without an intent");
  if (script_.record_fails()) {
    return Later(absl::ZeroDuration(),
                 event::RecordFailed{effect.ticket, absl::ResourceExhaustedError("disk full")});
  }
  results_[effect.action] = effect.end;
  Later(absl::Microseconds(100), event::ResultRecorded{effect.ticket});
}

void SimulatedWorld::CarryOut(const effect::RecordEvidence& effect) {
  failed_ = failed_ || effect.end != ActionEnd::kDone;
  if (script_.record_fails()) {
    return Later(absl::ZeroDuration(),
                 event::RecordFailed{effect.ticket, absl::ResourceExhaustedError("disk full")});
  }
  Later(absl::Microseconds(100), event::ResultRecorded{effect.ticket});
}

void SimulatedWorld::CheckCall(const effect::Call& effect) {
  const std::string name = "action " + std::to_string(effect.action);
  if (!intents_.contains(effect.key)) Broken(name + " was called before its intent was recorded");
  if (failed_) Broken(name + " was called after a failure");
  if (action(effect.action).gate.has_value()) Broken(name + " is a gate and was called");
  for (const ActionId& need : action(effect.action).needs) {
    for (int k = 0; k < effect.action; ++k) {
      if (action(k).id != need) continue;
      if (!results_.contains(k) || results_[k] != ActionEnd::kDone) {
        Broken(name + " was called before what it needs was on record");
      }
    }
  }
}

void SimulatedWorld::CheckFreshness(int i) {
  for (int gate = 0; gate < i; ++gate) {
    const auto& relies = action(i).relies;
    if (std::find(relies.begin(), relies.end(), action(gate).id) == relies.end()) continue;
    const auto opened = opened_.find(gate);
    const absl::Time seen = opened == opened_.end() ? absl::InfinitePast() : opened->second;
    if (now_ - seen <= action(gate).gate->evidence) continue;
    Broken("action " + std::to_string(i) + " was called on what gate " + std::to_string(gate) +
           " saw " + absl::FormatDuration(now_ - seen) + " ago");
  }
}

CallResult SimulatedWorld::Effective(const effect::Call& effect, Fault fault) {
  const Action& it = action(effect.action);
  CallResult result;
  if (fault == Fault::kOutsider) resources_[it.target] = State("elsewhere");
  if (const auto known = remembered_.find(effect.key); known != remembered_.end())
    return known->second;
  if (fault == Fault::kFenced) {
    result.status = absl::AbortedError("token 1 is smaller than 2");
  } else if (fault == Fault::kRetryable || fault == Fault::kFinal) {
    result.status = absl::UnavailableError("the platform is busy");
    result.retryable = fault == Fault::kRetryable;
  } else if (fault == Fault::kLostBefore || fault == Fault::kSilentBefore) {
    result.status = absl::UnavailableError("connection reset");
    result.effect_unknown = true;
  } else if (RevisionOf(resources_[it.target]) != effect.precondition_revision) {
    result.status = absl::FailedPreconditionError("the revision is another");
  } else {
    resources_[it.target] = it.after;
    ++watermark_;
    if (++effects_[static_cast<std::size_t>(effect.action)] > 1)
      Broken("an action took effect twice");
    result.observation = See(it.target);
    result.observation.properties.Set("watermark", watermark_);
    remembered_[effect.key] = result;
  }
  return result;
}

void SimulatedWorld::CarryOut(const effect::Call& effect) {
  CheckCall(effect);
  CheckFreshness(effect.action);
  const int attempt = ++calls_[static_cast<std::size_t>(effect.action)];
  const Fault fault = script_.fault(effect.action, attempt);
  CallResult result = Effective(effect, fault);
  if (fault == Fault::kSilentBefore || fault == Fault::kSilentAfter) return;
  if (fault == Fault::kLostAfter) {
    result.status = absl::UnavailableError("connection reset");
    result.effect_unknown = true;
  }
  Later(script_.latency(effect.action), event::CallEnded{effect.ticket, result});
}

void SimulatedWorld::CarryOut(const effect::CancelCall& effect) {
  if (!intents_.contains(effect.key)) Broken("a call that was never made was cancelled");
}

void SimulatedWorld::CarryOut(const effect::Lookup& effect) {
  event::LookupEnded answer{effect.ticket, absl::NotFoundError("never begun")};
  if (remembered_.contains(effect.key)) answer.result = remembered_[effect.key];
  if (!script_.remembers()) {
    CallResult lost;
    lost.status = absl::UnavailableError("it was interrupted, neither as before nor as wanted");
    lost.effect_unknown = true;
    answer.result = lost;
  }
  if (script_.read_fails()) answer.result = absl::UnavailableError("the plugin is down");
  if (script_.gone()) answer.result = MarkGone(absl::UnavailableError("it was killed"));
  Later(absl::Milliseconds(1), std::move(answer));
}

Observation SimulatedWorld::See(const ResourceId& id) const {
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = resources_.at(id);
  seen.revision = RevisionOf(seen.properties);
  return seen;
}

Observation SimulatedWorld::SeeForGate(int gate, const ObservationKey& key) {
  const int opens = script_.opens_after(gate);
  const int look = ++looks_[static_cast<std::size_t>(gate)];
  const bool open = opens >= 0 && look >= opens && !script_.wavers(gate, look);
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = State(open ? "on" : "off");
  seen.properties.Set("watermark", open ? watermark_ : 0);
  if (key.vantage == "nowhere") {
    seen = Observation();
    seen.reason = "no route";
  }
  return seen;
}

int SimulatedWorld::GateOn(const ResourceId& id) const {
  for (std::size_t i = 0; i < plan_->actions.size(); ++i)
    if (plan_->actions[i].gate.has_value() && plan_->actions[i].target == id)
      return static_cast<int>(i);
  return -1;
}

void SimulatedWorld::CarryOut(const effect::Observe& effect) {
  event::Observed answer{effect.ticket, std::vector<Observation>{}};
  std::set<int> open;
  for (const ObservationKey& key : effect.keys) {
    const int gate = GateOn(key.id);
    answer.observations->push_back(gate < 0 ? See(key.id) : SeeForGate(gate, key));
    if (gate >= 0 && answer.observations->back().properties.StringOr("state", "") == "on")
      open.insert(gate);
  }
  if (script_.read_fails()) answer.observations = absl::UnavailableError("the plugin is down");
  if (script_.gone()) answer.observations = MarkGone(absl::UnavailableError("it was killed"));
  for (const int gate : open)
    if (answer.observations.ok())
      opened_[gate] = now_;  // it was seen so then, however late it comes
  Later(script_.look_takes(), std::move(answer));
}

void SimulatedWorld::CheckStart(int i) {
  if (failed_) Broken("action " + std::to_string(i) + " started after a failure");
  for (const std::string& lock : action(i).locks) {
    if (held_.contains(lock)) Broken("lock " + lock + " is held twice");
    held_[lock] = i;
  }
  if (action(i).gate.has_value() || action(i).human) return;
  const int now = ++at_provider_[action(i).provider];
  most_at_once_ = std::max(most_at_once_, now);
}

void SimulatedWorld::CarryOut(const effect::Report& effect) {
  using Kind = effect::Report::Kind;
  if (effect.kind == Kind::kStarted) {
    CheckStart(effect.action);
    starts_.push_back(effect.action);
  }
  if (effect.kind != Kind::kEnded) return;
  failed_ = failed_ || effect.end != ActionEnd::kDone;
  for (const std::string& lock : action(effect.action).locks)
    held_.erase(lock);
  if (action(effect.action).gate.has_value()) results_[effect.action] = effect.end;
  const bool counted = !action(effect.action).gate.has_value() && !action(effect.action).human;
  if (counted) --at_provider_[action(effect.action).provider];
}

void SimulatedWorld::CarryOut(const effect::Finish&) { finished_ = true; }

// What the run says of each action is what happened in the world.
void SimulatedWorld::CheckEnd() {
  bool all_done = true;
  for (std::size_t i = 0; i < state_.actions.size(); ++i) {
    const ActionProgress& progress = state_.actions[i];
    const std::string name = "action " + std::to_string(i);
    all_done = all_done && progress.end == ActionEnd::kDone;
    if (progress.end != ActionEnd::kDone && progress.text.empty()) Broken(name + " has no reason");
    if (plan_->actions[i].gate.has_value() || progress.end == ActionEnd::kInDoubt) continue;
    const int expected = progress.end == ActionEnd::kDone ? 1 : 0;
    if (effects_[i] != expected)
      Broken(name + " is said to be " + std::string(Name(progress.end)) + ", and is not");
    if (calls_[i] > 0 && !results_.contains(static_cast<int>(i)))
      Broken(name + " was called and has no result");
  }
  if (all_done != (state_.end == RunEnd::kDone)) Broken("the run's end contradicts its actions'");
}

}  // namespace poolshift
