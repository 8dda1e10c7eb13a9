#include "controller/engine/run_options.h"

#include <filesystem>

#include "controller/engine/gate_observers.h"
#include "controller/engine/load.h"

namespace poolshift {

RunOptions RunOptionsFor(const Workspace& workspace,
                         const Plan& plan,
                         const LeaseHolder& holder,
                         const std::string& program) {
  RunOptions options;
  const Organization& organization = workspace.organization();
  options.organization = organization.name;
  options.holder = holder;
  options.policy = organization.policy;
  options.provider_digests = workspace.programs();
  options.exporters = workspace.exporters();
  options.export_directory =
      std::filesystem::absolute(workspace.state_directory() + "/exports").string();
  options.program = program;
  options.goal = GoalDigest(organization);
  options.executor.observers = GateObservers(workspace.assignment(), plan);
  for (const auto& [name, provider] : organization.providers)
    options.executor.provider_limits[name] = provider.max_concurrent;
  return options;
}

}  // namespace poolshift
