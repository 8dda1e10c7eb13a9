// Explanation: why something is in a plan, or is not: from the line that declares it over the
// difference and the rule to the action, with sources. Pure and deterministic.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/report/style.h"

namespace poolshift {

// Why one action directly waits for another: what would be wrong otherwise.
struct Wait {
  ActionId earlier, later;
  std::optional<Reason> rule;  // the rule that would be broken; absent: it is not possible yet
  std::vector<std::string>
      state;  // as far as it would be wrong: "the pool that has the SIP flag is edgepool1"
};

// What an explanation draws from. Borrowed.
struct Explained {
  const Organization& organization;
  const ObservedState& observed;
  const Plan& plan;
  // The shortest chain of waits from the earlier action to the later one; empty when they are free.
  std::function<std::vector<Wait>(const ActionId& earlier, const ActionId& later)> waits;
};

// An action or gate: declared by, differs in, rule, waits for what and why, who waits for it, runs.
std::string ExplainAction(const Explained& from, const Action& action, const Style& style);

// A rule by id: text, source, where this plan uses it. Nothing when there is no such rule.
std::optional<std::string> ExplainRule(const Explained& from,
                                       const std::string& id,
                                       const Style& style);

// An Edge pool, site, Front End pool or domain by manifest name, FQDN or "Kind/name": declared,
// observed, its part in the plan. Nothing when there is none.
std::optional<std::string> ExplainEntity(const Explained& from,
                                         const std::string& name,
                                         const Style& style);

// A resource ("SiteRoute/Site1") that was looked at: its actions, or why there is none. Nothing
// when it was not looked at.
std::optional<std::string> ExplainResource(const Explained& from,
                                           const std::string& name,
                                           const Style& style);

// A source document by number ("004"): its rules, how the plan accounts for its steps, its actions;
// a fault of these ("F5") or a decision ("D20"): the same of what is corrected or done because of
// it. Nothing when the plan has nothing of it.
std::optional<std::string> ExplainDocument(const Explained& from,
                                           const std::string& id,
                                           const Style& style);

// How it is known that no plan is smaller, or faster: the lower bound, share by share, with the
// rules that make one dearer; what a search added; what bounds the time.
std::string ExplainCertificate(const Explained& from, const Style& style);

// What would come of another host, beside what is declared.
struct OtherHost {
  std::string pool;  // manifest name
  bool sip = false, xmpp = false;
  Plan plan;  // with that pool declared in place of the host
};
std::string ExplainOtherHost(const Explained& from, const OtherHost& other, const Style& style);

// An explanation for programs, from its text as a style without colours and of any width lays it
// out: {"format_version", "asked", "facts": [{"label", "text"}]}; what has no label is a heading.
std::string ExplanationJson(const std::string& asked, std::string_view text);

// Why what is asked ("edgepool2 is stopped") is no action of the plan: what the plan notes about
// such steps, and the rule. Nothing when it notes nothing.
std::optional<std::string> ExplainNotDone(const Explained& from,
                                          const std::string& asked,
                                          const Style& style);

// Why `first` does not come before `second`, or that it does, or may.
std::string ExplainOrder(const Explained& from,
                         const Action& first,
                         const Action& second,
                         const Style& style);

// Every name that can be asked for: for "did you mean".
std::vector<std::string> Explainable(const Explained& from);

}  // namespace poolshift
