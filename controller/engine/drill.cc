#include "controller/engine/drill.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "controller/engine/planning.h"
#include "controller/engine/side_by_side.h"
#include "controller/federation/observing.h"
#include "controller/federation/readiness.h"
#include "controller/model/try.h"
#include "controller/policy/limits.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

// More are not tried: the first of them by name are as good as any when nobody has declared one.

// When the last of the protocols works again; where none had to move, when everything is done.
void AddTime(DrillRow& row) {
  const Timetable table = TimetableOf(row.plan);
  for (const Recovery& recovery : table.recoveries) {
    row.ours = std::max(row.ours, recovery.ours);
    row.caches = std::max(row.caches, recovery.tail);
  }
  if (table.recoveries.empty()) row.ours = table.total;
}

absl::StatusOr<Plan> PlanWith(const DrillScene& scene,
                              const Organization& supposed,
                              const ObservedState& seen) {
  POOLSHIFT_ASSIGN(Plan plan, MakePlanWithoutCommands(supposed, seen, scene.assignment));
  Policy limits = supposed.policy;
  limits.windows.clear();  // a death keeps to no window, and the plan is not carried out now
  for (Refusal& refusal : CheckPolicy(limits, plan, scene.now, ""))
    plan.refusals.push_back(std::move(refusal));
  return plan;
}

// Who could be declared instead of the dead, the better first. With `is_chosen` the first that has
// a plan is taken, else the one that needs least.
struct Choices {
  std::vector<Commit> commits;
  bool is_chosen = false;
};

Choices ChoicesFor(const Organization& organization, const Supposition& supposition) {
  const Successors sip = FindSuccessors(organization, supposition, Protocol::kSip);
  const Successors xmpp = FindSuccessors(organization, supposition, Protocol::kXmpp);
  Choices choices;
  const Successors& leading = sip.is_needed ? sip : xmpp;
  choices.is_chosen = !leading.declared.empty();
  std::vector<std::string> names = leading.declared;
  names.insert(names.end(), leading.others.begin(), leading.others.end());
  if (names.size() > kMostSuccessors) names.resize(kMostSuccessors);
  for (const std::string& name : names) {
    Commit commit;
    if (sip.is_needed) commit.federation = name;
    // Where XMPP has an order of its own, it decides for XMPP.
    if (xmpp.is_needed) commit.xmpp = xmpp.declared.empty() ? name : xmpp.declared.front();
    choices.commits.push_back(commit);
  }
  if (choices.commits.empty()) choices.commits.emplace_back();
  return choices;
}

// Less is better.
auto Cost(const DrillRow& row) {
  return std::tuple(!row.has_plan(), row.plan.left_out.size(), row.actions, row.ours);
}

// What a plan made in that night would leave as it is.
void AddLeftOut(DrillRow& row) {
  for (const LeftOut& each : row.plan.left_out) {
    const Refusal& because = each.because;
    row.shortfalls.push_back({false,
                              "cannot look",
                              each.part + " would be left out: " + because.text,
                              because.hint,
                              because.rule,
                              because.origin});
  }
}

absl::StatusOr<DrillRow> RowFor(const DrillScene& scene,
                                const Supposition& supposition,
                                const ObservedState& seen,
                                const Commit& commit) {
  const Organization supposed = SupposeDead(scene.organization, supposition, commit);
  DrillRow row;
  row.dead = supposition;
  row.successors = commit;
  POOLSHIFT_ASSIGN(row.plan, PlanWith(scene, supposed, seen));
  row.actions = row.plan.mutations();
  row.gates = row.plan.gates();
  row.human_actions = static_cast<int>(
      std::ranges::count_if(row.plan.actions, [](const Action& each) { return each.human; }));
  row.shortfalls = FindShortfalls(supposed, scene.observed, supposition, scene.now);
  AddLeftOut(row);
  if (row.has_plan()) AddTime(row);
  return row;
}

absl::StatusOr<DrillRow> RunDrillIn(SupposedWorld& world,
                                    const DrillScene& scene,
                                    const Supposition& supposition) {
  const ObservedState& seen = world.Suppose(supposition);
  const Choices choices = ChoicesFor(scene.organization, supposition);
  std::optional<DrillRow> best;
  for (const Commit& commit : choices.commits) {
    POOLSHIFT_ASSIGN(DrillRow row, RowFor(scene, supposition, seen, commit));
    if (!best.has_value() || Cost(row) < Cost(*best)) best = std::move(row);
    if (choices.is_chosen && best->has_plan()) break;
  }
  return *std::move(best);
}

}  // namespace

absl::StatusOr<DrillRow> RunDrill(const DrillScene& scene, const Supposition& supposition) {
  SupposedWorld world(scene.organization, scene.observed);
  return RunDrillIn(world, scene, supposition);
}

absl::StatusOr<std::vector<DrillRow>> RunDrills(const DrillScene& scene,
                                                const std::vector<Supposition>& suppositions) {
  const auto equip = [&] {
    return std::make_unique<SupposedWorld>(scene.organization, scene.observed);
  };
  return MadeSideBySide<DrillRow>(
      suppositions.size(), equip, [&](std::size_t i, SupposedWorld& world) {
        absl::StatusOr<DrillRow> row = RunDrillIn(world, scene, suppositions[i]);
        if (row.ok()) {
          Plan kept;
          kept.refusals = std::move(row->plan.refusals);
          row->plan = std::move(kept);
        }
        return row;
      });
}

std::vector<Supposition> UsualDeaths(const Organization& organization) {
  std::vector<Supposition> deaths = PoolSuppositions(organization);
  for (Supposition& site : SiteSuppositions(organization))
    deaths.push_back(std::move(site));
  return deaths;
}

absl::StatusOr<DrillReport> ReportDrill(Workspace& workspace,
                                        ObservedState observed,
                                        const std::vector<Supposition>& deaths,
                                        absl::Time now) {
  const Organization& organization = workspace.organization();
  POOLSHIFT_TRY(workspace.ObserveMore(DrillToObserve(organization, observed), observed));
  const DrillScene scene{organization, observed, workspace.assignment(), now};
  DrillReport report;
  report.organization = organization.name;
  report.looked_at = now;
  POOLSHIFT_ASSIGN(const DrillRow alive, RunDrill(scene, {}));
  report.pending = alive.plan.mutations();
  POOLSHIFT_ASSIGN(report.rows, RunDrills(scene, deaths));
  return report;
}

}  // namespace poolshift
