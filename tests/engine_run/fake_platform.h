// FakePlatform: a provider over a pretended platform in this process: things with a state, a record
// of keys, fencing, compare-and-set, and faults by plan. With a file it survives the death of its
// process.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "controller/provider/provider.h"

namespace poolshift {

enum class Mishap {
  kNone,
  kBusy,        // error before the effect, may be sent again
  kRefused,     // error before the effect
  kLostBefore,  // the answer is lost, no effect
  kLostAfter,   // the answer is lost after the effect
  kKillBefore,  // the whole process dies before the effect
  kKillAfter,   // the whole process dies after the effect
};

class FakePlatform final : public Provider {
 public:
  explicit FakePlatform(std::string file = "");

  absl::StatusOr<ProviderDescription> Describe() override;
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override;
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration deadline) override;
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override;
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override;
  void Cancel(const std::string& key) override;

  // The pretended platform, from outside.
  void Set(const std::string& thing, const std::string& state);
  std::string Get(const std::string& thing);
  int effects();  // that all calls have had
  int calls();
  int cancels();
  std::map<std::string, std::deque<Mishap>> mishaps;  // by thing, one a call; set before the run
  std::function<void(const std::string& thing)>
      on_call;  // in the calling thread, before anything else
  int failing_lookups = 0;
  absl::Status fence_fault;  // of every Fence
  bool doubts = false;       // a lookup finds that it runs no more, and cannot say what it left
  bool gone = false;         // its program has ended: it sees nothing and knows nothing
  int looks = 0;             // that were asked for
  std::string unreachable;   // this thing cannot be looked at
  std::string works_on;      // a lookup finds that the key of this thing's latest call still runs

 private:
  Observation See(const ResourceId& id);
  ApplyResult Effective(const ApplyRequest& request);
  void Load();
  void Save(const std::string& thing, const std::string& key);

  std::mutex mutex_;
  const std::string file_;
  std::map<std::string, std::string> things_;
  std::map<std::string, std::string> remembered_;  // key → thing
  std::map<std::string, std::string> latest_key_;  // by thing, of its calls
  StandingFence fence_;
  int effects_ = 0, calls_ = 0, cancels_ = 0;
};

// A plan that sets things one after another from "off" to "on".
Plan ChainOf(const std::vector<std::string>& things);
// One action; `from` and `to` are states.
Action Switch(const std::string& thing, const std::string& from, const std::string& to);

}  // namespace poolshift
