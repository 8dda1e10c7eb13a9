// The central store: where it is dead and another pool is declared for it, it is failed over before
// anything is written (A26, P6); where it is dead and nobody said where it shall go, a plan that
// must write is refused (I-17).
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

const FrontEndPool* PoolOf(const Organization& organization, std::string_view fqdn) {
  for (const auto& [name, pool] : organization.front_end_pools) {
    if (pool.fqdn == fqdn) return &pool;
  }
  return nullptr;
}

// The Front End pool that is declared for the store; null when none is.
const FrontEndPool* Declared(const Organization& organization) {
  const auto found = organization.front_end_pools.find(organization.central_store);
  return found == organization.front_end_pools.end() ? nullptr : &found->second;
}

void FailOver(Draft& draft, const Value& seen, const FrontEndPool& target) {
  const Attribution store(draft, draft.organization.central_store_origin);
  const VariableIndex variable =
      draft.AddVariable("CentralStore/" + draft.organization.name, {"dead", target.name});
  Operator step;
  step.action =
      draft.MakeAction(Verb::kUpdate,
                       kinds::CentralStore(draft.organization.name),
                       Value::Map{{"activeMaster", std::string(seen.StringOr("activeMaster", ""))}},
                       Value::Map{{"activeMaster", target.fqdn}});
  const FrontEndPool* former = PoolOf(draft.organization, seen.StringOr("pool", ""));
  step.action.title = "fail the central store over: " + former->name + " -> " + target.name;
  step.action.duration = absl::Minutes(5);  // domain.md c.10: RTO
  step.action.needs_approval = true;
  step.action.modes = {"disaster"};
  step.action.why = {Because("I-17"), Because("I-22")};
  step.action.sources = {"P6 step 5"};
  step.effects = {{variable, 0, 1}};
  draft.central_store_writes.push_back(draft.Add(std::move(step)));
  draft.central_store_done.push_back(draft.Done(variable));
  draft.central_store_alive = draft.Done(variable);
  draft.warnings.Warning(draft.organization.central_store_origin,
                         "the central store fails over to " + target.name +
                             ": what was written to it in the last 5 minutes may be lost (I-22)",
                         "look at the topology before you approve");
}

// Why the store cannot go where it is declared; "" when it can.
std::string Obstacle(const Draft& draft, const Value& seen, const FrontEndPool& target) {
  const std::string_view holder = seen.StringOr("pool", "");
  if (holder.empty()) return "which pool holds it cannot be seen";
  const FrontEndPool* former = PoolOf(draft.organization, holder);
  if (former == nullptr) return std::string(holder) + ", which holds it, is not declared";
  if (former->backup_pool != target.name)
    return former->name + ", which holds it, is not paired with " + target.name;
  if (!draft.view.Answers(target)) return target.name + " does not answer";
  return "";
}

}  // namespace

void LowerCentralStore(Draft& draft) {
  const Value* seen =
      draft.view.observed().Properties(kinds::CentralStore(draft.organization.name));
  const FrontEndPool* target = Declared(draft.organization);
  if (seen == nullptr || target == nullptr || seen->BooleanOr("alive", false)) return;
  if (seen->StringOr("pool", "") == target->fqdn) return;  // dead where it is declared
  const std::string obstacle = Obstacle(draft, *seen, *target);
  if (obstacle.empty()) return FailOver(draft, *seen, *target);
  draft.Refuse("P6",
               "the central store is dead and is declared on " + target->name + ", but " + obstacle,
               "commit `centralStore:` with the living backup pool of the one that holds it",
               draft.organization.central_store_origin,
               {LineDemand("the central store is on " + target->name,
                           draft.organization.central_store_origin)});
}

void RefuseDeadCentralStore(Draft& draft) {
  const bool writes = !draft.central_store_writes.empty() || draft.enabled.has_value();
  if (!writes || draft.central_store_alive.has_value()) return;
  const Organization& organization = draft.organization;
  const Value* store = draft.view.observed().Properties(kinds::CentralStore(organization.name));
  if (store == nullptr) {
    return draft.Refuse("I-17",
                        "cannot look at the central store, and the plan must write it",
                        "mend the provider that serves CentralStore, then plan again",
                        organization.origin);
  }
  if (store->BooleanOr("alive", false)) return;
  const FrontEndPool* holder = PoolOf(organization, store->StringOr("pool", ""));
  const bool paired = holder != nullptr && !holder->backup_pool.empty();
  const std::string where = holder == nullptr ? "" : " (it is on " + holder->name + ")";
  draft.Refuse("I-17",
               "the central store is dead" + where + ", and the plan must write it",
               paired ? "commit `centralStore: " + holder->backup_pool +
                            "`, its backup pool: the next plan fails it over first (P6)"
                      : "fail it over by hand first: Invoke-CsManagementServerFailover (P6)",
               organization.central_store_origin.line > 0 ? organization.central_store_origin
                                                          : organization.origin,
               {LineDemand("who hosts what changes", draft.MoveLine())});
}

}  // namespace poolshift
