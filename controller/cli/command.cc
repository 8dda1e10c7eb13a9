#include "controller/cli/command.h"

#include <algorithm>

#include "controller/cli/help.h"
#include "controller/cli/parse.h"
#include "controller/cli/verbs.h"
#include "controller/model/diagnostics.h"

namespace poolshift {

std::string Arguments::Value(std::string_view option) const {
  const auto found = options_.find(option);
  return found == options_.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> Arguments::Values(std::string_view option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? std::vector<std::string>{} : found->second;
}

void Arguments::Set(const std::string& option, std::vector<std::string> values) {
  options_[option] = std::move(values);
}

const std::vector<Command>& Commands() {
  static const auto* const commands = new std::vector<Command>{
      InitCommand(),    ImportCommand(),  ValidateCommand(), FmtCommand(),      SchemaCommand(),
      PlanCommand(),    ExplainCommand(), ShowCommand(),     GraphCommand(),    ApplyCommand(),
      ResumeCommand(),  DriftCommand(),   AdoptCommand(),    DrillCommand(),    RehearseCommand(),
      HistoryCommand(), LeaseCommand(),   ReplayCommand(),   ServeCommand(),    StatusCommand(),
      ApproveCommand(), RejectCommand(),  PauseCommand(),    UnpauseCommand(),  BreakGlassCommand(),
      RunsCommand(),    WatchCommand(),   LoginCommand(),    ProviderCommand(), CompletionCommand(),
      VersionCommand(), HelpCommand()};
  return *commands;
}

const Command* FindCommand(std::string_view name) {
  const auto found = std::find_if(Commands().begin(),
                                  Commands().end(),
                                  [name](const Command& command) { return command.name == name; });
  return found == Commands().end() ? nullptr : &*found;
}

const std::vector<OptionSpec>& GlobalOptions() {
  static const auto* const options = new std::vector<OptionSpec>{
      {"--help", "", "explain the verb, with an example", "-h"},
      {"--verbose", "", "tell on stderr what is being done", "-v"},
      {"--no-color", "", "plain text; NO_COLOR in the environment does the same", ""},
      {"--width", "N", "columns of text, 40 to 400; otherwise the terminal's, or 100", ""},
      {"--state-dir", "DIR", "where runs, plans and first sightings are kept", ""},
      {"--plugin-dir", "DIR", "where the provider programs are", ""},
  };
  return *options;
}

namespace {

// Options alone, without a verb: their own help, or a complaint.
const Command& NoVerb() {
  static const auto* const command = [] {
    auto* made = new Command{};
    made->name = "poolshift";
    made->options = {{"--version", "", "print the version", ""}};
    return made;
  }();
  return *command;
}

absl::Status UnknownVerb(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : Commands())
    names.push_back(command.name);
  const std::string closest = ClosestName(word, names);
  return absl::InvalidArgumentError("unknown verb `" + word + '`' +
                                    (closest.empty() ? "; `poolshift help` lists the verbs"
                                                     : "; did you mean `" + closest + "`?"));
}

absl::Status ChooseStyles(Session& session, const Arguments& arguments) {
  constexpr int kNarrowest = 40;
  constexpr int kWidest = 400;
  if (arguments.Has("--width")) {
    const std::string text = arguments.Value("--width");
    const bool digits = !text.empty() && text.size() <= 3 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    const int width = digits ? std::stoi(text) : 0;
    if (width < kNarrowest || width > kWidest) {
      return absl::InvalidArgumentError("--width: `" + text + "` is not a number from 40 to 400");
    }
    session.width = width;
  }
  const bool plain = arguments.Has("--no-color") || !session.environment("NO_COLOR").empty() ||
                     session.environment("TERM") == "dumb";
  session.out_style = {.color = !plain && session.out_is_terminal, .width = session.width};
  session.err_style = {.color = !plain && session.err_is_terminal, .width = session.width};
  session.verbose = arguments.Has("--verbose");
  if (arguments.Has("--plugin-dir")) session.plugin_directory = arguments.Value("--plugin-dir");
  return absl::OkStatus();
}

ExitCode RunWithoutVerb(Session& session, const std::vector<std::string>& words) {
  const absl::StatusOr<Arguments> arguments = ParseArguments(NoVerb(), words);
  if (!arguments.ok()) return session.Fail(arguments.status());
  if (arguments->Has("--version")) return FindCommand("version")->run(session, *arguments);
  session.out << ProgramHelp(session.out_style);
  return kExitOk;
}

}  // namespace

ExitCode RunProgram(Session& session, const std::vector<std::string>& words) {
  const std::size_t place = VerbPlace(words);
  if (place == words.size()) return RunWithoutVerb(session, words);
  const Command* command = FindCommand(words[place]);
  if (command == nullptr) return session.Fail(UnknownVerb(words[place]));
  std::vector<std::string> rest = words;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(place));
  const absl::StatusOr<Arguments> arguments = ParseArguments(*command, std::move(rest));
  if (!arguments.ok()) return session.Fail(arguments.status());
  const absl::Status styled = ChooseStyles(session, *arguments);
  if (!styled.ok()) return session.Fail(styled);
  if (arguments->Has("--help")) {
    session.out << CommandHelp(*command, session.out_style);
    return kExitOk;
  }
  return command->run(session, *arguments);
}

}  // namespace poolshift
