// Effect: what the run's step function asks the outside to do. Each that has an answer carries a
// ticket, which the answering event (event.h) echoes. Actions are named by their place in
// Plan::actions.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

#include "controller/apply/event.h"
#include "controller/model/observation.h"

namespace poolshift {

// How an action stands at the end, or how it ended.
enum class ActionEnd {
  kDone,     // the effect is there (a gate: opened)
  kFailed,   // tried, and it is not there
  kNotDone,  // nothing was changed: never begun, or given up before any effect
  kInDoubt,  // called, and what became of it could not be found out; the next run settles it first
};
// "done", "failed", "not done", "in doubt".
std::string_view Name(ActionEnd end);

namespace effect {

// Make the intent durable, then answer IntentRecorded or RecordFailed. Only then will the provider
// be called.
struct RecordIntent {
  Ticket ticket = 0;
  int action = 0;
  std::string key;  // proposed; a key that already has a result on record must not be used again
};
// Make the result durable, then answer ResultRecorded or RecordFailed. Nothing that needs it starts
// before.
struct RecordResult {
  Ticket ticket = 0;
  int action = 0;
  std::string key;
  ActionEnd end = ActionEnd::kDone;
  std::string text;
  Observation observation;
};
// The same for a gate, which changes nothing and so has no intent: what it saw last.
struct RecordEvidence {
  Ticket ticket = 0;
  int action = 0;
  ActionEnd end = ActionEnd::kDone;
  std::string text;
  std::map<ObservationKey, Observation> seen;
};
// Answer: CallEnded.
struct Call {
  Ticket ticket = 0;
  int action = 0;
  std::string key;
  std::string precondition_revision;
  absl::Duration deadline;
};
// Ask the provider to give a call up. No answer of its own.
struct CancelCall {
  int action = 0;
  std::string key;
};
// Answer: LookupEnded.
struct Lookup {
  Ticket ticket = 0;
  int action = 0;
  std::string key;
  absl::Duration deadline;
};
// Answer: Observed. `provider` is a manifest name.
struct Observe {
  Ticket ticket = 0;
  int action = 0;
  std::string provider;
  std::vector<ObservationKey> keys;
  absl::Duration deadline;
};

// For people; no answer.
struct Report {
  enum class Kind { kStarted, kRemark, kWaiting, kEnded };
  Kind kind = Kind::kRemark;
  int action = 0;
  ActionEnd end = ActionEnd::kDone;  // when kEnded
  std::string text;  // remark; what a gate waits for; why it ended so ("" when plainly done)
};
// The run has ended; RunState says how. Always the last effect.
struct Finish {};

using Any = std::variant<RecordIntent,
                         RecordResult,
                         RecordEvidence,
                         Call,
                         CancelCall,
                         Lookup,
                         Observe,
                         Report,
                         Finish>;

}  // namespace effect

struct Effects {
  std::vector<effect::Any> list;                // appended to, in order
  absl::Time wake_at = absl::InfiniteFuture();  // replaced: send event::Tick then, at the latest
};

}  // namespace poolshift
