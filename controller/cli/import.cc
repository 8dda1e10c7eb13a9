#include "controller/engine/import.h"

#include "controller/cli/folder.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/load.h"
#include "controller/report/change.h"
#include "controller/report/diagnostics_text.h"

namespace poolshift {
namespace {

// Files that a provider's configuration names relative to the manifests' folder: they are where the
// seed is, not where the result is.
void TellRelativeFiles(Session& session,
                       const Organization& organization,
                       const std::string& seed_folder,
                       const std::string& output) {
  for (const auto& [name, provider] : organization.providers) {
    if (!provider.configuration.is_map()) continue;
    for (const auto& [key, value] : provider.configuration.map()) {
      if (!value.is_string() || value.string().empty() || value.string().front() == '/') continue;
      const std::string file = seed_folder + '/' + value.string();
      if (!session.world.files->Read(file, ManifestLimits::kTotalBytes).ok()) continue;
      session.Tell("provider `" + name + "` reads `" + value.string() +
                   "` beside its manifests: cp " + file + ' ' + output + '/');
    }
  }
}

ExitCode TellWorth(Session& session, const ImportedManifests& imported) {
  for (const std::string& name : imported.silent)
    session.Tell("provider `" + name + "` cannot list what there is; it was asked for the rest");
  session.err << DiagnosticsText(imported.diagnostics, session.err_style);
  const std::size_t remarks = imported.remarks;
  if (remarks > 0)
    session.Tell(Count(remarks, "comment") + " in it: what could not be known is left to you");
  for (const std::string& line : imported.undecided)
    session.Tell(line);
  if (imported.diagnostics.has_errors()) {
    return session.Fail(kExitInvalidInput,
                        "the manifests are not complete (" +
                            DiagnosticsCount(imported.diagnostics) +
                            "): fill in what the comments ask for, then `poolshift validate`");
  }
  if (!imported.undecided.empty()) {
    return session.Fail(kExitInvalidInput,
                        "the manifests are not complete: fill in `hosts`, then `poolshift plan`");
  }
  if (!imported.plan.refusals.empty()) {
    session.Tell("planning them is refused now: " + imported.plan.refusals.front().text + "; " +
                 imported.plan.refusals.front().hint);
    return kExitChanges;
  }
  if (imported.plan.actions.empty()) {
    session.Tell("planning them finds nothing to do");
    return kExitOk;
  }
  session.Tell("what is observed does not agree with itself: planning them finds " +
               Count(imported.plan.actions.size(), "step") + "; look at `poolshift plan`");
  return kExitChanges;
}

ExitCode RunImport(Session& session, const Arguments& arguments) {
  const std::string output = arguments.Value("--output");
  if (!output.empty()) {
    const absl::Status free = CheckFolderIsFree(session, output);
    if (!free.ok()) return session.Fail(free);
  }
  const std::vector<std::string> paths = PathsOf(arguments);
  const Opening opening =
      OpenWorkspace(session, arguments, paths, /*read_only=*/true, Telling::kErrors);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<ImportedManifests> imported = ImportManifests(*opening.workspace);
  if (!imported.ok()) return session.Fail(imported.status());
  if (output.empty()) {
    session.out << imported->text;
  } else {
    const absl::Status written = WriteFolder(session, output, imported->files);
    if (!written.ok()) return session.Fail(written);
    TellRelativeFiles(session,
                      opening.workspace->organization(),
                      BaseDirectory(*session.world.files, paths),
                      output);
  }
  return TellWorth(session, *imported);
}

}  // namespace

Command ImportCommand() {
  Command command;
  command.name = "import";
  command.words = "SEED...";
  command.summary = "write manifests from what is observed";
  command.text =
      "SEED are manifests with an Organization (its name), its Providers and the names of its "
      "Domains. Asks every provider what there is, looks at it, and prints complete manifests: "
      "sites, pools, hosts, domains, partners. What the seed declares stays as it is. Comments "
      "mark "
      "what could not be known, such as contacts: that is left to you. Then plans the result "
      "without "
      "carrying anything out, and says whether there is anything to do.\n"
      "Changes nothing, neither the world nor a file; --output writes to a folder that is empty or "
      "not there yet.\n"
      "Exit codes: 0 planning the result is empty, 2 it is not (the world does not agree with "
      "itself), 10 the seed has faults, or the result has gaps to fill in, 1 another error.";
  command.least_words = 1;
  command.most_words = kAnyNumber;
  command.options = {{"--output", "DIR", "write files there instead of printing", ""}};
  command.examples = {"poolshift import seed.yaml > contoso.yaml",
                      "poolshift import seed.yaml --output contoso"};
  command.run = RunImport;
  return command;
}

}  // namespace poolshift
