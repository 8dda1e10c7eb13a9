#include "controller/engine/gate_observers.h"

#include "controller/federation/assignment.h"
#include "controller/model/try.h"

namespace poolshift {

absl::StatusOr<std::map<ObservationKey, std::string>> GateObservers(
    const Organization& organization,
    const std::map<std::string, Provider*>& providers,
    const Plan& plan) {
  OfferedKinds offered;
  for (const auto& [name, provider] : providers) {
    POOLSHIFT_ASSIGN(const ProviderDescription description, provider->Describe());
    for (const KindSchema& kind : description.kinds)
      offered[name].push_back(kind.kind);
  }
  const Assignment assignment(organization, offered);
  std::map<ObservationKey, std::string> observers;
  for (const Action& action : plan.actions) {
    if (!action.gate.has_value()) continue;
    for (const Expectation& expectation : action.gate->expectations) {
      const std::string observer = assignment.ObserverOf(expectation.subject);
      if (!observer.empty()) observers[expectation.subject] = observer;
    }
  }
  return observers;
}

}  // namespace poolshift
