#include "controller/cli/folder.h"
#include "controller/cli/verbs.h"
#include "controller/manifest/starter.h"

namespace poolshift {
namespace {

absl::Status WriteStarter(Session& session, const std::string& folder) {
  std::map<std::string, std::string> starter = StarterManifests();
  starter.merge(StarterWorld());
  return WriteFolder(session, folder, starter);
}

ExitCode RunInit(Session& session, const Arguments& arguments) {
  const std::string& folder = arguments.words().front();
  const absl::Status written = WriteStarter(session, folder);
  if (!written.ok()) return session.Fail(written);
  session.Tell("try it on its simulated world: poolshift plan " + folder);
  session.Tell("then change the names and addresses to yours: poolshift validate " + folder);
  return kExitOk;
}

}  // namespace

Command InitCommand() {
  Command command;
  command.name = "init";
  command.words = "DIR";
  command.summary = "write manifests to begin with";
  command.text =
      "Writes the manifests of a small organisation, with comments, and a simulated world for them "
      "(`world.sim`) to a folder that is empty or not there yet, and prints their names. Nothing "
      "that exists is overwritten. `poolshift plan` works there at once.";
  command.least_words = 1;
  command.most_words = 1;
  command.examples = {"poolshift init contoso"};
  command.run = RunInit;
  return command;
}

}  // namespace poolshift
