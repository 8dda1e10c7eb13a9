// ActionRunner: everything around a service's Apply that must hold for every provider: idempotency
// keys, fencing tokens, compare-and-set, one action at a time on each resource, settling of what a
// crash interrupted, cancellation.
//
// An action goes: token admitted → earlier record of the key answered or settled → fresh look →
// precondition compared → "begun" on disk → Apply → result checked by a look → result on disk.
// Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "providers/sdk/ledger.h"
#include "providers/sdk/service.h"
#include "providers/sdk/witness.h"

namespace poolshift::sdk {

struct Order {
  std::string key;
  std::int64_t token = 0;
  Action action;
};

// A call that can be told to give up.
class CancellableCall : public Call {
 public:
  void Cancel() { cancelled_ = true; }
  bool cancelled() const override { return cancelled_; }

 private:
  std::atomic<bool> cancelled_ = false;
};

class ActionRunner {
 public:
  // All borrowed.
  ActionRunner(Service& service, const Witness& witness, Ledger& ledger)
      : service_(service), witness_(witness), ledger_(ledger) {}

  Result Run(const Order& order, CancellableCall& call);

  struct Found {
    Result result;
    ResourceId target;       // empty when only the target knew
    std::int64_t token = 0;  // of the request; 0 = not known
  };
  // What became of a key. NotFound: never begun. What was interrupted and shows no effect is waited
  // for as long as the service says that an effect can be late.
  absl::StatusOr<Found> Lookup(const std::string& key, absl::Time deadline);

  // Raises the fence, here and at the target, to `token` where it is lower. The greatest token
  // seen; 0 only asks.
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Time deadline);

  // Unknown keys are ignored: the action may just have ended.
  void Cancel(const std::string& key);
  void CancelAll();

 private:
  class Turn;
  using Record = provider::v1::LedgerRecord;

  bool IsRunning(const std::string& key);
  static Found StillRuns();
  Result RunInTurn(const Order& order, CancellableCall& call);
  // A result when the earlier record of this key is the answer; nothing when the action is to be
  // carried out.
  std::optional<Result> Answer(const Order& order,
                               const Record& record,
                               const Observation& now,
                               absl::Time deadline);
  std::optional<Result> Settle(const std::string& key,
                               const Action& action,
                               const Observation& now,
                               absl::Time deadline);
  Result CarryOut(const Order& order, CancellableCall& call);
  Result Confirm(const Action& action, Result result, absl::Time deadline);
  absl::Status Note(const Order& order, const Result* result);

  Service& service_;
  const Witness& witness_;
  Ledger& ledger_;
  const absl::Time started_ = absl::Now();  // what an earlier process began ended before

  std::mutex mutex_;
  std::condition_variable turn_ended_;
  std::map<std::string, CancellableCall*> running_;  // by key
  std::set<ResourceId> busy_;
};

}  // namespace poolshift::sdk
