#include "controller/engine/gate_observers.h"

namespace poolshift {

std::map<ObservationKey, std::string> GateObservers(const Assignment& assignment,
                                                    const Plan& plan) {
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
