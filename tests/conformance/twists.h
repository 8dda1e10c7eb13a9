// Twists: how several of the broken providers are made.
#pragma once

#include <functional>
#include <string>

#include "tests/conformance/twisted.h"

namespace poolshift::conformance {

using Applying = std::function<ApplyResult(Provider&, ApplyRequest, const ProgressSink&)>;
using LookingUp = std::function<absl::StatusOr<ApplyResult>(Provider&, const std::string&)>;

Twister Apply(Applying apply);
// The request is changed on its way.
Twister Altered(std::function<void(ApplyRequest&)> alter);
// The result is changed on its way back.
Twister Answered(std::function<void(ApplyResult&)> alter);
void SayDone(ApplyResult& result);

// Answers a key for ever as the first time, whatever became of it.
Twist Stubborn(Backstage& stage, const Start& start);

Twister LookedUp(LookingUp lookup);
absl::StatusOr<ApplyResult> AlwaysDone(Provider& inner, const std::string& key);
absl::StatusOr<ApplyResult> NeverFound(Provider& inner, const std::string& key);

// What is there.
Observation Now(Provider& provider, const ResourceId& id);

}  // namespace poolshift::conformance
