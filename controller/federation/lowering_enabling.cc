// Enabling: a run that was cut off between Publish-CsTopology or Set-CsSite and Enable-CsTopology,
// or a hand that forgot it, left something written that takes no effect. It is seen in the world,
// never remembered, and put right once: by the next write that is enabled anyway, else by an action
// of its own (I-15, U8).
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

bool Enables(const Action& action) {
  return action.target.kind == kinds::kTopology ||
         std::find(action.modes.begin(), action.modes.end(), "closing") != action.modes.end();
}

// What this plan writes before anything relies on it ends with Enable-CsTopology.
bool IsEnabledAnyway(const Draft& draft) {
  return std::any_of(
      draft.central_store_writes.begin(), draft.central_store_writes.end(), [&](int write) {
        const auto place = static_cast<std::size_t>(write);
        return Enables(draft.problem.operators[place].action);
      });
}

}  // namespace

void LowerEnabling(Draft& draft) {
  if (!draft.view.AwaitsEnabling() || IsEnabledAnyway(draft)) return;
  const Attribution hosts(draft, draft.MoveLine());
  const ResourceId id = kinds::Enablement(draft.organization.name);
  const bool document = draft.view.observed().Properties(id)->StringOr("waiting", "") == "document";
  const VariableIndex variable =
      draft.AddVariable(ToString(id), {document ? "published only" : "written only", "in effect"});
  Operator step;
  step.action = draft.MakeAction(
      Verb::kUpdate, id, Value::Map{{"enabled", false}}, Value::Map{{"enabled", true}});
  step.action.title = std::string("enable the topology: what was ") +
                      (document ? "published" : "written") + " before takes no effect yet";
  step.action.duration = absl::Minutes(1);
  step.action.why = {Because("I-15")};
  step.action.sources = {"P1 step 3"};
  step.effects = {{variable, 0, 1}};
  draft.Add(std::move(step));
  draft.AfterCentralStore(variable);
  draft.enabled = draft.Done(variable);
  draft.central_store_done.push_back(*draft.enabled);
}

void WaitForEnabling(Draft& draft) {
  if (!draft.enabled.has_value()) return;
  const Attribution hosts(draft, draft.MoveLine());
  for (const Protocol protocol : kProtocols) {
    for (const Literal& routed : draft.routed[protocol])
      draft.Imply("I-15", routed, {*draft.enabled});
    for (const Literal& probed : draft.probed[protocol])
      draft.Imply("I-15", probed, {*draft.enabled});
    for (const Literal& addressed : draft.addressed[protocol])
      draft.Imply("I-15", addressed, {*draft.enabled});
  }
  for (const auto& [server, installed] : draft.installed) {
    for (const Literal& done : installed)
      draft.Imply("I-15", done, {*draft.enabled});
  }
}

}  // namespace poolshift
