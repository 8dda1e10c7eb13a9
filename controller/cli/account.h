// Account: what a verb that carries a plan out says on stdout: a text for people, or with --json
// one JSON object a line (docs/run-events.md).
#pragma once

#include "controller/cli/command.h"
#include "controller/engine/run.h"
#include "controller/report/drift_report.h"
#include "controller/report/run_report.h"

namespace poolshift {

class Account {
 public:
  // `session` is borrowed.
  Account(const Session& session, const Arguments& arguments)
      : session_(session), json_(arguments.Has("--json")) {}

  bool json() const { return json_; }
  void Planned(const Plan& plan) const;
  // `why` is the sentence that the outcome of RunPlan gives, "" when all was done.
  void Ended(const Plan& plan, const RunOutcome& outcome, const RunReport& report) const;
  void Proved(const DriftReport& report) const;
  // A sentence of its own.
  void Said(std::string_view text) const;
  // Always the last; gives the code back.
  ExitCode Finished(ExitCode code) const;

 private:
  const Session& session_;
  const bool json_;
};

}  // namespace poolshift
