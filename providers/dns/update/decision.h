// Deciding, without any I/O: whether an action may happen to what the primary holds, and the update
// that does it.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "controller/model/plan.h"
#include "providers/dns/update/guard.h"
#include "providers/dns/update/record_set.h"
#include "providers/dns/update/settings.h"
#include "providers/sdk/service.h"

namespace poolshift::dns {

// What an action asks for. `zone` is borrowed from the settings.
struct Intent {
  const Zone* zone = nullptr;
  std::optional<RecordSet> before, after;  // nullopt = absent
  Mark mark;  // organisation, name, type, action; owns = something stays
  std::int64_t token = 0;
  bool adopts = false;  // `after` names an owner: only the mark is set, the records stay
};

// Invalid argument, in words, when the action cannot be one of ours: its name, zone, verb or
// records.
absl::StatusOr<Intent> ReadIntent(const Settings& settings, const Action& action);

// What the primary held when it was asked.
struct Snapshot {
  std::optional<RecordSet> set;
  Guard guard;
};

struct Decision {
  enum class Kind { kSend, kAlreadyDone, kRefuse };
  Kind kind = Kind::kRefuse;
  UpdateMessage update;                          // of kSend
  sdk::Outcome outcome = sdk::Outcome::kFailed;  // of kRefuse
  std::string message;                           // of kRefuse
};

// Fence first, then ownership, then compare, as docs/dns-provider.md explains.
Decision Decide(const Intent& intent, const Snapshot& snapshot);

// The update alone, for a snapshot that has been decided upon. Without the guard when the zone is
// not owned.
UpdateMessage Compose(const Intent& intent, const Snapshot& snapshot);

}  // namespace poolshift::dns
