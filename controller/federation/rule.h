// Rule: one rule of the domain, declared once: what it says, of which form it is, when it must
// hold, and where it comes from. The table drives: clauses and gates of the planning problem are
// made in the name of a row, and a row that is switched off makes none. Refusals and differences
// cite rules by id.
#pragma once

#include <string_view>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/plan.h"

namespace poolshift {

struct Rule {
  enum class Form {
    kImplication,  // one state needs another: "the record moved" needs "the host was probed"
    kAtMost,       // of several states at most so many hold
    kAtLeast,      // of several states at least so many hold
    kExactlyOne,   // both at once: who has the SIP flag is one variable, its values sets of pools
    kWatermark,    // an implication that needs a replica to hold what was written
    kBracket,      // taken away, worked on, given back; or a window in which nothing else happens
    kGate,         // something is waited for until it is seen
    kLock,         // never two at a time
    kCheck,        // looked at before anything is planned: a refusal, a danger or a difference
  };
  enum class Severity {
    kEveryState,  // in every state that any order, crash or lost reply can lead to
    kAtRest,      // declared and, once a plan has ended, observed; on the way it may be broken
    kReadiness,   // says whether the next move can succeed
  };
  enum class Clauses {
    kMade,         // the row makes clauses or gates
    kSwitchedOff,  // it would, and is left out: for tests of the table itself
    kNone,         // it makes none; `kept` says what keeps it
  };
  // Under which declarations of `procedure` and `sipOrder` the row holds with its severity.
  enum class Scope {
    kAlways,
    kDocumented,      // `procedure: documented`
    kServeFirst,      // `procedure: serve-first`
    kOneFlag,         // every `sipOrder` but `makeBeforeBreak`
    kProtectedRoutes  // every `sipOrder` but `swapThenRoute`
  };
  std::string_view id;
  Form form;
  Severity severity;
  Clauses clauses;
  std::string_view text;       // a sentence for people
  std::string_view source;     // document and step, RFC, decision
  std::string_view kept = "";  // where no clause does: by what
  Scope scope = Scope::kAlways;
  std::string_view elsewhere = "";  // outside of its scope: what holds there
};

// Every rule, in the order of docs/rules.md.
const std::vector<Rule>& Rules();

// "implication", "at most", …
std::string_view Name(Rule::Form form);

// Requires a known id (a typo ends the program in the first test that touches it).
const Rule& RuleNamed(std::string_view id);

// Whether clauses and gates in the name of the rule become part of the problem. Requires a row that
// is not Clauses::kNone: who makes clauses for such a row contradicts the table, which ends the
// program.
bool MakesClauses(std::string_view id);

// Whether plans made under this procedure and this order of a SIP move (not kAuto) keep the rule
// with its severity. Requires a known id.
bool Holds(std::string_view id, Policy::Procedure procedure, SipOrder order);

// The rule as a reason. Requires a known id.
Reason Because(std::string_view id);

}  // namespace poolshift
