#include "controller/cli/verbs.h"
#include "controller/report/json_text.h"

namespace poolshift {
namespace {

ExitCode RunVersion(Session& session, const Arguments& arguments) {
  if (!arguments.Has("--json")) {
    session.out << "poolshift " POOLSHIFT_VERSION "\n";
    return kExitOk;
  }
  Json json = Json::object();
  json["format_version"] = kFormatVersion;
  json["version"] = POOLSHIFT_VERSION;
  session.out << JsonText(json);
  return kExitOk;
}

}  // namespace

Command VersionCommand() {
  Command command;
  command.name = "version";
  command.summary = "print the version";
  command.text = "Prints the version of the program.";
  command.options = {{"--json", "", "for programs", ""}};
  command.examples = {"poolshift version"};
  command.run = RunVersion;
  return command;
}

}  // namespace poolshift
