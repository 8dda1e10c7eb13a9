// What policy does not allow (I-20) is a person's step with an exact command, done when it is
// observed. Nothing waits for it: a failover goes on while somebody asks who may allow a partner.
#include "controller/federation/access_policy.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

void AddStep(Draft& draft, const PolicyFault& fault) {
  const Attribution declares(draft, fault.origin);
  const VariableIndex variable =
      draft.AddVariable(ToString(fault.id) + '.' + fault.property, {"not allowed", "allowed"});
  Gate gate;
  gate.expectations = {
      {{fault.id, ""}, fault.property, Expectation::Compare::kEquals, fault.wanted}};
  Action& action = draft.AddTask(variable,
                                 fault.id,
                                 fault.remedy + ": " + fault.consequence,
                                 std::move(gate),
                                 {},
                                 {Because("I-20")});
  action.commands = fault.commands;
}

}  // namespace

void LowerPolicy(Draft& draft) {
  for (const PolicyFault& fault : PolicyFaults(draft.view)) {
    // `prepare` keeps no step of the move: there it is said.
    if (draft.preparation.phase == MovePhase::kPrepare) {
      draft.warnings.Warning(fault.origin, fault.text() + " (I-20)", fault.commands.front());
    } else {
      AddStep(draft, fault);
    }
  }
  if (!draft.move(Protocol::kXmpp).is_move()) return;
  for (std::string& text : WeakPartners(draft.view))
    draft.warnings.Note({}, std::move(text) + " (I-20)");
}

}  // namespace poolshift
