#include "controller/policy/limits.h"

#include <algorithm>

namespace poolshift {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

bool HasDay(const Window& window, absl::Weekday day) {
  return window.days.empty() ||
         std::find(window.days.begin(), window.days.end(), day) != window.days.end();
}

bool Inside(const Window& window, absl::CivilDay day, int minute) {
  const bool today = HasDay(window, absl::GetWeekday(day));
  if (window.from_minute <= window.to_minute) {
    return today && minute >= window.from_minute && minute < window.to_minute;
  }
  return (today && minute >= window.from_minute) ||
         (HasDay(window, absl::GetWeekday(day - 1)) && minute < window.to_minute);
}

Refusal TooMany(std::string_view what, int count, int limit, std::string_view setting) {
  return {"G14",
          "the plan has " + std::to_string(count) + ' ' + std::string(what) +
              ", the policy allows " + std::to_string(limit),
          "move less at a time, or raise spec." + std::string(setting) + " of the Policy",
          "guarantees.md G14",
          {}};
}

std::string OpeningText(absl::Time opening) {
  if (opening == absl::InfiniteFuture()) return "no window ever opens";
  return "the next window opens " + MinuteText(opening);
}

}  // namespace

std::string MinuteText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone()) + " UTC";
}

bool InsideWindow(const std::vector<Window>& windows, absl::Time now) {
  const absl::CivilMinute minute = absl::ToCivilMinute(now, absl::UTCTimeZone());
  return windows.empty() || std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
           return Inside(window, absl::CivilDay(minute), minute.hour() * 60 + minute.minute());
         });
}

absl::Time NextOpening(const std::vector<Window>& windows, absl::Time now) {
  constexpr int kDaysAhead = 8;  // today, and each weekday once
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  absl::Time earliest = absl::InfiniteFuture();
  for (const Window& window : windows) {
    for (absl::CivilDay day = today; day < today + kDaysAhead; ++day) {
      const absl::Time opening = absl::FromCivil(day, absl::UTCTimeZone()) +
                                 absl::Minutes(window.from_minute % kMinutesOfDay);
      const bool opens =
          HasDay(window, absl::GetWeekday(day)) && window.from_minute != window.to_minute;
      if (opens && opening > now) earliest = std::min(earliest, opening);
    }
  }
  return earliest;
}

std::vector<Refusal> CheckPolicy(const Policy& policy,
                                 const Plan& plan,
                                 absl::Time now,
                                 std::string_view override_reason) {
  const int mutations = plan.mutations();
  if (mutations == 0) return {};
  std::vector<Refusal> refusals;
  const auto deletions = static_cast<int>(
      std::count_if(plan.actions.begin(), plan.actions.end(), [](const Action& action) {
        return action.verb == Verb::kDelete;
      }));
  if (policy.max_actions > 0 && mutations > policy.max_actions) {
    refusals.push_back(TooMany("actions", mutations, policy.max_actions, "maxActions"));
  }
  if (policy.max_deletions > 0 && deletions > policy.max_deletions) {
    refusals.push_back(TooMany("deletions", deletions, policy.max_deletions, "maxDeletions"));
  }
  if (override_reason.empty() && !InsideWindow(policy.windows, now)) {
    refusals.push_back(
        {"D20",
         "changes are allowed only inside the windows of the Policy, and it is " + MinuteText(now),
         OpeningText(NextOpening(policy.windows, now)) +
             "; in an emergency say why: --override REASON (it is recorded)",
         "D20",
         policy.windows.front().origin});
  }
  return refusals;
}

std::vector<Refusal> CheckApprovals(const Plan& plan, const std::set<std::string>& approvals) {
  std::vector<Refusal> refusals;
  for (const Action& action : plan.actions) {
    const std::string resource = ToString(action.target);
    if (!action.needs_approval || approvals.contains(resource) || approvals.contains(action.id))
      continue;
    refusals.push_back({"I-22",
                        action.id + " (" + action.title +
                            ") loses data or cannot be undone: a person must approve it",
                        "--approve " + resource,
                        "I-22",
                        {}});
  }
  return refusals;
}

}  // namespace poolshift
