// Limits: what the organisation's policy and its people allow a plan to do, and when (guarantee
// G14, decision D20). Pure: the time is an argument.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/federation/organization.h"
#include "controller/model/plan.h"

namespace poolshift {

// Every reason of the policy not to run `plan` at `now`; empty = go. Gates are free, so a plan
// without a mutation is never refused. `override_reason`, when not empty, opens a closed window
// (the caller records it); limits are raised only in the manifest, by a commit.
std::vector<Refusal> CheckPolicy(const Policy& policy,
                                 const Plan& plan,
                                 absl::Time now,
                                 std::string_view override_reason);

// One refusal per action that needs a person's approval (Action::needs_approval) and is named in
// `approvals` neither by its resource ("PoolFailover/pool1.contoso.net") nor by its action id. The
// hint is the exact flag.
std::vector<Refusal> CheckApprovals(const Plan& plan, const std::set<std::string>& approvals);

// Whether changes are allowed at `now`: no windows, or inside one. A window whose end is before its
// beginning goes past midnight and belongs to the day on which it begins. Times are UTC.
bool InsideWindow(const std::vector<Window>& windows, absl::Time now);

// "2026-12-20 18:00 UTC".
std::string MinuteText(absl::Time time);

// When the next window opens after `now`, to the minute; InfiniteFuture when none ever does.
absl::Time NextOpening(const std::vector<Window>& windows, absl::Time now);

}  // namespace poolshift
