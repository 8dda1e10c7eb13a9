#include "controller/cli/plan_saving.h"

#include <fstream>

#include "controller/cli/state_directory.h"
#include "controller/engine/run_plan_file.h"
#include "controller/model/try.h"
#include "controller/provider/plugin_program.h"

namespace poolshift {

bool IsPlanFile(const std::string& path) {
  constexpr std::string_view kStart = "poolshift-plan ";
  std::ifstream file(path, std::ios::binary);
  std::string start(kStart.size(), '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  return file.good() && start == kStart;
}

absl::StatusOr<PlanFile> LoadPlan(const Session& session, const std::string& path) {
  absl::StatusOr<PlanFile> file = ReadPlanFile(*session.world.files, path);
  // A file that is not there, cut short or no plan: what was given is wrong, not the world.
  if (!file.ok()) return absl::InvalidArgumentError(std::string(file.status().message()));
  return file;
}

absl::StatusOr<std::map<std::string, std::string>> ProgramDigests(
    const Session& session, const Organization& organization) {
  std::map<std::string, std::string> digests;
  for (const auto& [name, provider] : organization.providers) {
    if (provider.type == "manual") continue;
    POOLSHIFT_ASSIGN(const PluginProgram program,
                     OpenPluginProgram(session.plugin_directory, provider.type));
    digests[name] = program.digest;
  }
  return digests;
}

absl::Status SavePlan(const Session& session,
                      const Workspace& workspace,
                      const Plan& plan,
                      const std::string& path) {
  PlanFile file;
  file.plan = plan;
  POOLSHIFT_ASSIGN(file.provider_digests, ProgramDigests(session, workspace.organization()));
  file.created = session.now();
  return WritePlanFile(*session.world.files, path, file);
}

Planning SavedOrMade(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.words();
  if (words.size() == 1 && IsPlanFile(words.front())) {
    absl::StatusOr<PlanFile> file = LoadPlan(session, words.front());
    if (!file.ok()) return {std::nullopt, session.Fail(file.status())};
    return {std::move(file->plan), kExitOk};
  }
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return {std::nullopt, opening.code};
  return MakePlanNow(session, *opening.workspace);
}

}  // namespace poolshift
