// Command: one verb of the program. The table of commands is what parses arguments, prints help and
// suggests names; a verb's own file holds its entry and its work.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/cli/exit_code.h"
#include "controller/cli/session.h"

namespace poolshift {

struct OptionSpec {
  std::string name;     // "--out"
  std::string value;    // "FILE"; empty = a switch
  std::string meaning;  // one line
  std::string letter;   // "-v", or empty
};

// What was written after the verb, checked against the verb's options.
class Arguments {
 public:
  bool Has(std::string_view option) const { return options_.contains(option); }
  // The last value given, or "".
  std::string Value(std::string_view option) const;
  // Every value given, in order.
  std::vector<std::string> Values(std::string_view option) const;
  const std::vector<std::string>& words() const { return words_; }

  void Set(const std::string& option, std::vector<std::string> values);
  void SetWords(std::vector<std::string> words) { words_ = std::move(words); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> options_;
  std::vector<std::string> words_;
};

struct Command {
  std::string name;     // "plan"
  std::string words;    // "[PATH...]"
  std::string summary;  // one line for the list of verbs
  std::string text;     // what it does, a paragraph; line ends separate paragraphs
  std::size_t least_words = 0, most_words = 0;
  std::vector<OptionSpec> options;
  std::vector<std::string> examples;  // "poolshift plan --out night.plan manifests/contoso"
  ExitCode (*run)(Session& session, const Arguments& arguments) = nullptr;
};

// No limit to the number of words.
inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

// Every verb, in the order in which people need them.
const std::vector<Command>& Commands();
const Command* FindCommand(std::string_view name);
// Options of every verb.
const std::vector<OptionSpec>& GlobalOptions();

// Parses `words` (without the program's name), runs the verb, gives the exit code.
ExitCode RunProgram(Session& session, const std::vector<std::string>& words);

}  // namespace poolshift
