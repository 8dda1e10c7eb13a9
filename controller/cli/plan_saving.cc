#include "controller/cli/plan_saving.h"

#include <fstream>

#include "controller/cli/state_directory.h"
#include "controller/engine/load.h"
#include "controller/engine/run_plan_file.h"
#include "controller/model/try.h"

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

absl::Status CheckPrograms(const PlanFile& file, const Workspace& workspace) {
  // For another organisation that it is another is the better reason, and RunPlan gives it.
  if (file.plan.organization != workspace.organization().name) return absl::OkStatus();
  const std::map<std::string, std::string> programs = workspace.programs();
  for (const auto& [name, digest] : file.provider_digests) {
    const auto running = programs.find(name);
    if (running == programs.end() || running->second == digest) continue;
    return absl::PermissionDeniedError(
        "provider `" + name +
        "` runs another program than the one that the plan was made with: "
        "SHA-256 " +
        running->second + " now, " + digest + " then; nothing was changed, plan again");
  }
  return absl::OkStatus();
}

absl::Status SavePlan(const Session& session,
                      const Workspace& workspace,
                      const Planning& planning,
                      const std::string& path) {
  PlanFile file;
  file.plan = *planning.plan;
  file.provider_digests = workspace.programs();
  file.created = session.now();
  file.commit = workspace.commit();
  file.inputs = RecordedInputs(workspace, planning);
  file.goal = GoalDigest(workspace.organization());
  return WritePlanFile(*session.world.files, path, file);
}

Planning SavedOrMade(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.words();
  if (words.size() == 1 && !arguments.Has("--git") && IsPlanFile(words.front())) {
    absl::StatusOr<PlanFile> file = LoadPlan(session, words.front());
    if (!file.ok()) return {std::nullopt, session.Fail(file.status())};
    return {std::move(file->plan), kExitOk};
  }
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return {std::nullopt, opening.code};
  return MakePlanNow(session, *opening.workspace);
}

}  // namespace poolshift
