// What the store keeps of drift and of drills. It is no part of the chained journal: it decides
// nothing that is done to the world.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace poolshift {

// One difference of one look. The texts are for the history; they hold no secrets.
struct DriftSighting {
  std::string fingerprint;
  std::string resource;  // "SiteRoute/Site1"
  std::string property;
  std::string impact;
  std::string text;      // a sentence
  std::string declared;  // "edgepool2.contoso.com (organization.yaml:5:12)"
  std::string observed;
  bool looked = true;  // false: the resource could not be looked at
};

struct DriftPeriod {
  absl::Time first_seen = absl::InfinitePast();
  absl::Time last_seen = absl::InfinitePast();
  absl::Time gone = absl::InfiniteFuture();        // the first look that did not see it any more
  absl::Time last_in_sync = absl::InfinitePast();  // the last look before it that did not see it
};

struct DriftAcknowledged {
  std::string who, reason;
  absl::Time at = absl::InfinitePast();
  absl::Time until = absl::InfinitePast();
};

struct DriftRecord {
  DriftSighting last;                // as it was seen last
  std::vector<DriftPeriod> periods;  // oldest first, at least one
  DriftAcknowledged acknowledged;    // `until` infinite past: it is not
  bool is_open() const { return periods.back().gone == absl::InfiniteFuture(); }
  bool is_acknowledged(absl::Time now) const { return acknowledged.until > now; }
};

struct DriftSeen {
  std::map<std::string, DriftRecord> open;  // of this look, by fingerprint
  std::vector<DriftRecord> appeared;        // that were not open before
  std::vector<DriftRecord> gone;            // that this look has ended
  std::vector<DriftRecord> not_looked;      // still open, because nobody could look
};

struct DrillRecord {
  absl::Time at = absl::InfinitePast();
  std::string report;  // its JSON; empty: there is none
};

}  // namespace poolshift
