#include "controller/engine/gate_observers.h"

namespace poolshift {

std::map<ObservationKey, std::string> GateObservers(const Assignment& assignment,
                                                    const Plan& plan) {
  std::map<ObservationKey, std::string> observers;
  const auto add = [&](const ObservationKey& key) {
    const std::string observer = assignment.ObserverOf(key);
    if (!observer.empty()) observers[key] = observer;
  };
  for (const Action& action : plan.actions) {
    if (!action.gate.has_value()) continue;
    for (const Expectation& expectation : action.gate->expectations)
      add(expectation.subject);
  }
  for (const ObservationKey& key : plan.rests_on)
    add(key);
  return observers;
}

}  // namespace poolshift
