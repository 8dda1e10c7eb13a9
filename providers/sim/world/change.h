// What happens when somebody changes the simulated platform: the rules of the real one (domain.md
// §c, §g.8).
#pragma once

#include <string>
#include <vector>

#include "controller/model/plan.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

struct ChangeResult {
  enum class Verdict {
    kDone,
    kConflict,  // `before` is not what is there; nothing changed
    kFailed,    // the platform refused; nothing changed, but for EdgeComponents as `message` says
    kUnreachable,  // the server did not answer; nothing changed, may be tried again
  };
  Verdict verdict = Verdict::kDone;
  std::string message;                // what, where, what to do next; empty when done
  std::vector<std::string> warnings;  // what the platform prints although it does it
};

// Carries out one action at `now`. `before` and `after` are compared and set member by member:
// members that they do not name stay as they are.
ChangeResult Apply(World& world, const Action& action, absl::Time now);

// The change ends with Enable-CsTopology.
bool EndsWithEnabling(const Action& action);
// Of such a change: what was written stays, and is not enabled.
void LeaveHalfDone(World& world, const Action& action);

// Writes down what has happened by itself until `now`. The world shows the same afterwards.
void Settle(World& world, absl::Time now);

// Lets everything take its course after something changed at `now` by other means than Apply
// (edit.h).
void TakeCourse(World& world, absl::Time now);

// ---- parts of Apply, after the checks that all kinds share. `after`: the whole writable value
// wanted. ----
ChangeResult ChangeTopology(World& world, const Action& action, absl::Time now);
ChangeResult ChangeSiteRoute(World& world,
                             const Action& action,
                             const Value& after,
                             absl::Time now);
ChangeResult ChangeEnablement(World& world);
ChangeResult ChangeEdgeAssociation(World& world,
                                   const Action& action,
                                   const Value& after,
                                   absl::Time now);
ChangeResult ChangeCentralStore(World& world, const Value& after, absl::Time now);
ChangeResult ChangePoolFailover(World& world, const Action& action, const Value& after);
ChangeResult ChangeEdgeService(World& world, const Action& action, const Value& after);
ChangeResult ChangeEdgeComponents(World& world,
                                  const Action& action,
                                  const Value& after,
                                  absl::Time now);
ChangeResult ChangeStreams(World& world, const Action& action, const Value& after, absl::Time now);
ChangeResult ChangeFence(World& world, const Action& action, const Value& after, absl::Time now);
ChangeResult ChangeDnsRecordSet(World& world,
                                const Action& action,
                                const Value& after,
                                absl::Time now);

ChangeResult Refused(std::string message);
ChangeResult ServerUnreachable(std::string_view server);

}  // namespace poolshift::sim
