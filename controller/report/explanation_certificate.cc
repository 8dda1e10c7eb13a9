#include <algorithm>
#include <map>

#include "controller/federation/rule.h"
#include "controller/report/action_text.h"
#include "controller/report/bound_text.h"
#include "controller/report/change.h"
#include "controller/report/explanation.h"
#include "controller/report/explanation_lead.h"
#include "controller/report/page.h"

namespace poolshift {
namespace {

std::string Lead(std::string_view label) { return ExplanationLead(label); }

// By its id: a clause may say more than the row of the table, a certificate names the row.
std::string Ruled(const std::string& id) {
  const auto rule = std::find_if(
      Rules().begin(), Rules().end(), [&](const Rule& known) { return known.id == id; });
  return rule == Rules().end() ? id : id + ", " + std::string(rule->text);
}

void AddShare(const BoundShare& share, Page& page) {
  page.Add(Lead("share"), std::to_string(share.actions) + " for " + ShareText(share));
  if (share.alone == share.actions) return;
  page.Add(Lead(""),
           std::to_string(share.alone) +
               " would do, but no order keeps the rules with so few; it takes " +
               std::to_string(share.actions) + " because of");
  for (const std::string& rule : share.rules)
    page.Add(Lead(""), Ruled(rule));
}

std::string Conclusion(const Certificate& certificate) {
  const std::string actions = Count(static_cast<std::size_t>(certificate.actions), "action");
  if (certificate.method == "bound")
    return "the plan has " + actions + ", as many as the bound: no safe plan has fewer";
  const std::string states =
      Count(static_cast<std::size_t>(std::max<std::int64_t>(0, certificate.states)), "state");
  if (certificate.method == "search")
    return "the plan has " + actions + ": what the bound does not know was searched exactly, " +
           states + ", and no safe plan has fewer";
  return "the plan has " + actions + "; the search ended after " + states +
         ", so that a safe plan with fewer may exist";
}

// The lock under which actions take longest, one at a time.
void AddTime(const Plan& plan, Page& page) {
  const Certificate& certificate = plan.certificate;
  page.Add(Lead("time"),
           DurationText(certificate.makespan) + " by estimates; no order of these actions takes " +
               "less than " + DurationText(certificate.makespan_bound));
  page.Add(Lead(""), "longest chain of waits: " + DurationText(certificate.critical_path));
  std::map<std::string, absl::Duration> by_lock;
  for (const Action& action : plan.actions) {
    for (const std::string& lock : action.locks)
      by_lock[lock] += action.duration;
  }
  const auto longest =
      std::max_element(by_lock.begin(), by_lock.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      });
  if (longest != by_lock.end())
    page.Add(Lead(""),
             "longest turn, one action at a time under the lock " + longest->first + ": " +
                 DurationText(longest->second));
  if (!certificate.time_method.empty())
    page.Add(Lead(""),
             "no safe plan at all takes less than " + DurationText(certificate.least_time) + " (" +
                 certificate.time_method + ')');
}

}  // namespace

std::string ExplainCertificate(const Explained& from, const Style& style) {
  Page page(style);
  page.Add("Certificate of ", "the plan of " + from.plan.organization, Ink::kBold, Ink::kBold);
  if (!from.plan.refusals.empty()) {
    page.Add(Lead("none"), "the plan is refused: " + from.plan.refusals.front().text);
    return page.text();
  }
  const Certificate& certificate = from.plan.certificate;
  page.Add(Lead("bound"), "every plan has at least " + BoundSum(certificate));
  for (const BoundShare& share : certificate.shares)
    AddShare(share, page);
  page.Add(Lead("adds up"), "no action works for two shares; gates and waits are free");
  page.Add(Lead("so"), Conclusion(certificate));
  page.Add(Lead("checked"),
           "the shares and their sum were reckoned anew from what is declared and observed, by "
           "code that the planner does not share");
  if (!from.plan.actions.empty()) AddTime(from.plan, page);
  return page.text();
}

}  // namespace poolshift
