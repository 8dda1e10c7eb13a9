// Provider: everything the controller can ask of a platform. Implementations: a plugin process
// behind gRPC (plugin.h), a person (manual.h), and decorators that check or retry.
//
// Thread-safe: the engine calls one provider from several threads. Every call returns by its
// deadline; an implementation that cannot says DEADLINE_EXCEEDED. Each error status names the
// provider and what to do next.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/exported_file.h"
#include "controller/model/fence_claim.h"
#include "controller/model/kind_schema.h"
#include "controller/model/listed.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"

namespace poolshift {

struct ProviderDescription {
  std::string type;               // "sim", "dns"
  std::string version;            // of the program
  std::vector<KindSchema> kinds;  // what it serves
  bool fenced = false;  // rejects smaller fencing tokens at the target, not only in the plugin
  std::vector<std::string> remarks;  // for people: "unfenced: content hash only"
  bool exports = false;              // Export works
};

struct ApplyRequest {
  std::string organization;
  std::string key;         // idempotency key: digest(organisation, resource, verb, before, after)
  std::int64_t token = 0;  // fencing token, grows with every lease
  Action action;
  absl::Duration deadline = absl::Minutes(2);
};

// What became of an action. `status` OK = the effect is there, `observation` shows it.
// FAILED_PRECONDITION = compare-and-set failed, nothing changed; ABORTED = fenced, nothing changed;
// UNAVAILABLE with effect_unknown = the answer was lost: settle with Lookup under the same key.
struct ApplyResult {
  absl::Status status;
  bool effect_unknown = false;
  bool retryable = false;  // the provider declares: the same key may be sent again
  Observation observation;
  std::int64_t token = 0;  // from Lookup: of the request that it became of; 0 = not known
};

using ProgressSink = std::function<void(std::string_view line)>;

// Whether what Lookup found is of a request with this token. The same change has the same key at
// another time, and in a store that was begun anew nobody remembers that.
inline bool IsOfAnother(const ApplyResult& found, std::int64_t token) {
  return found.token != 0 && found.token != token;
}

class Provider {
 public:
  virtual ~Provider() = default;

  virtual absl::StatusOr<ProviderDescription> Describe() = 0;

  // Observations in the order of `keys`; one per key. The call fails only when the provider as a
  // whole could not answer; a single resource that could not be looked at is an observation with
  // Presence::kUnreachable.
  virtual absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                           absl::Duration deadline) = 0;

  // Every entity of the organisation that the platform knows, each once, in any order.
  // Unimplemented: this provider cannot know what there is.
  virtual absl::StatusOr<std::vector<Listed>> List(absl::Duration deadline) {
    (void)deadline;
    return absl::UnimplementedError("this provider cannot list what there is");
  }

  // Saves the configuration that its writes could spoil, as files from which a person can put it
  // back. Changes nothing. Unimplemented: this provider cannot.
  virtual absl::StatusOr<std::vector<ExportedFile>> Export(absl::Duration deadline) {
    (void)deadline;
    return absl::UnimplementedError("this provider cannot export its configuration");
  }

  // The exact commands that each action will run, without running anything. One list per action,
  // same order.
  virtual absl::StatusOr<std::vector<std::vector<std::string>>> Preview(
      const std::vector<Action>& actions, absl::Duration deadline) = 0;

  virtual ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) = 0;

  // Raises the fence at the target to the claim's token where it is lower, and nothing else:
  // whoever comes with a smaller token changes nothing from then on. PermissionDenied: our
  // credentials do not reach so far.
  virtual absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) {
    (void)claim;
    (void)deadline;
    return FenceAnswer{};
  }

  // What became of a key: a result, or NOT_FOUND when the provider never began it.
  virtual absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) = 0;

  // Asks the provider to give up a running Apply at a safe point. Does not wait.
  virtual void Cancel(const std::string& key) = 0;
};

}  // namespace poolshift
