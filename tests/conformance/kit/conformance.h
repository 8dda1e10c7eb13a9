// The conformance kit: the promises of docs/provider-protocol.md as named checks that run against
// any provider program and its real target. docs/conformance.md lists them,
// docs/write-a-provider.md shows how they are used.
//
//   RunConformance({.organization = "contoso", .reset = …, .start = …, .keys = …, .target = …,
//   .after = …});
//
// It calls `reset` before each check, so that they do not depend on each other. Failures are Google
// Test failures that name the check. Each check is a line of the output.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/provider/plugin.h"
#include "controller/provider/provider.h"

namespace poolshift::conformance {

// What a check cannot do without.
enum class Need {
  kObserver,     // a provider that cannot change anything
  kTarget,       // a resource of a kind that can be changed
  kChange,       // a target that takes the change
  kRefusal,      // a target that refuses every change
  kWayBack,      // a change that a second one takes back
  kAbsent,       // a resource that is known not to be there
  kUnreachable,  // a resource that cannot be looked at
  kHand,         // somebody who changes the target without the provider
  kOutage,       // a target that can be made silent
  kTargetFence,  // a target that refuses smaller tokens by itself
  kWeakAccount,  // credentials that may look and not change
  kSecret,       // a secret that the provider is given
};

// How a program is started.
struct Start {
  bool read_only = true;
  // The last word on what the program is told.
  std::function<void(PluginConfiguration&)> adjust = [](PluginConfiguration&) {};
};

// Everything is borrowed by the call that it is handed to.
struct Fixture {
  std::string organization;

  // Puts the target into its first state and empties the provider's state directory.
  std::function<void()> reset;

  // Starts the provider on what is there: its state directory outlives it. Must call `adjust` on
  // its configuration.
  std::function<absl::StatusOr<std::unique_ptr<Provider>>(const Start&)> start;

  // Resources that can be looked at, some present, perhaps some absent.
  std::vector<ObservationKey> keys;

  // A resource that the provider can change, and how (`after` null: delete it). It must differ from
  // its first state. No target: the provider only observes.
  ResourceId target;
  Value after;

  // What the target answers to every change, where it takes none: Unimplemented, PermissionDenied.
  absl::StatusCode refuses = absl::StatusCode::kOk;

  // Whether a second change leads from `after` to the first state again.
  bool way_back = true;

  std::optional<ObservationKey> absent;
  std::optional<ObservationKey> unreachable;

  // The target as somebody sees it who does not ask the provider. Optional.
  std::function<std::string()> witness;

  // Changes the target, to something else than `after`.
  std::function<void()> by_hand;

  // The target is silent from one to the other, and as before then. Whoever asks meanwhile waits so
  // long.
  struct Outage {
    std::function<void()> begin, end;
    absl::Duration patience = absl::Seconds(3);
  };
  Outage outage;

  // The target refuses smaller tokens, whoever sends them (`fenced` in Describe).
  bool fenced = false;

  // Gives the program credentials that may look at the target and not change it.
  std::function<void(PluginConfiguration&)> weak_account;

  // Texts that no output may hold, and all that the program has logged so far.
  std::vector<std::string> secrets;
  std::function<std::string()> log;

  // Ends the running programs at once, as a crash does. Nothing: kills the plugins of this process.
  std::function<void()> kill;

  // Why something is not offered. What is neither offered nor explained fails the run.
  std::map<Need, std::string> without;

  // Nothing: all. For further kinds of a provider that is held against every check elsewhere.
  std::set<std::string> topics = {};

  // For a change, and for a look.
  absl::Duration patience = absl::Seconds(20);
};

struct Tally {
  int ran = 0, left_out = 0;
};

// Runs every check that the fixture's target can take part in, a line each, and says which were
// left out and why.
Tally RunConformance(const Fixture& fixture);

// For tests of a provider's own: one observation, and the request that changes `fixture.target`
// from `seen`.
Observation LookAt(Provider& provider, const ObservationKey& key);
ApplyRequest RequestFrom(const Fixture& fixture,
                         const Observation& seen,
                         std::string key,
                         std::int64_t token);

}  // namespace poolshift::conformance
