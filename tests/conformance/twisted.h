// Twisted: the example provider behind a layer that can be told to break one promise. Without a
// twist the layer is honest, and adds what the example's target does not have: a fence, an account
// that may only look, a secret; or it only observes, or refuses every change.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/conformance/kit/conformance.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift::conformance {

enum class Nature { kChanges, kObserves, kRefuses };

// What a test and all programs of one check share. Thread-safe where it is used from threads.
class Backstage {
 public:
  void Reset();

  // The target behind everybody's back.
  void Put(const std::string& content) { scratch.Write("zone/xmpp.contoso.com,A", content); }
  std::string Content() const { return scratch.Read("zone/xmpp.contoso.com,A"); }
  bool IsChanged() const { return Content() == "60\n203.0.113.21\n"; }

  // 0, 1, 2, …
  int Next();

  const Scratch scratch;
  StandingFence fence;  // of the target
  int number = 0;
  bool flag = false;
  std::string log;
  std::map<std::string, ApplyResult> memory;
  std::mutex mutex;
};

// Hooks of one program. Each stands in the place of the call and may hand it on to the honest one.
struct Twist {
  using Seen = absl::StatusOr<std::vector<Observation>>;
  using Commands = absl::StatusOr<std::vector<std::vector<std::string>>>;

  std::function<void(PluginConfiguration&)> configured = {};  // after the fixture's last word
  std::function<void(ProviderDescription&)> described = {};
  std::function<void(const std::vector<ObservationKey>&, std::vector<Observation>&)> observed = {};
  std::function<Seen(Provider&, const std::vector<ObservationKey>&, absl::Duration)> observe = {};
  std::function<Commands(Provider&, const std::vector<Action>&)> preview = {};
  std::function<ApplyResult(Provider&, ApplyRequest, const ProgressSink&)> apply = {};
  std::function<absl::StatusOr<FenceAnswer>(Provider&, const FenceClaim&)> fence = {};
  std::function<absl::StatusOr<ApplyResult>(Provider&, const std::string&)> lookup = {};
  std::function<void(Provider&, const std::string&)> cancel = {};
  std::function<absl::StatusOr<std::vector<Listed>>()> list = {};
  std::function<absl::StatusOr<std::vector<ExportedFile>>()> exporting = {};
  bool read_only_writes = false;
  bool fences = true;
  bool checks_secrets = true;
  bool keeps_weak_account_out = true;
};

// Made anew for each program that is started.
using Twister = std::function<Twist(Backstage&, const Start&)>;

// A fixture of the kit on the twisted provider; `backstage` is borrowed.
Fixture TwistedFixture(Backstage& backstage, Nature nature, const Twister& twister);

// With nothing in it.
Observation Seen(Presence presence, std::string reason = "");

inline constexpr char kPlantedSecret[] = "canary-secret-of-the-kit-0123456789";

}  // namespace poolshift::conformance
