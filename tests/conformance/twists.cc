#include "tests/conformance/twists.h"

#include <utility>

namespace poolshift::conformance {

Twister Apply(Applying apply) {
  return [apply](Backstage&, const Start&) { return Twist{.apply = apply}; };
}

Twister Altered(std::function<void(ApplyRequest&)> alter) {
  return Apply([alter](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
    alter(request);
    return honest.Apply(request, progress);
  });
}

Twister Answered(std::function<void(ApplyResult&)> alter) {
  return Apply(
      [alter](Provider& honest, const ApplyRequest& request, const ProgressSink& progress) {
        ApplyResult result = honest.Apply(request, progress);
        alter(result);
        return result;
      });
}

void SayDone(ApplyResult& result) {
  if (!result.status.ok()) result = ApplyResult{};
}

Observation Now(Provider& provider, const ResourceId& id) {
  auto seen = provider.Observe({{id, ""}}, absl::Seconds(20));
  return seen.ok() ? seen->front() : Observation();
}

Twist Stubborn(Backstage& stage, const Start&) {
  return {.apply = [&stage](Provider& honest, ApplyRequest request, const ProgressSink& progress) {
    const auto known = stage.memory.find(request.key);
    if (known != stage.memory.end()) return known->second;
    return stage.memory[request.key] = honest.Apply(request, progress);
  }};
}

Twister LookedUp(LookingUp lookup) {
  return [lookup](Backstage&, const Start&) { return Twist{.lookup = lookup}; };
}

absl::StatusOr<ApplyResult> AlwaysDone(Provider&, const std::string&) { return ApplyResult{}; }
absl::StatusOr<ApplyResult> NeverFound(Provider&, const std::string&) {
  return absl::NotFoundError("never begun");
}

}  // namespace poolshift::conformance
