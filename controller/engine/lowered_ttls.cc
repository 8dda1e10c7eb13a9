#include "controller/engine/lowered_ttls.h"

#include <set>

#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "controller/store/store.h"
#include "controller/wire/record.h"

namespace poolshift {
namespace {

constexpr int kRunsToRead = 20;

// Intents of the run that ended well, and when: by action.
absl::StatusOr<std::map<ActionId, absl::Time>> DoneIn(Store& store,
                                                      const std::string& organization,
                                                      std::int64_t run) {
  POOLSHIFT_ASSIGN(const std::vector<IntentRecord> intents, store.Intents(organization, run));
  POOLSHIFT_ASSIGN(const std::vector<ResultRecord> results, store.Results(organization, run));
  std::map<std::int64_t, std::string> action_of;
  for (const IntentRecord& intent : intents)
    action_of[intent.seq] = intent.action;
  std::map<ActionId, absl::Time> done;
  for (const ResultRecord& result : results) {
    const auto action = action_of.find(result.seq);
    if (action != action_of.end() && result.outcome == "done") done[action->second] = result.at;
  }
  return done;
}

}  // namespace

absl::StatusOr<std::map<ResourceId, LoweredTtl>> LoweredTtls(Store& store,
                                                             const std::string& organization) {
  std::map<ResourceId, LoweredTtl> lowered;
  std::set<ResourceId> changed;
  POOLSHIFT_ASSIGN(const std::vector<RunRecord> runs, store.Runs(organization, kRunsToRead));
  for (const RunRecord& run : runs) {
    POOLSHIFT_ASSIGN(const PlanFile file,
                     DecodePlanFile(run.plan_file, "the plan of run " + std::to_string(run.id)));
    POOLSHIFT_ASSIGN(const auto done, DoneIn(store, organization, run.id));
    for (const Action& action : file.plan.actions) {
      const auto at = done.find(action.id);
      if (action.target.kind != kinds::kDnsRecordSet || at == done.end()) continue;
      const bool latest = changed.insert(action.target).second;
      if (latest && file.plan.phase == Name(MovePhase::kPrepare))
        lowered[action.target] = {at->second, action.before.IntegerOr("ttl", 0)};
    }
  }
  return lowered;
}

}  // namespace poolshift
