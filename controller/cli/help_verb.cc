#include "controller/cli/help.h"
#include "controller/cli/manual_page.h"
#include "controller/cli/verbs.h"

namespace poolshift {
namespace {

ExitCode RunHelp(Session& session, const Arguments& arguments) {
  if (arguments.Has("--man")) {
    session.out << ManualPage(POOLSHIFT_VERSION);
    return kExitOk;
  }
  if (arguments.words().empty()) {
    session.out << ProgramHelp(session.out_style);
    return kExitOk;
  }
  return RunProgram(session, {arguments.words().front(), "--help"});
}

}  // namespace

Command HelpCommand() {
  Command command;
  command.name = "help";
  command.words = "[VERB]";
  command.summary = "explain the program, or one verb";
  command.text = "Lists the verbs, or explains one: the same as `poolshift VERB --help`.";
  command.most_words = 1;
  command.options = {{"--man", "", "all of it as a page for man(1)", ""}};
  command.examples = {"poolshift help plan", "poolshift help --man > poolshift.1"};
  command.run = RunHelp;
  return command;
}

}  // namespace poolshift
