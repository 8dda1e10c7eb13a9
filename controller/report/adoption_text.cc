#include "controller/report/adoption_text.h"

#include "controller/report/change.h"
#include "controller/report/page.h"

namespace poolshift {

namespace {

void AddRefusals(const Adoption& adoption, Page& page) {
  for (const Refusal& refusal : adoption.refusals) {
    page.Gap();
    page.Add("  not adopted  ", refusal.text + "; " + refusal.hint, Ink::kRed);
    page.Add("      at ", ToString(refusal.origin), Ink::kDim);
  }
  if (!adoption.marks_refused || adoption.unmarked.empty()) return;
  page.Gap();
  page.Add("  * ",
           Count(adoption.unmarked.size(), "record set") +
               " without a mark: nothing is marked while another is refused");
}

void AddLines(const Adoption& adoption, Page& page) {
  for (const AdoptionLine& line : adoption.lines) {
    page.Gap();
    page.AddUnbroken("  ", line.commit + "  # was " + line.was);
    page.Add("      at   ", ToString(line.at), Ink::kDim);
    page.Add("      seen ", line.seen, Ink::kDim);
  }
  if (adoption.lines.empty()) return;
  page.Gap();
  page.Add("After the commit ",
           "`poolshift plan` shows what the outside change has left undone. If a pool is out of "
           "service, commit that too, with its reason.");
}

void AddMarks(const Plan& marking, Page& page) {
  if (marking.actions.empty()) return;
  page.Gap();
  page.Add("Mark: ",
           Count(marking.actions.size(), "record set") + " as " + marking.organization +
               "'s; no record changes",
           Ink::kBold,
           Ink::kBold);
  for (std::size_t i = 0; i < marking.actions.size(); ++i) {
    const Action& action = marking.actions[i];
    page.Gap();
    page.Add("  " + std::to_string(i + 1) + " ~ ", action.title, Ink::kBold, Ink::kBold);
    const Value* records = action.before.Find("records");
    page.Add("      holds ",
             DisplayText(records == nullptr ? Value() : *records) + " (TTL " +
                 std::to_string(action.before.IntegerOr("ttl", 0)) + " s)");
    page.Add("      what  ",
             ToString(action.target) + " by " + action.provider + ", id" + std::string(kJoined) +
                 action.id,
             Ink::kDim);
    for (const std::string& command : action.commands)
      page.AddUnbroken("      runs  ", command);
  }
}

void AddMarkless(const Adoption& adoption, Page& page) {
  for (const Adoption::Markless& set : adoption.markless) {
    page.Gap();
    page.Add("  * ", set.id.name + " bears no mark, and none exist there: " + set.why);
  }
}

}  // namespace

std::string AdoptionText(const std::string& organization,
                         const Adoption& adoption,
                         const Plan& marking,
                         const Style& style) {
  Page page(style);
  if (!adoption.lines.empty() || !adoption.refusals.empty()) {
    page.Add("Adopt: ",
             organization + ", " + Count(adoption.lines.size(), "line") + " to commit",
             Ink::kBold,
             Ink::kBold);
  } else if (marking.actions.empty()) {
    page.Add("Nothing to adopt: ", organization + " is hosted as declared.", Ink::kGreen);
  } else {
    page.Add("No line to commit: ", organization + " is hosted as declared.", Ink::kGreen);
  }
  AddRefusals(adoption, page);
  AddLines(adoption, page);
  AddMarks(marking, page);
  AddMarkless(adoption, page);
  return page.text();
}

}  // namespace poolshift
