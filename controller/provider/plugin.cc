#include "controller/provider/plugin.h"

#include <utility>

#include "controller/model/try.h"
#include "controller/provider/checked.h"
#include "controller/provider/plugin_client.h"
#include "controller/provider/plugin_process.h"
#include "controller/provider/plugin_program.h"

namespace poolshift {
namespace {

std::vector<std::string> VariablesOf(const std::map<std::string, SecretRef>& secrets) {
  std::vector<std::string> names;
  for (const auto& [name, secret] : secrets) {
    if (secret.scheme() == SecretRef::Scheme::kEnvironment) names.push_back(secret.locator());
  }
  return names;
}

}  // namespace

absl::StatusOr<PluginProgram> FindPlugin(const PluginOptions& options) {
  const std::string directory =
      options.plugin_directory.empty() ? DefaultPluginDirectory() : options.plugin_directory;
  return OpenPluginProgram(directory, options.type);
}

absl::StatusOr<std::unique_ptr<Provider>> StartPlugin(const World& world,
                                                      const PluginOptions& options,
                                                      const PluginConfiguration& configuration) {
  POOLSHIFT_ASSIGN(const PluginProgram program, FindPlugin(options));
  return StartPlugin(world, program, options, configuration);
}

absl::StatusOr<std::unique_ptr<Provider>> StartPlugin(const World& world,
                                                      const PluginProgram& program,
                                                      const PluginOptions& options,
                                                      const PluginConfiguration& configuration) {
  for (const LockFile& lock : options.locks)
    POOLSHIFT_TRY(lock.Check(program));
  PluginLaunch launch;
  launch.name = options.name;
  launch.read_only = options.read_only;
  launch.environment = VariablesOf(configuration.secrets);
  launch.log = options.log;
  launch.patience = options.patience;
  POOLSHIFT_ASSIGN(std::unique_ptr<PluginProcess> process,
                   PluginProcess::Start(*world.processes, program, std::move(launch)));
  auto client = std::make_unique<PluginClient>(*world.clock, options, std::move(process));
  POOLSHIFT_TRY(client->Configure(configuration));
  return Checked::Wrap(options.name, std::move(client));
}

}  // namespace poolshift
