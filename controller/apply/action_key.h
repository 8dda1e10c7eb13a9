// The idempotency key of an action: the name under which a provider remembers what became of it.
#pragma once

#include <string>
#include <string_view>

#include "controller/model/plan.h"

namespace poolshift {

// Digest of organisation, resource, verb, revision before and value after, so that the same step of
// a plan made again keeps its key and an answer that was lost can be asked for. `before_revision`
// is the revision that is sent as precondition.
std::string ActionKey(std::string_view organization,
                      const Action& action,
                      std::string_view before_revision);

}  // namespace poolshift
