#include "controller/cli/manual_page.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_split.h"

#include "controller/cli/command.h"

namespace poolshift {
namespace {

// Text that is shown as it is: no request at the beginning of a line, no escape, no hyphenation.
std::string Plain(std::string_view text) {
  std::string plain;
  if (text.starts_with('.') || text.starts_with('\'')) plain += "\\&";
  for (const char letter : text) {
    if (letter == '\\') {
      plain += "\\e";
    } else if (letter == '-') {
      plain += "\\-";
    } else if (letter == '\'') {
      plain += "\\(aq";
    } else if (letter == '`') {
      plain += "\\(ga";
    } else {
      plain += letter;
    }
  }
  return plain;
}

std::string Options(const std::vector<OptionSpec>& options) {
  std::string page;
  for (const OptionSpec& option : options) {
    page += ".TP\n.B " + Plain(option.name);
    if (!option.letter.empty()) page += ", " + Plain(option.letter);
    if (!option.value.empty()) page += " \\fI" + Plain(option.value) + "\\fR";
    page += '\n' + Plain(option.meaning) + '\n';
  }
  return page;
}

std::string Section(const Command& command) {
  std::string page = ".SS poolshift " + Plain(command.name);
  if (!command.options.empty()) page += " [OPTION...]";
  if (!command.words.empty()) page += ' ' + Plain(command.words);
  page += '\n';
  bool first = true;
  for (const std::string& paragraph :
       std::vector<std::string>(absl::StrSplit(command.text, '\n'))) {
    if (!std::exchange(first, false)) page += ".PP\n";
    page += Plain(paragraph) + '\n';
  }
  page += Options(command.options);
  page += ".PP\n.nf\n";
  for (const std::string& example : command.examples)
    page += "    " + Plain(example) + '\n';
  return page + ".fi\n";
}

constexpr std::string_view kExitCodes =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\ndone; nothing to do\n"
    ".TP\n.B 1\nsomething failed\n"
    ".TP\n.B 2\nthere are changes, differences, or something is not ready\n"
    ".TP\n.B 10\nfaults in the manifests, a file or the arguments\n"
    ".TP\n.B 11\nsomething is not trusted\n"
    ".TP\n.B 12\nrefused by a rule, or an approval is missing; nothing was changed\n"
    ".TP\n.B 13\nthe world moved, or the plan was used before; make a new one\n"
    ".TP\n.B 14\na gate did not open, or a provider did not answer in time\n"
    ".TP\n.B 130\nstopped by a person\n";

}  // namespace

std::string ManualPage(const std::string& version) {
  std::string page =
      ".TH POOLSHIFT 1 \"\" \"poolshift " + Plain(version) +
      "\" \"User Commands\"\n.SH NAME\npoolshift \\- move SIP and XMPP federation between Edge "
      "pools, by plan\n.SH SYNOPSIS\n.B poolshift\n[OPTION...] VERB [WORD...]\n.SH DESCRIPTION\n"
      "Looks at an organisation, shows the smallest safe plan that makes it as declared, carries "
      "it out, and proves that it worked.\n.SH OPTIONS OF EVERY VERB\n" +
      Options(GlobalOptions()) + ".SH VERBS\n";
  for (const Command& command : Commands())
    page += Section(command);
  return page + std::string(kExitCodes);
}

}  // namespace poolshift
