#include "controller/engine/measured.h"

#include <algorithm>
#include <set>

#include "controller/model/try.h"
#include "controller/report/change.h"
#include "controller/wire/record.h"

namespace poolshift {
namespace {

std::string NameOf(const Action& action) {
  return action.target.kind + ' ' + std::string(Name(action.verb));
}

absl::Status AddRun(Store& store,
                    std::string_view organization,
                    const RunRecord& run,
                    Measurements& measured) {
  // A plan that this version cannot read any more tells nothing, and is no fault here.
  const absl::StatusOr<PlanFile> file = DecodePlanFile(run.plan_file, "run");
  if (!file.ok()) return absl::OkStatus();
  std::map<ActionId, std::string> names;
  for (const Action& action : file->plan.actions)
    names.emplace(action.id, NameOf(action));
  std::map<std::int64_t, IntentRecord> intents;
  POOLSHIFT_ASSIGN(const auto begun, store.Intents(organization, run.id));
  for (const IntentRecord& intent : begun)
    intents.emplace(intent.seq, intent);
  POOLSHIFT_ASSIGN(const auto results, store.Results(organization, run.id));
  for (const ResultRecord& result : results) {
    const auto intent = intents.find(result.seq);
    if (result.outcome != "done" || intent == intents.end()) continue;
    const auto name = names.find(intent->second.action);
    if (name == names.end() || result.at < intent->second.at) continue;
    measured[name->second].push_back(absl::Ceil(result.at - intent->second.at, absl::Seconds(1)));
  }
  return absl::OkStatus();
}

absl::Duration Median(std::vector<absl::Duration> durations) {
  const auto middle = durations.begin() + static_cast<std::ptrdiff_t>((durations.size() - 1) / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  return *middle;
}

}  // namespace

absl::StatusOr<Measurements> MeasureRuns(Store& store, std::string_view organization, int most) {
  Measurements measured;
  POOLSHIFT_ASSIGN(const auto runs, store.Runs(organization, most));
  for (const RunRecord& run : runs)
    POOLSHIFT_TRY(AddRun(store, organization, run, measured));
  return measured;
}

std::string UseMeasurements(const Measurements& measured, Plan& plan) {
  std::set<std::string> used;
  for (Action& action : plan.actions) {
    const auto found = measured.find(NameOf(action));
    if (action.verb == Verb::kGate || found == measured.end()) continue;
    action.duration = Median(found->second);
    used.insert(found->first + ' ' + DurationText(action.duration) + " (" +
                Count(found->second.size(), "time") + ')');
  }
  std::string text;
  for (const std::string& part : used)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

}  // namespace poolshift
