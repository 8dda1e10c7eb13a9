// What differs from the declaration, since when, how bad it is, who saw it, and what would mend it:
// for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/diagnostics.h"
#include "controller/model/plan.h"
#include "controller/model/resource_id.h"
#include "controller/model/value.h"
#include "controller/report/style.h"

namespace poolshift {

// One look at the resource of a difference.
struct DriftSight {
  std::string vantage;   // "" = the provider's own view
  std::string provider;  // manifest name
  Presence presence = Presence::kUnreachable;
  absl::Time at = absl::InfinitePast();
  std::string reason;  // why it could not look, or a remark
};

// What a plan made now would do about a difference.
struct DriftSuggestion {
  struct Step {
    ActionId id;
    Verb verb = Verb::kUpdate;
    std::string title;
    std::string provider;
    bool human = false;
    bool needs_approval = false;
  };
  std::vector<Step> actions;  // in order; empty: `none` says why
  std::size_t first = 0;      // further actions of the plan that come before the last of these
  std::string none;
  // It decides who hosts (D13): it is never healed without a person, who may also adopt it.
  bool designation = false;
};

// A person has said that this difference is known.
struct DriftAcknowledgement {
  std::string who, reason;
  absl::Time at = absl::InfinitePast();
  absl::Time until = absl::InfinitePast();
};

// One difference. (The stages do not know each other; the caller copies it from a `Difference`.)
struct DriftEntry {
  ResourceId resource;
  std::string vantage;       // usually empty
  std::string property;      // "" = the whole resource
  Value declared, observed;  // null = absent
  bool looked = true;        // false: nobody could look, and `observed` says nothing
  std::string impact;        // "traffic is affected", "redundancy is lost", "cosmetic", "unknown"
  std::string text;          // a sentence
  std::string rule;
  Origin origin;            // the declaring manifest line
  std::string fingerprint;  // the same difference in another report has the same
  absl::Time first_seen = absl::InfinitePast();    // infinite past: not recorded
  absl::Time last_in_sync = absl::InfinitePast();  // infinite past: never seen so
  std::vector<DriftSight> sights = {};             // one for each vantage that was asked
  DriftSuggestion suggestion = {};
  std::optional<DriftAcknowledgement> acknowledged = {};
};

struct DriftReport {
  std::string organization;
  absl::Time looked_at;
  std::vector<DriftEntry> entries;  // worst first
  std::string commit = {};          // of the manifests, when they lie in a repository
  // Seen before and not gone, as far as is known: this time nobody could look. Entries of an
  // earlier report, as it was kept.
  std::vector<DriftEntry> not_looked = {};

  // How many entries are.
  std::size_t acknowledged() const;
  // Nothing differs that nobody has acknowledged, and nothing from before could not be looked at.
  bool is_clear() const;
};

// Begins "No drift." or "Drift: N differences".
std::string DriftText(const DriftReport& report, const Style& style);

// The version that its JSON starts with, as json_text.h says.
inline constexpr const char* kDriftFormatVersion = "1.2";

// docs/drift.md; docs/drift.schema.json.
std::string DriftJson(const DriftReport& report);

}  // namespace poolshift
