// Batch: many questions at once, from where this process runs.
#pragma once

#include <functional>
#include <vector>

#include "absl/time/time.h"

#include "providers/probe/look/looking.h"

namespace poolshift::probe {

// Called with each answer, one at a time, in the order in which they are known.
using Tell = std::function<void(const Answer&)>;

// Answers each question once, at most `eyes.at_once` side by side, all by `deadline`. A question
// that got less than `patience` is never answered with "filtered". When a target is silent and none
// of the vantage's references answers either, it is the vantage that is cut off: that is no finding
// about the target.
void LookAtAll(const Eyes& eyes,
               const std::vector<Question>& questions,
               absl::Duration patience,
               absl::Time deadline,
               const Tell& tell);

}  // namespace poolshift::probe
