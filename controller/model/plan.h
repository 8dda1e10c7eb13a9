// Plan: the ordered actions that lead from what is observed to what is declared, with the reason
// for each, the notes that account for the source page's steps, and the certificate of minimality.
//
// A Plan is a value: made by the planner, completed once with the providers' commands (Preview),
// then never changed. `actions` is in topological order: each after everything in its `needs`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/diagnostics.h"
#include "controller/model/observation.h"
#include "controller/model/resource_id.h"
#include "controller/model/value.h"

namespace poolshift {

enum class Verb { kCreate, kUpdate, kDelete, kStart, kStop, kGate };

// One character: + ~ - > . ? (architecture: "Symbols"). An action that a person carries out is
// shown as '!'.
char Symbol(Verb verb);
// "create", "update", "delete", "start", "stop", "gate".
std::string_view Name(Verb verb);

// From content (target, verb, before, after): stays when unrelated things change. "a" or "g" (gate)
// and 16 hexadecimal digits: of 100,000 actions, two share one in 1 plan of 3 billion (8: 2 of 3).
using ActionId = std::string;

// Why an action is there, or why it waits: a rule of the domain, in a sentence, with its source.
struct Reason {
  std::string rule;    // "I-10", "D8", "goal"
  std::string text;    // a sentence for people
  std::string source;  // "004 step 4", "RFC 2782", "I-10" (docs/rules.md)
  auto operator<=>(const Reason&) const = default;
};

// One thing that must be observed for a gate to open.
struct Expectation {
  enum class Compare {
    kEquals,           // property == value
    kAtLeast,          // integer property >= value
    kAtLeastProduced,  // integer property >= the greatest `watermark` among the results of
                       // Gate::produced_by
    kAmong,            // a list, not empty, of nothing but items of `value`; or a text among them
  };
  ObservationKey subject;
  std::string property;
  Compare compare = Compare::kEquals;
  Value value;
  bool operator==(const Expectation&) const = default;
};

// A gate opens when, after `hold` has passed, `quorum` of its expectations hold in `consecutive`
// looks in a row (0 = all of them). It fails at `timeout`, naming the expectations that lagged.
//
// What is expected of one resource from several vantages holds when at least `vantages_required` of
// them see all of it (0 = every one; D3). A vantage that cannot look counts neither way.
//
// A gate may be a person's work (Action::human): then `commands` say what to do meanwhile, and it
// counts as an action.
struct Gate {
  std::vector<Expectation> expectations;
  std::vector<ActionId> produced_by;  // sorted; what kAtLeastProduced compares with
  int quorum = 0;
  int vantages_required = 0;
  int consecutive = 1;
  absl::Duration hold = absl::ZeroDuration();  // a wait of known length (a TTL)
  absl::Duration timeout = absl::Minutes(15);  // domain.md c.10: G1 default
  absl::Duration interval = absl::Seconds(1);  // between looks
  // What was seen counts for so long: a change that relies on it and is called later looks again
  // first (docs/lifecycle-of-an-apply.md).
  absl::Duration evidence = absl::InfiniteDuration();
  bool operator==(const Gate&) const = default;
};

// A change that an action makes besides its own.
struct JointChange {
  ResourceId target;
  Value before, after;  // as Action's
  bool operator==(const JointChange&) const = default;
};

struct Action {
  ActionId id;
  Verb verb = Verb::kUpdate;
  ResourceId target;
  std::string title;                  // one line for people: "route XMPP of Site1 to edgepool2"
  std::string provider;               // manifest name of the provider that carries it out
  bool human = false;                 // a person carries it out; done when observation agrees (D17)
  bool needs_approval = false;        // data loss or not reversible (I-22)
  Value before, after;                // writable properties; null = absent
  std::string precondition_revision;  // of `before` as observed: compare and set
  std::vector<ActionId> needs;        // direct predecessors only, sorted
  // Gates before it that a rule joins to it and whose evidence grows old (Gate::evidence), sorted:
  // they are looked at once more when it is called later. Of a change only.
  std::vector<ActionId> relies = {};
  std::vector<Reason> why;
  std::vector<std::string> commands;  // exactly what will run, from the provider's Preview
  std::vector<std::string> locks;  // resources held while it runs: "cms", "server:…", "zone:…"
  absl::Duration duration = absl::Seconds(5);  // estimate
  std::optional<Gate> gate;                    // set exactly when verb is kGate
  // Of one human action that changes several things at once: all that is not `target`. It is done
  // when all of it is observed. Empty for every other action.
  std::vector<JointChange> also;
  // How, where a kind has more than one way: words of docs/kinds.md, such as "disaster".
  std::vector<std::string> modes;
  std::vector<std::string> sources;  // "004 step 3"
};

// Whether it only looks or waits: a gate that is nobody's work. All else counts as an action.
bool IsFree(const Action& action);

// How one step of a source page was treated.
struct Note {
  // kBefore: by hand, before the plan is carried out. kFollowUp: by hand, afterwards.
  enum class Treatment { kDone, kMoved, kNotNeeded, kCorrected, kFollowUp, kBefore };
  std::string document;  // "004"
  std::string step;      // "3"
  Treatment treatment = Treatment::kDone;
  std::string fault;  // "F5" when corrected, else ""
  std::string text;
  std::vector<ActionId> actions;
  std::vector<std::string> commands;  // of kBefore and kFollowUp: exactly what to run
};
// "done", "moved", "not needed", "corrected", "follow-up", "before".
std::string_view Name(Note::Treatment treatment);

// One of the rules that cannot hold together, and the manifest line that brings it in.
struct Demand {
  Reason rule;
  Origin origin;  // empty when no line stands behind it
};

// A plan that should not be: names the rule and says what to do.
struct Refusal {
  std::string rule;
  std::string text;
  std::string hint;  // the line to commit, the thing to look at
  std::string source;
  Origin origin;  // the manifest line behind it, if any
  std::vector<Demand> demands =
      {};  // that cannot all be met (P8); leave out any one and a plan exists
};

// A part of what is declared that the plan leaves as it is, because something that it depends on
// could not be looked at (docs/decisions/0038-left-out.md).
struct LeftOut {
  std::string part;  // "XMPP federation", "conferencing of frontend1"
  Refusal because;   // what was not seen, and what to do; as it would refuse this part alone
};

// What comes first of two plans that are both safe; the other decides among equals.
enum class Objective { kFewestActions, kLeastTime };

// What every plan must pay for one part of the problem: variables that some action changes
// together. No action works for two parts, so that the shares of all of them add up.
struct BoundShare {
  // A variable of the part that is not yet as it must become, in the problem's words.
  struct Goal {
    std::string variable, from, to;
    bool operator==(const Goal&) const = default;
  };
  std::vector<Goal> goals;
  int actions = 0;  // so many at least
  int alone = 0;    // so many would do if no rule stood against any step
  // Rules (ids, sorted) that make the difference: these alone, and none of them can be spared.
  std::vector<std::string> rules;
  bool operator==(const BoundShare&) const = default;
};

struct Certificate {
  int actions = 0;          // mutating ones, human ones included; gates are free
  int lower_bound = 0;      // sum of refined distances of the problem's independent groups
  std::string method;       // "bound" (bound == actions), "search" (exact), "unproven"
  std::int64_t states = 0;  // examined
  // Time, by the actions' own estimates, gates and waits included. The bound is the greatest of the
  // critical path, the sum of durations under one lock, and the sum over all by parallelism.
  absl::Duration critical_path = absl::ZeroDuration();  // longest chain of `needs`
  absl::Duration makespan_bound = absl::ZeroDuration();
  absl::Duration makespan = absl::ZeroDuration();  // of this order, one at a time under each lock
  // With kLeastTime, else empty: how it is known that no plan takes less time: "bound" (makespan ==
  // least_time, which the problem's rules demand), "search" (exact), "unproven". `method` then
  // speaks of the plans that take as little time.
  std::string time_method = {};
  absl::Duration least_time = absl::ZeroDuration();  // no plan takes less
  std::vector<BoundShare> shares = {};  // how `lower_bound` adds up; none of a part that is free
};

// What was concluded about one protocol, with its evidence (D3).
struct Situation {
  std::string protocol;  // "sip" or "xmpp"
  std::string name;      // "steady", "failover", "planned move", "failback", … (plan-json.md)
  std::string from, to;  // Edge pools by manifest name; `from` empty when none hosts it
  std::string evidence;  // a sentence
};

// One of several ways that the domain knows was taken: which, why, and why none of the others.
struct Choice {
  struct Alternative {
    std::string name;
    std::string why_not;  // a sentence
  };
  std::string subject;  // "order of the SIP move"
  std::string chosen;   // "atomic"
  std::string why;      // a sentence
  std::vector<Alternative> alternatives;
};

struct Plan {
  std::string organization;
  std::string phase;  // "" (whole), "prepare" or "cut-over": parts of a planned move (D18)
  std::vector<Situation> situations;
  std::vector<Choice> choices;
  std::vector<Action> actions;
  std::vector<Note> notes;
  std::vector<Refusal> refusals;  // not empty: no action may run
  std::vector<LeftOut> left_out;  // a plan that changes nothing has some on a way back only
  Diagnostics warnings;
  Certificate certificate;
  // What the plan read: each observation's revision ("" = absent). Sorted. A saved plan is stale
  // when one moved.
  std::vector<std::pair<ObservationKey, std::string>> basis;
  // Of the basis, what the plan's order rests on: what its rules join to what it changes. Looked at
  // once more before the first change, together with the targets; the rest of the basis may move.
  // Sorted. It follows from the plan, so that it is no part of its digest.
  std::vector<ObservationKey> rests_on;

  int mutations() const;
  int gates() const;
  bool empty() const { return actions.empty() && refusals.empty(); }
};

// The id of an action from its content.
ActionId MakeActionId(Verb verb, const ResourceId& target, const Value& before, const Value& after);

// SHA-256 over everything that decides what will happen, commands included. Approval binds to it.
std::string PlanDigest(const Plan& plan);

}  // namespace poolshift
