// One publish by a person: flags, next hops and every site's routes are one document, so they are
// one action, done when all of it is observed (order `atomic` of domain.md d.3).
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

// A run that was cut off while the person was at work only looks at the topology; the routes are
// looked at here.
void WatchRoutes(Draft& draft, const std::vector<JointChange>& routes) {
  const VariableIndex variable = draft.AddVariable("published routes", {"not seen", "seen"});
  Gate gate;
  for (const JointChange& route : routes) {
    for (const auto& [member, fqdn] : route.after.map()) {
      gate.expectations.push_back(
          {{route.target, ""}, member, Expectation::Compare::kEquals, fqdn});
    }
  }
  draft.AddGate(variable,
                {std::string(kinds::kSiteRoute), draft.organization.name},
                "the routes of " + std::to_string(routes.size()) +
                    (routes.size() == 1 ? " site are" : " sites are") + " as published",
                std::move(gate),
                draft.central_store_done,
                {Because("I-4"), Because("I-5")});
  draft.central_store_done.push_back(draft.Done(variable));
}

}  // namespace

void LowerOnePublish(Draft& draft) {
  if (!draft.one_publish.has_value()) return;
  const Attribution hosts(draft, draft.MoveLine());
  Operator publish = std::move(*draft.one_publish);
  if (publish.effects.empty()) return;
  Action& action = publish.action;
  const std::size_t routes = action.also.size();
  const bool topology = !action.after.Find("pools")->map().empty();
  if (routes > 0) {
    const std::string text =
        "the routes of " + std::to_string(routes) + (routes == 1 ? " site" : " sites");
    action.title =
        topology ? action.title + ", and " + text + " with it" : "publish the topology: " + text;
    for (const std::string_view rule : {"I-5", "I-4"})
      action.why.push_back(Because(rule));
    if (!draft.choices.empty()) action.why.push_back(Because("D10"));
  }
  const std::vector<JointChange> also = action.also;
  draft.central_store_writes.push_back(draft.Add(std::move(publish)));
  if (!also.empty()) WatchRoutes(draft, also);
}

}  // namespace poolshift
