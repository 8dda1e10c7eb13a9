#include "providers/sim/platform/sim_service.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <ranges>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "controller/model/covers.h"
#include "controller/model/try.h"
#include "providers/sim/platform/sim_settings.h"
#include "providers/sim/world/change.h"
#include "providers/sim/world/commands.h"
#include "providers/sim/world/list.h"
#include "providers/sim/world/observe.h"
#include "providers/sim/world/replication.h"
#include "providers/sim/world/world_file.h"
#include "providers/sim/world/yaml_tree.h"
#include <sys/stat.h>

namespace poolshift::sim {
namespace {

using Trouble = FaultRule::Trouble;

constexpr std::size_t kRememberedKeys = 256;
constexpr absl::Duration kSlice = absl::Milliseconds(20);
constexpr absl::Duration kLongestHang = absl::Minutes(10);

[[noreturn]] void Crash() {
  std::raise(SIGKILL);
  std::_Exit(137);
}

void SleepUntil(absl::Time end) {
  while (absl::Now() < end)
    absl::SleepFor(std::min(kSlice, end - absl::Now()));
}

// Sleeps; false when the call was given up meanwhile.
bool SleepUnlessCancelled(absl::Duration duration, const sdk::Call& call) {
  const absl::Time end = absl::Now() + duration;
  while (absl::Now() < end) {
    if (call.cancelled()) return false;
    absl::SleepFor(std::min(kSlice, end - absl::Now()));
  }
  return !call.cancelled();
}

sdk::Result Answer(sdk::Outcome outcome, std::string message, bool retryable = false) {
  return {outcome, std::move(message), retryable, {}};
}

sdk::Result FromChange(ChangeResult change) {
  using Verdict = ChangeResult::Verdict;
  switch (change.verdict) {
    case Verdict::kDone:
      return Answer(sdk::Outcome::kDone, "");
    case Verdict::kConflict:
      return Answer(sdk::Outcome::kConflict, std::move(change.message));
    case Verdict::kUnreachable:
      return Answer(sdk::Outcome::kFailed, std::move(change.message), true);
    case Verdict::kFailed:
      break;
  }
  return Answer(sdk::Outcome::kFailed, std::move(change.message));
}

std::string FaultText(const FaultRule& fault) {
  return fault.message.empty()
             ? "a fault that the world file asks for (" + std::string(Name(fault.trouble)) + ")"
             : fault.message;
}

}  // namespace

absl::Time SimService::Now() const {
  if (clock_.empty()) return absl::Now();
  const absl::StatusOr<std::string> text = ReadWholeFile(clock_);
  std::int64_t milliseconds = 0;
  if (text.ok()) std::from_chars(text->data(), text->data() + text->size(), milliseconds);
  return absl::FromUnixMillis(milliseconds);
}

std::vector<std::string> SimService::Configure(const sdk::Configuration& configuration) {
  SimSettings settings;
  std::vector<std::string> problems = ReadSettings(configuration, settings);
  if (!problems.empty()) return problems;
  const std::string& world = settings.world;
  clock_ = settings.clock;
  fenced_ = settings.fenced;
  writes_ = settings.writes;
  if (settings.state.empty()) {
    settings.state = configuration.state_directory;
  } else if (!configuration.read_only) {
    mkdir(settings.state.c_str(), 0700);  // when it cannot be made, opening it says so
  }
  auto state = StateDirectory::Open({world, settings.state, configuration.read_only}, Now());
  if (!state.ok()) return {std::string(state.status().message())};
  state_ = *std::move(state);
  if (!state_->remark().empty()) std::cerr << "warning: " << state_->remark() << '\n';
  fault_counts_.Restore(state_->LoadFaultCounts());
  const absl::Status looked = state_->Look(Now(), [&](const World& seen) {
    if (seen.organization == configuration.organization) return;
    problems.push_back(world + " is the world of organisation `" + seen.organization +
                       "`, not of `" + configuration.organization + "`");
  });
  if (!looked.ok()) problems.emplace_back(looked.message());
  return problems;
}

sdk::Description SimService::Describe() {
  sdk::Description description;
  description.type = "sim";
  description.version = "0.1.0";
  description.kinds = kinds::KindSchemas();
  // That one is seen in the declaration, on no platform.
  std::erase_if(description.kinds,
                [](const KindSchema& schema) { return schema.kind == kinds::kPartnerAcceptance; });
  description.fenced = fenced_;
  description.exports = true;
  description.settable = {std::string(kinds::kDnsRecordSet) + ".owner",
                          std::string(kinds::kEdgeAssociation) + ".consistent"};
  description.remarks = {"simulated: nothing outside the state directory is touched"};
  if (!fenced_) {
    description.remarks.emplace_back(
        "unfenced: the platform compares contents, and takes a late write of an older controller "
        "where they agree");
  }
  return description;
}

std::optional<FaultRule> SimService::Strike(FaultRule::Operation operation,
                                            std::string_view resource) {
  std::optional<FaultRule> struck;
  const std::lock_guard lock(faults_mutex_);
  bool rules = false;
  const absl::Status looked = state_->Look(Now(), [&](const World& world) {
    rules = !world.faults.empty();
    const FaultRule* rule = fault_counts_.Strike(world.faults, operation, resource);
    if (rule != nullptr) struck = *rule;
  });
  if (looked.ok() && rules) state_->SaveFaultCounts(fault_counts_.seen());
  return struck;
}

std::vector<Observation> SimService::Observe(const std::vector<ObservationKey>& keys,
                                             absl::Time deadline) {
  std::vector<Observation> seen(keys.size());
  bool faults = false;
  const absl::Time now = Now();
  const absl::Status looked = state_->Look(now, [&](const World& world) {
    faults = !world.faults.empty();
    for (std::size_t i = 0; i < keys.size(); ++i)
      seen[i] = sim::Observe(world, keys[i], now);
  });
  if (!looked.ok()) {
    for (Observation& observation : seen)
      observation.reason = std::string(looked.message());
  }
  if (!faults) return seen;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto fault = Strike(FaultRule::Operation::kObserve, ToString(keys[i].id));
    if (!fault) continue;
    if (fault->trouble == Trouble::kCrash) Crash();
    if (fault->trouble == Trouble::kHang)
      SleepUntil(std::min(deadline, absl::Now() + kLongestHang));
    if (fault->trouble == Trouble::kLatency)
      SleepUntil(std::min(deadline, absl::Now() + fault->delay));
    if (fault->trouble == Trouble::kLatency) continue;
    seen[i] = Observation();
    seen[i].reason = FaultText(*fault);
  }
  return seen;
}

absl::StatusOr<std::vector<Listed>> SimService::List(absl::Time) {
  std::vector<Listed> entities;
  const absl::Status looked =
      state_->Look(Now(), [&](const World& world) { entities = sim::List(world); });
  if (!looked.ok()) return looked;
  return entities;
}

absl::StatusOr<std::vector<ExportedFile>> SimService::Export(absl::Time deadline) {
  if (const auto fault = Strike(FaultRule::Operation::kExport, "Topology/document")) {
    if (fault->trouble == Trouble::kCrash) Crash();
    if (fault->trouble == Trouble::kError) return absl::UnavailableError(FaultText(*fault));
    const bool hang = fault->trouble == Trouble::kHang;
    SleepUntil(std::min(deadline, absl::Now() + (hang ? kLongestHang : fault->delay)));
  }
  std::vector<ExportedFile> files;
  const absl::Status looked = state_->Look(Now(), [&](const World& world) {
    files.push_back({"topology.yaml", YamlText(TopologyOf(world))});
  });
  if (!looked.ok()) return looked;
  return files;
}

std::vector<std::string> SimService::Preview(const Action& action) {
  std::vector<std::string> commands;
  bool faults = false;
  const absl::Status looked = state_->Look(Now(), [&](const World& world) {
    faults = !world.faults.empty();
    commands = Commands(world, action);
  });
  if (!looked.ok()) return {"# " + std::string(looked.message())};
  if (!faults) return commands;
  if (const auto fault = Strike(FaultRule::Operation::kPreview, ToString(action.target))) {
    if (fault->trouble == Trouble::kCrash) Crash();
    const bool hang = fault->trouble == Trouble::kHang;
    SleepUntil(absl::Now() + (hang ? kLongestHang : fault->delay));
  }
  return commands;
}

Observation SimService::See(const ObservationKey& key) {
  Observation seen;
  const absl::Time now = Now();
  const absl::Status looked =
      state_->Look(now, [&](const World& world) { seen = sim::Observe(world, key, now); });
  if (!looked.ok()) seen.reason = std::string(looked.message());
  return seen;
}

std::optional<sdk::Result> SimService::Before(const FaultRule& fault,
                                              const Action& action,
                                              sdk::Call& call) {
  switch (fault.trouble) {
    case Trouble::kLatency:
      if (SleepUnlessCancelled(fault.delay, call)) return std::nullopt;
      return Answer(sdk::Outcome::kCancelled, "given up before anything changed");
    case Trouble::kError:
      return Answer(sdk::Outcome::kFailed, FaultText(fault) + ". Nothing changed; try again", true);
    case Trouble::kHang:
      if (fault.after_effect) return std::nullopt;
      SleepUnlessCancelled(kLongestHang, call);
      return Answer(sdk::Outcome::kCancelled, "hung until it was given up; nothing changed");
    case Trouble::kCrash:
      if (!fault.after_effect) Crash();
      return std::nullopt;
    case Trouble::kBlackout:
      if (absl::Status dark = CutPower(fault.pools); !dark.ok())
        return Answer(sdk::Outcome::kFailed, std::string(dark.message()), true);
      return std::nullopt;
    case Trouble::kHalfDone:
      if (EndsWithEnabling(action)) return std::nullopt;
      return Answer(sdk::Outcome::kFailed, FaultText(fault) + ". Nothing changed; try again", true);
    case Trouble::kLostReply:
      return std::nullopt;
  }
  return std::nullopt;
}

absl::Status SimService::CutPower(const std::vector<std::string>& pools) {
  return state_->Change(Now(), [&](World& world) {
    const auto is_cut = [&](const auto& server) {
      return std::ranges::find(pools, server.second.pool) != pools.end();
    };
    for (auto& server : world.edge_servers | std::views::filter(is_cut))
      server.second.power = false;
    for (auto& server : world.front_end_servers | std::views::filter(is_cut))
      server.second.power = false;
    FollowMaster(world, Now());
    return true;
  });
}

void SimService::After(const FaultRule& fault, sdk::Call& call, sdk::Result& result) {
  if (result.outcome != sdk::Outcome::kDone) return;
  const bool late = fault.after_effect;
  if (late && fault.trouble == Trouble::kCrash) Crash();
  if (late && fault.trouble == Trouble::kHang) SleepUnlessCancelled(kLongestHang, call);
  if (fault.trouble == Trouble::kLostReply || (late && fault.trouble == Trouble::kHang)) {
    result = Answer(sdk::Outcome::kEffectUnknown,
                    "the answer was lost; look the key up to see what became of it");
  }
}

// With the world locked: the lines of all controllers are in the order in which they happened.
void SimService::NoteWrite(std::int64_t token, const std::string& what) const {
  if (writes_.empty()) return;
  std::ofstream(writes_, std::ios::app) << token << ' ' << what << '\n';
}

sdk::Result SimService::Commit(const Action& action,
                               std::string_view key,
                               std::int64_t token,
                               bool half_done,
                               sdk::Call& call) {
  sdk::Result result = Answer(sdk::Outcome::kDone, "");
  const absl::Status changed = state_->Change(Now(), [&](World& world) {
    if (fenced_ && token < world.fence.token) {
      result = Answer(sdk::Outcome::kFenced,
                      "token " + std::to_string(token) + " is older than " +
                          std::to_string(world.fence.token) +
                          ": another controller has taken over this organisation");
      return false;
    }
    const auto same_key = [&](const auto& entry) { return entry.first == key; };
    if (std::ranges::any_of(world.applied, same_key)) {
      if (Shows(sim::Observe(world, {action.target, ""}, Now()), action.after)) return false;
      std::erase_if(world.applied, same_key);  // it was taken back since: new work
    }
    ChangeResult change = sim::Apply(world, action, Now());
    for (const std::string& warning : change.warnings)
      call.Progress(warning);
    result = FromChange(std::move(change));
    if (half_done && result.outcome == sdk::Outcome::kDone) {
      LeaveHalfDone(world, action);
      result = Answer(sdk::Outcome::kFailed,
                      "Enable-CsTopology : what was written before it stays and takes no effect "
                      "until the topology is enabled. Plan again");
      return true;
    }
    if (result.outcome == sdk::Outcome::kDone) {
      NoteWrite(token, ToString(action.target));
      world.fence.Pass(token);
      world.applied.emplace_back(key, ToString(action.target));
      if (world.applied.size() > kRememberedKeys) world.applied.erase(world.applied.begin());
      return true;
    }
    return action.target.kind ==
           kinds::kEdgeComponents;  // a failed run may have installed something else
  });
  if (!changed.ok()) return Answer(sdk::Outcome::kFailed, std::string(changed.message()), true);
  return result;
}

sdk::Result SimService::Apply(const Action& action,
                              std::string_view key,
                              std::int64_t token,
                              sdk::Call& call) {
  const auto fault = Strike(FaultRule::Operation::kApply, ToString(action.target));
  if (fault) {
    if (std::optional<sdk::Result> ended = Before(*fault, action, call)) return *std::move(ended);
  }
  absl::Duration takes;
  const absl::Status looked = state_->Look(Now(), [&](const World& world) {
    const auto duration = world.durations.find(action.target.kind);
    if (duration != world.durations.end()) takes = duration->second;
  });
  if (!looked.ok()) return Answer(sdk::Outcome::kFailed, std::string(looked.message()), true);
  if (!SleepUnlessCancelled(takes, call)) {
    return Answer(sdk::Outcome::kCancelled, "given up before anything changed");
  }
  const bool half_done = fault && fault->trouble == Trouble::kHalfDone;
  sdk::Result result = Commit(action, key, token, half_done, call);
  if (fault) After(*fault, call, result);
  if (result.outcome == sdk::Outcome::kDone) result.observation = See({action.target, ""});
  return result;
}

absl::StatusOr<FenceAnswer> SimService::Fence(const FenceClaim& claim, absl::Time) {
  FenceAnswer answer;
  if (!fenced_) return answer;
  if (claim.token == 0) {
    POOLSHIFT_TRY(
        state_->Look(Now(), [&](const World& world) { answer.greatest = world.fence.token; }));
    return answer;
  }
  POOLSHIFT_TRY(state_->Change(Now(), [&](World& world) {
    const StandingFence before = world.fence;
    answer = world.fence.Raise(claim);
    const bool raised = world.fence != before;
    if (raised) NoteWrite(claim.token, "fence");
    return raised;
  }));
  return answer;
}

std::optional<sdk::Result> SimService::Lookup(std::string_view key) {
  const auto fault = Strike(FaultRule::Operation::kLookup, key);
  if (fault && fault->trouble == Trouble::kCrash) Crash();
  if (fault)
    SleepUntil(absl::Now() + (fault->trouble == Trouble::kHang ? kLongestHang : fault->delay));
  std::string resource;
  const absl::Status looked = state_->Look(Now(), [&](const World& world) {
    for (const auto& [applied, target] : world.applied) {
      if (applied == key) resource = target;
    }
  });
  if (!looked.ok())
    return Answer(sdk::Outcome::kEffectUnknown, std::string(looked.message()), true);
  const auto id = ParseResourceId(resource);
  if (!id.ok()) return std::nullopt;
  sdk::Result result = Answer(sdk::Outcome::kDone, "");
  result.observation = See({*id, ""});
  return result;
}

}  // namespace poolshift::sim
