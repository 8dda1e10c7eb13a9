#include "controller/report/adoption_text.h"

#include "controller/report/change.h"
#include "controller/report/page.h"

namespace poolshift {

std::string AdoptionText(const std::string& organization,
                         const Adoption& adoption,
                         const Style& style) {
  Page page(style);
  if (adoption.lines.empty() && adoption.refusals.empty()) {
    page.Add("Nothing to adopt: ", organization + " is hosted as declared.", Ink::kGreen);
  } else {
    page.Add("Adopt: ",
             organization + ", " + Count(adoption.lines.size(), "line") + " to commit",
             Ink::kBold,
             Ink::kBold);
  }
  for (const Refusal& refusal : adoption.refusals) {
    page.Gap();
    page.Add("  not adopted  ", refusal.text + "; " + refusal.hint, Ink::kRed);
    page.Add("      at ", ToString(refusal.origin), Ink::kDim);
  }
  for (const AdoptionLine& line : adoption.lines) {
    page.Gap();
    page.AddUnbroken("  ", line.commit + "  # was " + line.was);
    page.Add("      at   ", ToString(line.at), Ink::kDim);
    page.Add("      seen ", line.seen, Ink::kDim);
  }
  if (!adoption.lines.empty()) {
    page.Gap();
    page.Add("After the commit ",
             "`poolshift plan` shows what the outside change has left undone. If a pool is out of "
             "service, commit that too, with its reason.");
  }
  if (!adoption.unmarked.empty()) {
    std::string names;
    for (const ResourceId& id : adoption.unmarked)
      names += (names.empty() ? "" : ", ") + id.name;
    page.Gap();
    page.Add("  * ",
             "records without an owner's mark: " + names +
                 "; the provider `dns` takes them with the first change where `adopt` lets it");
  }
  return page.text();
}

}  // namespace poolshift
