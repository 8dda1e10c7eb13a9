// Service: what the author of a provider writes. The SDK does the rest: handshake, gRPC server,
// read-only mode, batching, deadlines, idempotency keys, fencing tokens, compare-and-set on
// revisions, scrubbing of logs.
//
//   class Thermostat : public sdk::Service { ... };
//   int main(int argc, char** argv) { return sdk::Serve(argc, argv, [] { return
//   std::make_unique<Thermostat>(); }); }
//
// docs/write-a-provider.md walks through a whole one; docs/provider-protocol.md says what both
// sides promise.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/exported_file.h"
#include "controller/model/fence_claim.h"
#include "controller/model/kind_schema.h"
#include "controller/model/listed.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "controller/model/secret_ref.h"

namespace poolshift::sdk {

// What the controller says once, first.
struct Configuration {
  std::string organization;
  std::string provider_name;  // manifest name, for messages
  Value configuration;        // of the manifest, a map
  std::map<std::string, SecretRef> secrets;
  std::string state_directory;  // 0700, this provider's own
  std::string base_directory;   // where relative paths of the configuration begin
  std::vector<std::string> vantages;
  bool read_only = false;  // fixed at launch: Apply is never called
};

struct Description {
  std::string type;
  std::string version;
  std::vector<KindSchema> kinds;
  bool fenced = false;
  std::vector<std::string> remarks;
  bool exports = false;  // Export is written
  // Computed properties that a change may name all the same: "DnsRecordSet.owner".
  std::vector<std::string> settable = {};
};

enum class Outcome {
  kDone,
  kConflict,
  kFenced,
  kFailed,
  kEffectUnknown,
  kCancelled,
  kPermission,
  kUnsupported,
};

struct Result {
  Outcome outcome = Outcome::kFailed;
  std::string message;  // what, where, what to do next; empty when done
  bool retryable = false;
  Observation observation;  // after the action; the SDK fills `revision`
};

// One Apply in progress. Thread-safe.
class Call {
 public:
  virtual ~Call() = default;
  virtual void Progress(std::string_view line) = 0;
  virtual bool cancelled()
      const = 0;  // the controller asked to give up, or its deadline has passed
  virtual absl::Time deadline() const = 0;
};

// Methods are called from several threads at once, except Configure, which is called once before
// all others.
class Service {
 public:
  virtual ~Service() = default;

  // Every fault of the configuration, in words; empty = ready.
  virtual std::vector<std::string> Configure(const Configuration& configuration) = 0;

  virtual Description Describe() = 0;

  // One observation per key, same order. Must not change anything. The SDK fills `revision`.
  virtual std::vector<Observation> Observe(const std::vector<ObservationKey>& keys,
                                           absl::Time deadline) = 0;

  // Every entity of the organisation that the target knows, each once (docs/kinds.md, "What can be
  // listed"). Must not change anything. A target that cannot tell leaves this as it is.
  virtual absl::StatusOr<std::vector<Listed>> List(absl::Time deadline) {
    (void)deadline;
    return absl::UnimplementedError("it cannot list what there is");
  }

  // What writes could spoil, as files from which a person can put it back. Must not change
  // anything. For those who say so in their description.
  virtual absl::StatusOr<std::vector<ExportedFile>> Export(absl::Time deadline) {
    (void)deadline;
    return absl::UnimplementedError("it cannot export its configuration");
  }

  // The exact commands that Apply would run. Must not change anything.
  virtual std::vector<std::string> Preview(const Action& action) = 0;

  // Carries one action out. The SDK has already: answered a repeated key with its recorded result,
  // rejected a smaller token, and compared the precondition revision with a fresh Observe. A
  // provider whose target can compare-and-set or fence does so again there, and returns kConflict
  // or kFenced.
  virtual Result Apply(const Action& action,
                       std::string_view key,
                       std::int64_t token,
                       Call& call) = 0;

  // What became of a key that the SDK's own record does not answer (it crashed while it ran).
  // Absent = never begun, as far as the target can tell.
  virtual std::optional<Result> Lookup(std::string_view key) {
    (void)key;
    return std::nullopt;
  }

  // For how long a change that was interrupted (its deadline passed, the program was killed) can
  // still take effect at the target: a command that a server was given runs on without us. Until
  // then a target that is as it was before proves nothing, and the SDK waits with its answer.
  virtual absl::Duration late_effects() const { return absl::ZeroDuration(); }

  // Raises the fence of the target itself to the claim's token where it is lower; token 0 only
  // asks, and must not change anything. StandingFence has the rules. A target that cannot refuse
  // smaller tokens leaves this as it is. PermissionDenied: it may not be raised with our
  // credentials.
  virtual absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Time deadline) {
    (void)claim;
    (void)deadline;
    return FenceAnswer{};
  }
};

using Factory = std::function<std::unique_ptr<Service>()>;

// Runs until the controller goes away. Returns the exit status of the program. Started by hand
// (without a controller) it prints what it is and how it is used, and returns 2.
int Serve(int argc, char** argv, const Factory& factory);

}  // namespace poolshift::sdk
