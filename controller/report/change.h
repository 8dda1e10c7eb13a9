// Change: one property of a resource that an action changes, as people read it ("ttl: 3600 → 300").
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/plan.h"

namespace poolshift {

struct Change {
  std::string
      property;  // "records", "edgepool1.contoso.net / federation"; "" = the value as a whole
  Value before, after;  // null = absent
};

// The properties in which two values differ, members of maps one by one, sorted by name.
std::vector<Change> Changes(const Value& before, const Value& after);

// "ttl: 3600 → 300"; only the present side when the other is absent.
std::string ToString(const Change& change);

// "5s", "2m 10s", "1h 5m", rounded up to a second: an estimate for people.
std::string DurationText(absl::Duration duration);

// "2026-11-21 03:04:05Z", or "never" for the infinite past.
std::string TimeText(absl::Time time);

// Each action's number in the plan's text, from 1. The ids are borrowed from the plan.
using ActionNumbers = std::unordered_map<std::string_view, std::size_t>;
ActionNumbers Numbers(const Plan& plan);

// "1 action", "2 actions".
std::string Count(std::size_t count, std::string_view noun);

// Where a rule can be read: "I-2, 004 step 3", or one of the two when the other says no more.
std::string SourceText(std::string_view rule, std::string_view source);

// What a gate waits to see, a line for each resource: "Reachability/203.0.113.21/5269: state is
// open and protocol is xmpp, seen from office, cloud". `numbers` gives the actions' numbers in the
// text.
std::vector<std::string> ExpectationTexts(const Gate& gate, const ActionNumbers& numbers);

// "#1, #4-#6": the numbers of the actions, ascending, runs of three and more joined. Unknown ids
// stand as they are.
std::string NumbersText(const std::vector<ActionId>& ids, const ActionNumbers& numbers);

}  // namespace poolshift
