// Readiness: what would stand in the way if a pool died now, although it may be mended today, by
// day. A plan can exist and its successor still not be ready: a certificate that ends next week, a
// TTL of a day, a partner that does not look at DNS.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/federation/supposition.h"
#include "controller/model/diagnostics.h"
#include "controller/model/observation.h"

namespace poolshift {

struct Shortfall {
  bool to_know = false;  // nothing to mend, but somebody has to know: a partner to call
  std::string topic;     // one or two words for a table: "certificate", "TTL", "next hop"
  std::string text;      // a sentence
  std::string hint;      // what to do about it
  std::string rule;      // "I-13", may be empty
  Origin origin;         // the manifest line behind it, if any
  auto operator<=>(const Shortfall&) const = default;
};

// `supposed` is SupposeDead(): who hosts what after the death. `observed` is the world as it is, so
// that what the drill itself makes unreachable is not held against anybody. `now` is what
// certificates are measured by. Without double lines, in the order of importance.
std::vector<Shortfall> FindShortfalls(const Organization& supposed,
                                      const ObservedState& observed,
                                      const Supposition& supposition,
                                      absl::Time now);

}  // namespace poolshift
