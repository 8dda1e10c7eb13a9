// Event: what has happened outside, as the run's step function is told. One value for each answer
// to an effect (effect.h), echoing its ticket; an answer whose ticket is no longer awaited is
// ignored.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/model/observation.h"

namespace poolshift {

using Ticket = std::int64_t;

// What became of a call to a provider. The same promises as ApplyResult of provider.h.
struct CallResult {
  absl::Status
      status;  // OK: the effect is there; FAILED_PRECONDITION: the world changed; ABORTED: fenced
  bool effect_unknown = false;  // the answer was lost
  bool retryable = false;       // nothing changed, and the same key may be sent again
  Observation observation;      // after the action, when OK
};

namespace event {

struct Begin {};  // first, once
struct Tick {};   // the time that Effects::wake_at named has come
struct Cancel {   // first: start nothing more. Second: wait for nothing more
};

struct IntentRecorded {
  Ticket ticket = 0;
  std::string
      key;  // under which the provider must be called: the store may have replaced the proposed one
};
struct ResultRecorded {
  Ticket ticket = 0;
};
struct RecordFailed {  // of an intent or a result
  Ticket ticket = 0;
  absl::Status status;
};
struct CallEnded {
  Ticket ticket = 0;
  CallResult result;
};
// NOT_FOUND: the provider never began this key. A result with effect_unknown: it has not finished.
struct LookupEnded {
  Ticket ticket = 0;
  absl::StatusOr<CallResult> result = absl::UnknownError("");
};
// One observation per key asked, in that order; or why the provider as a whole could not answer.
struct Observed {
  Ticket ticket = 0;
  absl::StatusOr<std::vector<Observation>> observations = absl::UnknownError("");
};

}  // namespace event

using Event = std::variant<event::Begin,
                           event::Tick,
                           event::Cancel,
                           event::IntentRecorded,
                           event::ResultRecorded,
                           event::RecordFailed,
                           event::CallEnded,
                           event::LookupEnded,
                           event::Observed>;

}  // namespace poolshift
