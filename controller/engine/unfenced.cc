#include "controller/engine/unfenced.h"

#include <set>

namespace poolshift {

void WarnOfUnfenced(const Organization& organization, const Unfenced& unfenced, Plan& plan) {
  std::set<std::string> writers;
  for (const Action& action : plan.actions)
    if (action.verb != Verb::kGate) writers.insert(action.provider);
  for (const std::string& name : writers) {
    const auto found = unfenced.find(name);
    const auto declared = organization.providers.find(name);
    if (found == unfenced.end() || declared == organization.providers.end()) continue;
    plan.warnings.Warning(declared->second.origin,
                          "provider `" + name + "` is unfenced" + found->second,
                          "before taking over, make sure that no other controller still runs");
  }
}

}  // namespace poolshift
