#include "tests/engine_run/fake_platform.h"

#include <fstream>

#include "controller/model/digest.h"
#include "controller/model/gone.h"
#include <signal.h>
#include <unistd.h>

namespace poolshift {

FakePlatform::FakePlatform(std::string file) : file_(std::move(file)) { Load(); }

// Each line: thing, state, key ("-" = set from outside).
void FakePlatform::Load() {
  std::ifstream in(file_);
  std::string thing, state, key;
  while (in >> thing >> state >> key) {
    things_[thing] = state;
    if (key == "-") continue;
    remembered_[key] = thing;
    ++effects_;
  }
}

void FakePlatform::Save(const std::string& thing, const std::string& key) {
  if (!file_.empty())
    std::ofstream(file_, std::ios::app)
        << thing << ' ' << things_[thing] << ' ' << key << std::endl;
}

absl::StatusOr<ProviderDescription> FakePlatform::Describe() { return ProviderDescription{}; }

absl::StatusOr<std::vector<std::vector<std::string>>> FakePlatform::Preview(
    const std::vector<Action>& actions, absl::Duration) {
  return std::vector<std::vector<std::string>>(actions.size());
}

Observation FakePlatform::See(const ResourceId& id) {
  Observation seen;
  if (id.name == unreachable) {
    seen.reason = "no route to host";
    return seen;
  }
  const auto thing = things_.find(id.name);
  seen.presence = thing == things_.end() ? Presence::kAbsent : Presence::kPresent;
  if (thing == things_.end()) return seen;
  seen.properties = Value::Map{{"state", thing->second}};
  seen.revision = RevisionOf(seen.properties);
  return seen;
}

absl::StatusOr<std::vector<Observation>> FakePlatform::Observe(
    const std::vector<ObservationKey>& keys, absl::Duration) {
  const std::lock_guard lock(mutex_);
  ++looks;
  if (gone) return MarkGone(absl::UnavailableError("the plugin was killed"));
  std::vector<Observation> seen;
  for (const ObservationKey& key : keys)
    seen.push_back(See(key.id));
  return seen;
}

ApplyResult FakePlatform::Effective(const ApplyRequest& request) {
  const std::string& thing = request.action.target.name;
  ApplyResult result;
  if (remembered_.contains(request.key)) {  // as a provider must: done is done, whatever it is now
    result.observation = See(request.action.target);
  } else if (request.token < fence_.token) {
    result.status = absl::AbortedError("token is smaller than one already seen");
  } else if (See(request.action.target).revision != request.action.precondition_revision) {
    result.status = absl::FailedPreconditionError(thing + " has another revision");
  } else {
    fence_.Pass(request.token);
    things_[thing] = std::string(request.action.after.StringOr("state", ""));
    remembered_[request.key] = thing;
    ++effects_;
    Save(thing, request.key);
    result.observation = See(request.action.target);
  }
  return result;
}

ApplyResult FakePlatform::Apply(const ApplyRequest& request, const ProgressSink& progress) {
  const std::string thing = request.action.target.name;
  if (on_call) on_call(thing);
  progress("switching " + thing);
  const std::lock_guard lock(mutex_);
  ++calls_;
  latest_key_[thing] = request.key;
  Mishap mishap = Mishap::kNone;
  if (!mishaps[thing].empty()) {
    mishap = mishaps[thing].front();
    mishaps[thing].pop_front();
  }
  if (mishap == Mishap::kKillBefore) raise(SIGKILL);
  if (mishap == Mishap::kBusy) return {absl::UnavailableError("busy"), false, true, {}};
  if (mishap == Mishap::kRefused)
    return {absl::PermissionDeniedError("not allowed"), false, false, {}};
  if (mishap == Mishap::kLostBefore) return {absl::UnavailableError("reset"), true, false, {}};
  ApplyResult result = Effective(request);
  if (mishap == Mishap::kKillAfter) raise(SIGKILL);
  if (mishap == Mishap::kLostAfter) return {absl::UnavailableError("reset"), true, false, {}};
  return result;
}

absl::StatusOr<ApplyResult> FakePlatform::Lookup(const std::string& key, absl::Duration) {
  const std::lock_guard lock(mutex_);
  if (gone) return MarkGone(absl::UnavailableError("the plugin was killed"));
  if (failing_lookups > 0) {
    --failing_lookups;
    return absl::UnavailableError("the plugin is starting again");
  }
  if (doubts) return ApplyResult{absl::UnknownError("cannot say"), true, false, {}};
  if (!works_on.empty() && latest_key_[works_on] == key)
    return ApplyResult{absl::UnavailableError("it still runs"), true, true, {}};
  const auto known = remembered_.find(key);
  if (known == remembered_.end()) return absl::NotFoundError("never begun");
  ApplyResult result;
  result.observation = See({"Thing", known->second});
  return result;
}

absl::StatusOr<FenceAnswer> FakePlatform::Fence(const FenceClaim& claim, absl::Duration) {
  const std::lock_guard lock(mutex_);
  if (!fence_fault.ok()) return fence_fault;
  return fence_.Raise(claim);
}

void FakePlatform::Cancel(const std::string&) {
  const std::lock_guard lock(mutex_);
  ++cancels_;
}

void FakePlatform::Set(const std::string& thing, const std::string& state) {
  const std::lock_guard lock(mutex_);
  things_[thing] = state;
  Save(thing, "-");
}

std::string FakePlatform::Get(const std::string& thing) {
  const std::lock_guard lock(mutex_);
  return things_[thing];
}

int FakePlatform::effects() {
  const std::lock_guard lock(mutex_);
  return effects_;
}

int FakePlatform::calls() {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int FakePlatform::cancels() {
  const std::lock_guard lock(mutex_);
  return cancels_;
}

Action Switch(const std::string& thing, const std::string& from, const std::string& to) {
  Action action;
  action.target = {"Thing", thing};
  action.before = Value::Map{{"state", from}};
  action.after = Value::Map{{"state", to}};
  action.id = MakeActionId(action.verb, action.target, action.before, action.after);
  action.title = "switch " + thing + " " + to;
  action.provider = "lab";
  action.precondition_revision = RevisionOf(action.before);
  return action;
}

Plan ChainOf(const std::vector<std::string>& things) {
  Plan plan;
  plan.organization = "contoso";
  for (const std::string& thing : things) {
    Action action = Switch(thing, "off", "on");
    if (!plan.actions.empty()) action.needs = {plan.actions.back().id};
    plan.basis.push_back({{action.target, ""}, action.precondition_revision});
    plan.actions.push_back(std::move(action));
  }
  return plan;
}

}  // namespace poolshift
