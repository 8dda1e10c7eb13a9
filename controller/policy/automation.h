// What a controller that runs by itself may do with a plan, and what it waits for. docs/serve.md.
// Pure: the time, the time zone, and what people have said are arguments.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/federation/organization.h"
#include "controller/model/plan.h"

namespace poolshift {

// Why there is a plan at all.
struct Cause {
  // Nothing that is declared has changed since the organisation was last as declared: the world
  // has.
  bool drift_only = false;
  // What the world has changed, whatever was declared since.
  std::set<ResourceId> drifted;

  bool IsDrift(const ResourceId& id) const { return drift_only || drifted.contains(id); }
};
// "commit", "drift", "commit and drift".
std::string_view Name(const Cause& cause);

// What one person said about one plan.
struct Word {
  std::string digest;  // of the plan: PlanDigest()
  std::string who;
  bool agrees = true;
  std::string reason;
  std::set<std::string> also;  // "KIND/NAME": what may lose data and is agreed to as well (I-22)
  absl::Time at = absl::UnixEpoch();
};

// Nothing is begun within its scope.
struct Pause {
  std::string id;     // "p3"
  std::string scope;  // "" = everything, a Site name or a kind
  std::string who, reason;
  absl::Time since = absl::UnixEpoch(), until = absl::UnixEpoch();
};

// Break-glass: windows and freezes do not hold until then.
struct BreakGlass {
  std::string who, reason;
  absl::Time since = absl::UnixEpoch(), until = absl::UnixEpoch();
};

// All that people have said and that still holds.
struct Voices {
  std::vector<Word> words;  // oldest first
  std::vector<Pause> pauses;
  std::vector<BreakGlass> openings;
};

struct Ruling {
  enum class Kind {
    kNothing,   // there is nothing to do
    kRefused,   // by a rule or a limit: see the reasons
    kReport,    // the policy only tells
    kPaused,    // a person has paused it
    kRejected,  // a person has said no to this plan
    kApproval,  // waits for people
    kTime,      // waits for a window, or for the end of a freeze
    kGo,
  };
  Kind kind = Kind::kNothing;
  Automation::Mode mode = Automation::Mode::kReport;  // that counts for the whole plan
  std::vector<std::string> reasons;                   // sentences
  int approvals_missing = 0;
  absl::Time not_before = absl::InfinitePast();  // kTime; infinite future: nobody knows
  std::vector<Word> agreed;                      // who agreed and still counts, each person once
};
// "nothing to do", "refused", "reports", "paused", "rejected", "waits for approval", "waits",
// "goes".
std::string_view Name(Ruling::Kind kind);

struct Question {
  const Organization& organization;
  const Plan& plan;
  std::string digest;  // PlanDigest(plan)
  const Cause& cause;
  const Voices& voices;
  absl::Time now;
  // A former run of this very plan that failed, as "run 12"; "" = there is none.
  std::string failed;
  // The automation's; null when it is not known here, and then a freeze never ends.
  const absl::TimeZone* zone = nullptr;
};

// A plan is carried out whole or not at all, so the strictest of its actions counts.
Ruling Judge(const Question& question);

// Whether taking back what was changed outside would take back a decision who hosts (D13): of every
// kind that says so, and of a record set that leads to another declared pool than it should.
bool IsHosting(const Organization& organization,
               const ResourceId& id,
               const Value& seen,
               const Value& declared);

}  // namespace poolshift
