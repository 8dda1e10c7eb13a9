// Completion of verbs, options and files in a shell, from the table of commands.
#include "absl/strings/str_replace.h"

#include "controller/cli/verbs.h"

namespace poolshift {
namespace {

std::vector<OptionSpec> OptionsOf(const Command& command) {
  std::vector<OptionSpec> options = command.options;
  options.insert(options.end(), GlobalOptions().begin(), GlobalOptions().end());
  return options;
}

std::string Names(const std::vector<OptionSpec>& options, bool with_value) {
  std::string names;
  for (const OptionSpec& option : options) {
    if (with_value && option.value.empty()) continue;
    names += (names.empty() ? "" : " ") + option.name;
  }
  return names;
}

// As a pattern of the shell: those that take a value.
std::string Alternatives(const std::vector<OptionSpec>& options) {
  return absl::StrReplaceAll(Names(options, true), {{" ", "|"}});
}

std::string VerbNames() {
  std::string names;
  for (const Command& command : Commands())
    names += (names.empty() ? "" : " ") + command.name;
  return names;
}

// After an option that takes a value come files, whatever the value is: a path is most often what
// is long enough to be completed.
std::string Bash() {
  std::string script =
      "# bash completion of poolshift; load it with: source <(poolshift completion bash)\n"
      "_poolshift() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= i "
      "options= values=\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${COMP_WORDS[i]} in\n"
      "      " +
      Alternatives(GlobalOptions()) +
      ") ((i++)) ;;\n"
      "      -*) ;;\n"
      "      *) verb=${COMP_WORDS[i]}; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case $verb in\n"
      "    '') [[ $word == -* ]] && { COMPREPLY=($(compgen -W '" +
      Names(GlobalOptions(), false) +
      "' -- \"$word\")); return; }\n"
      "      COMPREPLY=($(compgen -W '" +
      VerbNames() + "' -- \"$word\")); return ;;\n    help) COMPREPLY=($(compgen -W '" +
      VerbNames() + "' -- \"$word\")); return ;;\n";
  for (const Command& command : Commands()) {
    if (command.name == "help") continue;
    const std::vector<OptionSpec> options = OptionsOf(command);
    script += "    " + command.name + ") options='" + Names(options, false) + "' values='" +
              Names(options, true) + "' ;;\n";
  }
  return script +
         "  esac\n"
         "  if [[ $word == -* && \" $values \" != *\" $before \"* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=()\n"
         "    while IFS= read -r i; do COMPREPLY+=(\"$i\"); done < <(compgen -f -- \"$word\")\n"
         "    compopt -o filenames 2>/dev/null\n"
         "  fi\n"
         "}\n"
         "complete -F _poolshift poolshift\n";
}

// In single quotes for fish and zsh.
std::string Quoted(const std::string& text) {
  return '\'' + absl::StrReplaceAll(text, {{"'", "'\\''"}}) + '\'';
}

std::string Fish() {
  std::string script =
      "# fish completion of poolshift; load it with: poolshift completion fish | source\n"
      "complete -c poolshift -n __fish_use_subcommand -f\n";
  for (const Command& command : Commands()) {
    script += "complete -c poolshift -n __fish_use_subcommand -a " + command.name + " -d " +
              Quoted(command.summary) + '\n';
    for (const OptionSpec& option : OptionsOf(command)) {
      script += "complete -c poolshift -n '__fish_seen_subcommand_from " + command.name + "' -l " +
                option.name.substr(2) + (option.value.empty() ? "" : " -r") + " -d " +
                Quoted(option.meaning) + '\n';
    }
  }
  return script;
}

// zsh reads the completions of bash.
std::string Zsh() {
  return "# zsh completion of poolshift; load it with: source <(poolshift completion zsh)\n"
         "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         Bash();
}

ExitCode RunCompletion(Session& session, const Arguments& arguments) {
  const std::string& shell = arguments.words().front();
  if (shell == "bash") {
    session.out << Bash();
  } else if (shell == "zsh") {
    session.out << Zsh();
  } else if (shell == "fish") {
    session.out << Fish();
  } else {
    return session.Fail(absl::InvalidArgumentError("there is no completion for `" + shell +
                                                   "`; there is bash, zsh and fish"));
  }
  return kExitOk;
}

}  // namespace

Command CompletionCommand() {
  Command command;
  command.name = "completion";
  command.words = "bash|zsh|fish";
  command.summary = "print what completes verbs and options in a shell";
  command.text = "Prints the completions of a shell: load them where it starts.";
  command.least_words = command.most_words = 1;
  command.examples = {"source <(poolshift completion bash)"};
  command.run = RunCompletion;
  return command;
}

}  // namespace poolshift
