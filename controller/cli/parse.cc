#include "controller/cli/parse.h"

#include <algorithm>
#include <memory>

#include "controller/model/diagnostics.h"
#include <CLI/CLI.hpp>

namespace poolshift {
namespace {

const OptionSpec* FindGlobal(const std::string& word) {
  for (const OptionSpec& option : GlobalOptions()) {
    if (option.name == word || (!option.letter.empty() && option.letter == word)) return &option;
  }
  return nullptr;
}

absl::Status UnknownOption(const Command& command, const std::string& word) {
  std::vector<std::string> names;
  for (const auto* options : {&command.options, &GlobalOptions()}) {
    for (const OptionSpec& option : *options)
      names.push_back(option.name);
  }
  const std::string name = word.substr(0, word.find('='));
  const std::string closest = ClosestName(name, names);
  return absl::InvalidArgumentError(
      command.name + ": unknown option `" + name + '`' +
      (closest.empty() ? "; `poolshift " + command.name + " --help` lists the options"
                       : "; did you mean `" + closest + "`?"));
}

absl::Status CheckWords(const Command& command, const std::vector<std::string>& words) {
  const std::string usage =
      "usage: poolshift " + command.name + (command.words.empty() ? "" : ' ' + command.words);
  if (words.size() < command.least_words) {
    return absl::InvalidArgumentError(command.name + ": something is missing; " + usage);
  }
  if (words.size() > command.most_words) {
    return absl::InvalidArgumentError(command.name + ": unexpected `" + words[command.most_words] +
                                      "`; " + usage);
  }
  return absl::OkStatus();
}

// The library's parser for one command, and where it puts what it finds.
class Parser {
 public:
  explicit Parser(const Command& command) : command_(command) {
    app_.set_help_flag("");
    app_.allow_extras();
    for (const auto* options : {&command.options, &GlobalOptions()}) {
      for (const OptionSpec& option : *options)
        Add(option);
    }
    app_.add_option("words", words_);
  }

  absl::StatusOr<Arguments> Parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());  // the library takes them last first
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ArgumentMismatch& error) {
      const std::string text = error.what();  // "--out: 1 required FILE missing"
      return absl::InvalidArgumentError(command_.name + ": " + text.substr(0, text.find(':')) +
                                        " has no value, or one that it must not have; `poolshift " +
                                        command_.name + " --help` shows it");
    } catch (const CLI::ParseError& error) {
      return absl::InvalidArgumentError(command_.name + ": " + error.what());
    }
    for (const std::string& word : app_.remaining())
      return UnknownOption(command_, word);
    Arguments arguments;
    for (auto& [name, slot] : slots_) {
      if (slot.option->count() > 0) arguments.Set(name, slot.values);
    }
    arguments.SetWords(words_);
    return arguments;
  }

 private:
  struct Slot {
    CLI::Option* option = nullptr;
    std::vector<std::string> values;
  };

  void Add(const OptionSpec& spec) {
    const std::string names = spec.letter.empty() ? spec.name : spec.letter + ',' + spec.name;
    Slot& slot = slots_[spec.name];
    if (spec.value.empty()) {
      slot.option = app_.add_flag(names);
      return;
    }
    slot.option = app_.add_option(names, slot.values)->type_name(spec.value);
    slot.option->allow_extra_args(false)->expected(1);
    slot.option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  const Command& command_;
  CLI::App app_;
  std::map<std::string, Slot> slots_;
  std::vector<std::string> words_;
};

}  // namespace

std::size_t VerbPlace(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) return i;
    const OptionSpec* option = FindGlobal(words[i]);
    if (option != nullptr && !option->value.empty()) ++i;
  }
  return words.size();
}

absl::StatusOr<Arguments> ParseArguments(const Command& command, std::vector<std::string> words) {
  absl::StatusOr<Arguments> arguments = Parser(command).Parse(std::move(words));
  if (!arguments.ok() || arguments->Has("--help")) return arguments;
  absl::Status checked = CheckWords(command, arguments->words());
  if (!checked.ok()) return checked;
  return arguments;
}

}  // namespace poolshift
