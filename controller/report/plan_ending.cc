#include "controller/report/plan_ending.h"

#include <algorithm>
#include <set>
#include <string>

#include "controller/federation/kinds.h"
#include "controller/federation/no_return.h"
#include "controller/report/bound_text.h"
#include "controller/report/change.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

// Of a plan for which time comes first.
void AddTimeCertificate(const Certificate& certificate, const std::string& states, Page& page) {
  const std::string time = DurationText(certificate.makespan) + " by declared estimates, ";
  if (certificate.time_method == "bound") {
    page.Add("Fastest: ", time + "no safe plan takes less.", Ink::kBold);
  } else if (certificate.time_method == "search") {
    page.Add(
        "Fastest: ", time + "no safe plan takes less (by search of " + states + ").", Ink::kBold);
  } else if (!certificate.time_method.empty()) {
    page.Add("Not proven fastest: ",
             time + "no safe plan takes less than " + DurationText(certificate.least_time) + '.',
             Ink::kBold);
  }
}

void AddCertificate(const Plan& plan, Page& page) {
  const Certificate& certificate = plan.certificate;
  const std::string count =
      Count(static_cast<std::size_t>(std::max(0, certificate.actions)), "action");
  const std::string bound = "lower bound " + BoundSum(certificate);
  const std::string states =
      Count(static_cast<std::size_t>(std::max<std::int64_t>(0, certificate.states)), "state");
  page.Gap();
  AddTimeCertificate(certificate, states, page);
  if (certificate.method == "bound") {
    page.Add("Minimal: ", count + ", no safe plan has fewer (" + bound + ").", Ink::kBold);
  } else if (certificate.method == "search" && !certificate.time_method.empty()) {
    page.Add("Minimal: ",
             count + ", no safe plan that takes as little time has fewer (" + bound + ").",
             Ink::kBold);
  } else if (certificate.method == "search") {
    page.Add("Minimal: ",
             count + ", no safe plan has fewer (by search of " + states + ", " + bound + ").",
             Ink::kBold);
  } else {
    page.Add(
        "Not proven minimal: ", count + ", " + bound + ", " + states + " examined.", Ink::kBold);
  }
}

// What must answer before the way back is gone: the dead hosts that the plan names, and those that
// it leads to otherwise, which it does not know; "" when nothing dead is left by the plan.
std::string Awaited(const Plan& plan) {
  std::set<std::string> dead;
  for (const Situation& situation : plan.situations)
    if (situation.name == "failover" && !situation.from.empty()) dead.insert(situation.from);
  const bool leads_elsewhere =
      std::any_of(plan.actions.begin(), plan.actions.end(), [](const Action& action) {
        return action.target.kind == kinds::kEdgeAssociation;
      });
  if (dead.empty()) return leads_elsewhere ? "any dead pool that it leads to" : "";
  std::string text;
  for (const std::string& pool : dead)
    text += (text.empty() ? "" : ", ") + pool;
  return text + " and any other dead pool that it leads to";
}

std::vector<ActionId> WithReason(const Plan& plan, std::string (*reason)(const Action&)) {
  std::vector<ActionId> ids;
  for (const Action& action : plan.actions) {
    if (!reason(action).empty()) ids.push_back(action.id);
  }
  return ids;
}

// From where a way back leads to all that was, and what ends that.
void AddBackOut(const Plan& plan, const ActionNumbers& numbers, Page& page) {
  if (plan.mutations() == 0) return;
  const std::vector<ActionId> lost = WithReason(plan, NoReturn);
  const std::vector<ActionId> losing = WithReason(plan, ReturnLoses);
  std::string text = "from every step there is a way back";
  if (!lost.empty())
    text = "until #" + std::to_string(numbers.at(lost.front())) + " begins there is a way back";
  const std::string awaited = Awaited(plan);
  if (!awaited.empty()) text += ", once " + awaited + " can answer again";
  page.Add("Back-out: ", text + " (`poolshift plan --back-out`).", Ink::kBold);
  for (const ActionId& id : losing) {
    const Action& action = plan.actions[numbers.at(id) - 1];
    page.Add("  * ",
             "once #" + std::to_string(numbers.at(id)) +
                 " is done, the way back has a point of no return itself: " + ReturnLoses(action) +
                 '.');
  }
  if (lost.empty()) return;
  page.Add("  * ",
           "what " + NumbersText(lost, numbers) + (lost.size() == 1 ? " does" : " do") +
               " cannot be taken back; `--back-out --after N` shows whether the rest can.");
}

void AddForward(const Plan& plan, Page& page) {
  if (plan.mutations() == 0) return;
  page.Add("Forward again: ",
           "leave the declaration as it is; `poolshift plan` leads on from what is observed then.",
           Ink::kBold);
}

void AddOutcome(const Plan& plan, Walk walk, Page& page) {
  if (plan.phase == kPrepare) {
    page.Add("After: ", "what will be true", Ink::kBold);
    page.Add("  * ", "Nothing has moved. The records that will move are forgotten sooner.");
    return;
  }
  bool first = true;
  for (const Situation& situation : plan.situations) {
    if (situation.to.empty() || situation.name == "unknown") continue;
    if (first) page.Add("After: ", "what will be true", Ink::kBold);
    first = false;
    page.Add("  * ",
             ProtocolText(situation.protocol) + " federation of " + plan.organization +
                 " is hosted by " + situation.to + '.');
  }
  std::set<std::string_view> left;
  for (const LeftOut& each : plan.left_out) {
    if (!left.insert(each.part).second) continue;
    if (first) page.Add("After: ", "what will be true", Ink::kBold);
    first = false;
    page.Add("  * ", "As it was, because it is left out: " + each.part + '.');
  }
  if (first) return;
  if (!plan.left_out.empty()) {
    page.Add("  * ", "Another look still finds what is left out; plan again when it can be seen.");
    return;
  }
  page.Add("  * ",
           walk == Walk::kBack ? "With the former declaration, another look finds nothing to do."
                               : "Another look finds nothing to do.");
}

}  // namespace

std::string ProtocolText(const std::string& protocol) {
  std::string text = protocol;
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return text;
}

void AddEnding(const Plan& plan,
               const ActionNumbers& numbers,
               std::string_view measured,
               Walk walk,
               Page& page) {
  if (plan.actions.empty() || !plan.refusals.empty()) return;
  AddCertificate(plan, page);
  AddTimes(plan, numbers, measured, page);
  if (walk == Walk::kBack) {
    AddForward(plan, page);
  } else {
    AddBackOut(plan, numbers, page);
  }
  AddOutcome(plan, walk, page);
}

}  // namespace poolshift
