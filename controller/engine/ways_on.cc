#include "controller/engine/ways_on.h"

#include <utility>

#include "controller/engine/declaration_eyes.h"
#include "controller/engine/drill.h"
#include "controller/engine/planning.h"
#include "controller/federation/allow_lists.h"
#include "controller/federation/observing.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr absl::Duration kLook = absl::Seconds(30);

absl::StatusOr<ObservedState> ObserveAll(const Organization& organization, Provider& stage) {
  ObservedState observed;
  const auto look = [&](std::vector<ObservationKey> keys) -> absl::Status {
    std::erase_if(keys, [&](const auto& key) { return observed.observations.contains(key); });
    POOLSHIFT_ASSIGN(const auto seen, stage.Observe(keys, kLook));
    for (std::size_t i = 0; i < keys.size(); ++i)
      observed.observations[keys[i]] = seen[i];
    return absl::OkStatus();
  };
  POOLSHIFT_TRY(look(DesignationsToObserve(organization)));
  POOLSHIFT_TRY(look(DetailsToObserve(organization, observed)));
  POOLSHIFT_TRY(look(DrillToObserve(organization, observed)));
  DeclarationEyes agreeing;
  const std::vector<ObservationKey> lists = AllowListsToObserve(organization);
  POOLSHIFT_ASSIGN(const auto seen, agreeing.Observe(lists, kLook));
  for (std::size_t i = 0; i < lists.size(); ++i)
    observed.observations[lists[i]] = seen[i];
  return observed;
}

}  // namespace

absl::StatusOr<std::vector<WayOn>> FindWaysOn(const Organization& organization,
                                              const Assignment& assignment,
                                              const Supposition& dead,
                                              Provider& stage,
                                              absl::Time now) {
  POOLSHIFT_ASSIGN(const ObservedState seen, ObserveAll(organization, stage));
  std::vector<WayOn> ways(1);
  POOLSHIFT_ASSIGN(ways[0].plan, MakePlanWithoutCommands(organization, seen, assignment));
  if (dead.edge_pools.empty() && dead.front_end_pools.empty()) return ways;
  POOLSHIFT_ASSIGN(DrillRow row, RunDrill({organization, seen, assignment, now}, dead));
  ways.push_back({dead, row.successors, std::move(row.plan)});
  return ways;
}

}  // namespace poolshift
