// Platform: what stands behind the providers: one target each, with revisions, conditional writes,
// fencing tokens and a ledger of idempotency keys (the order of things is the SDK's,
// providers/sdk/action_runner.cc). Each protection can be switched off, to see the checker notice.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "controller/provider/provider.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/realm.h"

namespace poolshift::simulation {

struct Protections {
  bool fencing = true;
  bool own_tokens = true;  // who raises a fence to a token that stood there is told
  bool ledger = true;
  bool compare_and_set = true;
  bool durable_intents = true;  // the disk syncs what it says that it synced
};

class Platform {
 public:
  Platform(Realm& realm, Checker& checker, const Protections& protections)
      : realm_(realm), checker_(checker), protections_(protections) {}

  // A request arrives: the answer at once, or nothing when it is now under way.
  std::optional<ApplyResult> Arrive(const std::string& provider, const ApplyRequest& request);
  // It takes effect, and the result is noted, or the provider died before it could.
  ApplyResult TakeEffect(const std::string& provider, const ApplyRequest& request, bool noted);
  // The provider dies and comes back: what was under way is not any more.
  void Restart(const std::string& provider);

  // A part of it takes effect, and nothing is noted.
  ApplyResult TakeHalfEffect(const std::string& provider, const ApplyRequest& request);

  // `sees`: the target can be looked at.
  absl::StatusOr<ApplyResult> Lookup(const std::string& provider,
                                     const std::string& key,
                                     bool sees = true);
  // Raises the fence where it is lower; the greatest token seen. 0 only asks.
  FenceAnswer Fence(const std::string& provider, const FenceClaim& claim);

 private:
  struct Entry {
    std::int64_t token = 0;
    Action action;
    std::optional<ApplyResult> result;  // nothing: begun, and interrupted unless it is running
  };
  struct Target {
    StandingFence fence;
    std::map<std::string, Entry> ledger;
    std::set<std::string> running;
  };
  std::optional<ApplyResult> Answer(const Entry& entry, const ApplyRequest& request) const;
  std::optional<ApplyResult> Settle(const Action& action) const;
  bool HoldsPrecondition(const Action& action) const;
  ApplyResult Done(const Action& action) const;

  Realm& realm_;
  Checker& checker_;
  const Protections protections_;
  std::map<std::string, Target> targets_;
};

}  // namespace poolshift::simulation
