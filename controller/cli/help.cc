#include "controller/cli/help.h"

#include <algorithm>

#include "controller/report/page.h"

namespace poolshift {
namespace {

std::string OptionLead(const OptionSpec& option, std::size_t width) {
  std::string lead = option.letter.empty() ? "      " : "  " + option.letter + ", ";
  lead += option.name;
  if (!option.value.empty()) lead += ' ' + option.value;
  lead.resize(std::max(width, lead.size() + 2), ' ');
  return lead;
}

void AddOptions(const std::string& title, const std::vector<OptionSpec>& options, Page& page) {
  constexpr std::size_t kColumn = 26;
  if (options.empty()) return;
  page.Gap();
  page.Add(title, "", Ink::kBold);
  for (const OptionSpec& option : options) {
    page.Add(OptionLead(option, kColumn), option.meaning);
  }
}

void AddParagraphs(const std::string& text, Page& page) {
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    page.Gap();
    page.Add("", text.substr(start, end - start));
    start = end + 1;
  }
}

}  // namespace

std::string ProgramHelp(const Style& style) {
  constexpr std::size_t kColumn = 14;
  Page page(style);
  page.Add(
      "poolshift ",
      "moves SIP and XMPP federation between Edge pools: it looks, shows the smallest safe plan, "
      "carries it out, and proves that it worked.",
      Ink::kBold);
  page.Gap();
  page.Add("Usage: ", "poolshift [OPTION...] VERB [WORD...]", Ink::kBold);
  page.Gap();
  page.Add("Verbs", "", Ink::kBold);
  for (const Command& command : Commands()) {
    std::string lead = "  " + command.name;
    lead.resize(kColumn, ' ');
    page.Add(lead, command.summary);
  }
  AddOptions("Options of every verb", GlobalOptions(), page);
  page.Gap();
  page.Add("Examples", "", Ink::kBold);
  page.AddUnbroken("  ", "poolshift plan manifests/xmpp-failover");
  page.AddUnbroken("  ", "poolshift help apply");
  return page.text();
}

std::string CommandHelp(const Command& command, const Style& style) {
  Page page(style);
  std::string usage = "poolshift " + command.name;
  if (!command.options.empty()) usage += " [OPTION...]";
  if (!command.words.empty()) usage += ' ' + command.words;
  page.Add("Usage: ", usage, Ink::kBold);
  AddParagraphs(command.text, page);
  AddOptions("Options", command.options, page);
  AddOptions("Options of every verb", GlobalOptions(), page);
  page.Gap();
  page.Add(command.examples.size() == 1 ? "Example" : "Examples", "", Ink::kBold);
  for (const std::string& example : command.examples)
    page.AddUnbroken("  ", example);
  return page.text();
}

}  // namespace poolshift
