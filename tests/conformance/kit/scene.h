// Scene: what one check plays on: the target in its first state, a provider program on it, and what
// an independent witness sees. One thread; programs started beside each other may be used from
// several.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/kit/conformance.h"

namespace poolshift::conformance {

// The target as the provider and the witness see it.
struct Standing {
  Observation seen;
  std::string witness;
};

class Scene {
 public:
  // `fixture` is borrowed. Resets the target.
  explicit Scene(const Fixture& fixture);

  const Fixture& fixture() const { return fixture_; }

  // Ends the running program and starts another one on the same state. Throws std::runtime_error
  // when it does not start.
  Provider& Write(const Start& start = {});
  Provider& Read(const Start& start = {});
  // Beside the running one.
  std::unique_ptr<Provider> Beside(bool read_only, const Start& start = {}) const;
  absl::StatusOr<std::unique_ptr<Provider>> Try(const Start& start) const;
  void Leave() { provider_.reset(); }

  // As a crash ends it: nothing is tidied up.
  void Kill() const;

  Provider& provider() const { return *provider_; }

  Observation Look() const { return LookAt(provider(), {fixture_.target, ""}); }
  Observation LookAt(Provider& provider, const ObservationKey& key) const;
  std::vector<Observation> LookAtAll(const std::vector<ObservationKey>& keys) const;
  Standing Stand() const { return {Look(), Witness()}; }
  std::string Witness() const { return fixture_.witness ? fixture_.witness() : ""; }

  // The target is as it was then.
  void ExpectUntouched(const Standing& before) const;
  // The target shows the change.
  void ExpectChanged() const;
  // What is there is what the result says: changed, untouched, or anything when it does not know.
  void ExpectTruth(const Standing& before, const ApplyResult& result) const;
  // A refusal: not done, known to have changed nothing, in words.
  static void ExpectRefused(const ApplyResult& result);

  ApplyRequest Request(const Observation& seen, std::string key, std::int64_t token) const;
  ApplyResult Apply(const Observation& seen, std::string key, std::int64_t token) const {
    return provider().Apply(Request(seen, std::move(key), token), nullptr);
  }
  ApplyResult Apply(const ApplyRequest& request) const {
    return provider().Apply(request, nullptr);
  }
  // Leads back from `after` to what was seen before it.
  ApplyRequest WayBack(const Observation& first, std::string key, std::int64_t token) const;
  // Another precondition than anything has.
  static std::string Stale() { return std::string(64, '0'); }

  // After a request whose end is not known: asks until it has ended, expects that what is told is
  // so, and that the target can be brought to where it was wanted.
  void ExpectSettles(const Standing& before, const ApplyRequest& request) const;

  // The schema of the target's kind, or of another. Throws when it is not served.
  KindSchema SchemaOf(const std::string& kind) const;

  // Of the programs that this scene starts, once one was started.
  const std::string& state_directory() const { return state_directory_; }

  // A file that no command of ours makes, and whether somebody made it.
  const std::string& mark() const { return mark_; }
  bool IsMarked() const;

 private:
  const Fixture& fixture_;
  const std::string mark_;
  mutable std::string state_directory_;
  std::unique_ptr<Provider> provider_;
};

// Equal in all that a plan is made from.
void ExpectSame(const Observation& before, const Observation& now);

}  // namespace poolshift::conformance
