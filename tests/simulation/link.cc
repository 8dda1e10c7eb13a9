#include "tests/simulation/link.h"

#include <algorithm>
#include <utility>

#include "tests/simulation/controller.h"
#include "tests/simulation/simulation.h"

namespace poolshift::simulation {
namespace {

constexpr absl::Duration kShortest = absl::Milliseconds(1);
constexpr absl::Duration kWork = absl::Seconds(4);
constexpr absl::Duration kTravel = absl::Milliseconds(200);
constexpr std::size_t kMostBack = 6;  // changes that a stale look is behind

ApplyResult Failed(absl::Status status, bool effect_unknown, bool retryable) {
  ApplyResult result;
  result.status = std::move(status);
  result.effect_unknown = effect_unknown;
  result.retryable = retryable;
  return result;
}

}  // namespace

template <class Answer>
struct Link::Slot {
  std::optional<Answer> answer;
  Wait arrival;
};

// What becomes of one call.
struct Link::Fate {
  std::optional<Fault> fault;
  absl::Duration there, work, back;
};

Link::Fate Link::Draw(const ApplyRequest& request) {
  Fate fate;
  Stream& latency = simulation_.latency();
  fate.there = latency.Between(kShortest, kTravel);
  fate.work = latency.Between(kShortest, kWork);
  fate.back = latency.Between(kShortest, kTravel);
  const auto strikes = [&](Fault fault) {
    if (!simulation_.faults().Strikes(fault)) return false;
    simulation_.Meet("Apply", Name(fault));
    simulation_.Trace("  fault " + std::string(Name(fault)));
    fate.fault = fault;
    return true;
  };
  for (int i = static_cast<int>(Fault::kErrorBefore); i <= static_cast<int>(Fault::kOutsiderFirst);
       ++i) {
    if (strikes(static_cast<Fault>(i))) return fate;
  }
  if (simulation_.realm().PartOf(request.action).has_value()) strikes(Fault::kHalfDone);
  return fate;
}

void Link::Send(const ApplyRequest& request,
                const Fate& fate,
                const std::shared_ptr<Slot<ApplyResult>>& slot) {
  Timeline& timeline = simulation_.timeline();
  Simulation& simulation = simulation_;
  // The answer finds nobody when the controller has died meanwhile.
  const auto answer = [&process = process_,
                       slot = std::weak_ptr(slot),
                       &timeline,
                       back = fate.back](ApplyResult result) {
    timeline.After(back, [&process, slot, result = std::move(result)] {
      const auto open = slot.lock();
      if (open == nullptr) return;
      open->answer = result;
      process.Signal(open->arrival);
    });
  };
  const bool silent = fate.fault == Fault::kSilentAfter || fate.fault == Fault::kSilentLate;
  const bool breaks = fate.fault == Fault::kLostAfter || fate.fault == Fault::kCrashAfter;
  const auto arrive =
      [&simulation, name = name_, request, fate, answer, silent, breaks, &timeline] {
        const auto at_once = simulation.platform().Arrive(name, request);
        const auto report = [=](ApplyResult result) {
          if (silent) return;
          if (breaks) result = Failed(absl::UnavailableError("connection reset"), true, false);
          if (fate.fault == Fault::kErrorAfter && result.status.ok())
            result = Failed(absl::InternalError("it failed"), false, false);
          answer(std::move(result));
        };
        if (at_once.has_value()) return report(*at_once);
        timeline.After(fate.work, [=, &simulation] {
          simulation.Trace("effect " + request.action.title);
          ApplyResult result = fate.fault == Fault::kHalfDone
                                   ? simulation.platform().TakeHalfEffect(name, request)
                                   : simulation.platform().TakeEffect(
                                         name, request, /*noted=*/fate.fault != Fault::kCrashAfter);
          simulation.Settle();
          if (fate.fault == Fault::kCrashAfter) simulation.platform().Restart(name);
          report(std::move(result));
        });
      };
  absl::Duration there = fate.there;
  if (fate.fault == Fault::kSilentLate)
    there += request.deadline +
             simulation_.faults().Measure(Fault::kSilentLate).Between(kShortest, absl::Minutes(3));
  timeline.After(there, arrive);
  if (fate.fault == Fault::kDuplicate) {
    const absl::Duration later =
        simulation_.faults().Measure(Fault::kDuplicate).Between(absl::Seconds(1), absl::Minutes(5));
    timeline.After(there + later, [&simulation, name = name_, request, &timeline, fate] {
      simulation.Trace("duplicate of " + request.action.title);
      if (simulation.platform().Arrive(name, request).has_value()) return;
      timeline.After(fate.work, [&simulation, name, request] {
        simulation.platform().TakeEffect(name, request, true);
        simulation.Settle();
      });
    });
  }
}

ApplyResult Link::Apply(const ApplyRequest& request, const ProgressSink&) {
  if (simulation_.on_call) simulation_.on_call(controller_, request);
  simulation_.Touch(controller_, "call", Moment::kBefore);
  simulation_.Trace(controller_.host() + " calls " + request.action.title);
  if (const absl::Status outage = simulation_.OutageOf(name_); !outage.ok()) {
    process_.Sleep(kShortest);
    return Failed(outage, false, !absl::IsPermissionDenied(outage));
  }
  const Fate fate = Draw(request);
  if (fate.fault == Fault::kOutsiderFirst) {
    simulation_.Trace("by hand: " + simulation_.realm().Meddle(
                                        simulation_.faults().Measure(Fault::kOutsiderFirst)));
    simulation_.checker().Meddled(simulation_.timeline().now());
  }
  if (fate.fault == Fault::kErrorBefore || fate.fault == Fault::kRefusal) {
    process_.Sleep(fate.there);
    const bool again = fate.fault == Fault::kErrorBefore;
    return Failed(absl::UnavailableError("the platform is busy"), false, again);
  }
  if (fate.fault == Fault::kLostBefore || fate.fault == Fault::kCrashBefore) {
    process_.Sleep(fate.there);
    if (fate.fault == Fault::kCrashBefore) simulation_.platform().Restart(name_);
    return Failed(absl::UnavailableError("connection reset"), true, false);
  }
  const auto slot = std::make_shared<Slot<ApplyResult>>();
  if (fate.fault != Fault::kSilentBefore) Send(request, fate, slot);
  simulation_.Touch(controller_, "call", Moment::kUnsynced);  // sent, and on its way
  if (!slot->answer.has_value()) process_.WaitFor(slot->arrival, request.deadline);
  simulation_.Touch(controller_, "call", Moment::kSynced);
  if (!slot->answer.has_value())
    return Failed(absl::DeadlineExceededError("no answer by the deadline"), true, false);
  return *slot->answer;
}

absl::StatusOr<ApplyResult> Link::Lookup(const std::string& key, absl::Duration deadline) {
  simulation_.Touch(controller_, "lookup", Moment::kBefore);
  if (simulation_.faults().Strikes(Fault::kLookupFails)) {
    simulation_.Meet("Lookup", Name(Fault::kLookupFails));
    process_.Sleep(kShortest);
    return absl::UnavailableError("the provider is away");
  }
  if (simulation_.faults().Strikes(Fault::kLookupSilent)) {
    simulation_.Meet("Lookup", Name(Fault::kLookupSilent));
    process_.Sleep(deadline);
    return absl::DeadlineExceededError("no answer by the deadline");
  }
  process_.Sleep(simulation_.latency().Between(kShortest, kTravel));
  auto result =
      simulation_.platform().Lookup(name_, key, /*sees=*/simulation_.OutageOf(name_).ok());
  process_.Sleep(simulation_.latency().Between(kShortest, kTravel));
  simulation_.Touch(controller_, "lookup", Moment::kSynced);
  return result;
}

absl::StatusOr<FenceAnswer> Link::Fence(const FenceClaim& claim, absl::Duration deadline) {
  simulation_.Touch(controller_, "fence", Moment::kBefore);
  if (simulation_.faults().Strikes(Fault::kFenceFails)) {
    simulation_.Meet("Fence", Name(Fault::kFenceFails));
    process_.Sleep(kShortest);
    return absl::UnavailableError("the provider is away");
  }
  const bool silent = simulation_.faults().Strikes(Fault::kFenceSilent);
  if (silent) simulation_.Meet("Fence", Name(Fault::kFenceSilent));
  process_.Sleep(simulation_.latency().Between(kShortest, kTravel));
  const FenceAnswer answer = simulation_.platform().Fence(name_, claim);
  process_.Sleep(silent ? deadline : simulation_.latency().Between(kShortest, kTravel));
  simulation_.Touch(controller_, "fence", Moment::kSynced);
  if (silent) return absl::DeadlineExceededError("no answer by the deadline");
  // The provider remembers the token; what stands behind it could not be asked.
  if (absl::Status outage = simulation_.OutageOf(name_); !outage.ok()) return outage;
  return answer;
}

absl::StatusOr<std::vector<ExportedFile>> Link::Export(absl::Duration deadline) {
  simulation_.Touch(controller_, "export", Moment::kBefore);
  if (absl::Status outage = simulation_.OutageOf(name_); !outage.ok()) return outage;
  if (simulation_.faults().Strikes(Fault::kExportFails)) {
    simulation_.Meet("Export", Name(Fault::kExportFails));
    process_.Sleep(kShortest);
    return absl::UnavailableError("the provider is away");
  }
  if (simulation_.faults().Strikes(Fault::kExportSilent)) {
    simulation_.Meet("Export", Name(Fault::kExportSilent));
    process_.Sleep(deadline);
    return absl::DeadlineExceededError("no answer by the deadline");
  }
  process_.Sleep(simulation_.latency().Between(kShortest, kWork));
  simulation_.Touch(controller_, "export", Moment::kSynced);
  return std::vector<ExportedFile>{{"topology.xml", "<topology/>"}};
}

Observation Link::See(const ObservationKey& key, std::size_t changes_ago) {
  Observation blind;
  blind.reason = std::string(simulation_.OutageOf(name_).message());
  if (!blind.reason.empty()) return blind;
  if (!simulation_.faults().Strikes(Fault::kBlind))
    return simulation_.realm().LookBack(key, changes_ago);
  simulation_.Meet("Observe", Name(Fault::kBlind));
  blind.reason = "no route";
  return blind;
}

absl::StatusOr<std::vector<Observation>> Link::Observe(const std::vector<ObservationKey>& keys,
                                                       absl::Duration deadline) {
  simulation_.Touch(controller_, "look", Moment::kBefore);
  Faults& faults = simulation_.faults();
  if (faults.Strikes(Fault::kLookFails)) {
    simulation_.Meet("Observe", Name(Fault::kLookFails));
    process_.Sleep(kShortest);
    return absl::UnavailableError("the provider is away");
  }
  if (faults.Strikes(Fault::kLookSilent)) {
    simulation_.Meet("Observe", Name(Fault::kLookSilent));
    process_.Sleep(deadline);
    return absl::DeadlineExceededError("no answer by the deadline");
  }
  process_.Sleep(simulation_.latency().Between(kShortest, kTravel));
  // Each provider is behind by a number of its own.
  std::size_t ago = 0;
  if (planning_ && faults.Strikes(Fault::kStale)) {
    ago = 1 + faults.Measure(Fault::kStale).Below(kMostBack);
    simulation_.Meet("Observe", Name(Fault::kStale));
    simulation_.Trace("  " + name_ + " shows what was " + std::to_string(ago) + " changes ago");
  }
  std::vector<Observation> seen;
  seen.reserve(keys.size());
  for (const ObservationKey& key : keys)
    seen.push_back(See(key, ago));
  process_.Sleep(simulation_.latency().Between(kShortest, kTravel));
  return seen;
}

void FiberErrands::Post(std::function<void(const Tell& tell)> call) {
  ++box_->busy;
  process_.Spawn([&process = process_, box = box_, call = std::move(call)] {
    call([&process, &box](Item item) {
      box->items.push_back(std::move(item));
      process.Signal(box->arrival);
    });
    --box->busy;
    process.Signal(box->arrival);
  });
}

std::optional<Errands::Item> FiberErrands::Next(absl::Duration patience) {
  if (box_->items.empty()) process_.WaitFor(box_->arrival, patience);
  if (box_->items.empty()) return std::nullopt;
  Item item = std::move(box_->items.front());
  box_->items.erase(box_->items.begin());
  return item;
}

int FiberErrands::Close(absl::Duration patience) {
  const absl::Duration until = process_.now() + patience;
  while (box_->busy > 0 && process_.now() < until)
    process_.WaitFor(box_->arrival, until - process_.now());
  return box_->busy;
}

}  // namespace poolshift::simulation
