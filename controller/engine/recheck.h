// Whether what a plan is about to change is still as it was when the plan was made (guarantee G9).
// The targets are looked at again, and what the plan's rules join to them (Plan::rests_on), not
// everything that planning read; the provider compares the target once more at each action.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/engine/run.h"

namespace poolshift {

class Recheck {
 public:
  // `plan` and `options` are borrowed.
  Recheck(const Plan& plan, const RunOptions& options);

  // The providers that the plan writes to, or that are asked.
  std::set<std::string> Concerned() const;

  // One line for each target that moved: "SiteRoute/Site1: xmpp=edge1.contoso.net →
  // xmpp=edge3.contoso.net". Empty: go. Unavailable when one could not be looked at: then nothing
  // may be concluded.
  absl::StatusOr<std::vector<std::string>> Moved(const RunContext& context) const;

 private:
  struct Question {
    ObservationKey key;
    const Action* action = nullptr;  // the first one on this target; null: none changes it
    std::string revision;            // expected, "" = absent
  };
  static std::string Line(const Question& question, const Observation& seen);
  static absl::Status Compare(const std::vector<Question>& questions,
                              const std::vector<Observation>& seen,
                              std::vector<std::string>& moved);

  const Plan& plan_;
  const absl::Duration deadline_;
  std::map<std::string, std::vector<Question>> questions_;  // by provider
};

}  // namespace poolshift
