#include "controller/report/change.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace poolshift {
namespace {

void Collect(const std::string& path,
             const Value& before,
             const Value& after,
             std::vector<Change>& changes) {
  if (before == after) return;
  const bool both_maps =
      (before.is_map() || before.is_null()) && (after.is_map() || after.is_null());
  if (!both_maps) {
    changes.push_back({path, before, after});
    return;
  }
  static const Value::Map kNothing;
  const Value none;
  const Value::Map& former = before.is_map() ? before.map() : kNothing;
  const Value::Map& latter = after.is_map() ? after.map() : kNothing;
  if (former.empty() && latter.empty()) changes.push_back({path, before, after});
  // Both are sorted by name.
  for (auto old = former.begin(), now = latter.begin();
       old != former.end() || now != latter.end();) {
    const bool is_old = now == latter.end() || (old != former.end() && old->first <= now->first);
    const bool is_now = old == former.end() || (now != latter.end() && now->first <= old->first);
    const std::string& name = is_old ? old->first : now->first;
    Collect(path.empty() ? name : path + " / " + name,
            is_old ? old->second : none,
            is_now ? now->second : none,
            changes);
    if (is_old) ++old;
    if (is_now) ++now;
  }
}

}  // namespace

std::vector<Change> Changes(const Value& before, const Value& after) {
  std::vector<Change> changes;
  Collect("", before, after, changes);
  return changes;
}

std::string ToString(const Change& change) {
  const char* const between = change.property.empty() ? "" : ": ";
  if (change.before.is_null())
    return absl::StrCat(change.property, between, DisplayText(change.after));
  return absl::StrCat(
      change.property, between, DisplayText(change.before), " → ", DisplayText(change.after));
}

std::string DurationText(absl::Duration duration) {
  if (duration == absl::InfiniteDuration()) return "forever";
  std::int64_t seconds = absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)));
  if (seconds < 60) return std::to_string(seconds) + 's';
  const std::int64_t hours = seconds / 3600;
  const std::int64_t minutes = seconds % 3600 / 60;
  seconds %= 60;
  std::string text;
  if (hours > 0) text += std::to_string(hours) + 'h';
  if (minutes > 0) text += (text.empty() ? "" : " ") + std::to_string(minutes) + 'm';
  if (seconds > 0 && hours == 0) text += ' ' + std::to_string(seconds) + 's';
  return text;
}

std::string TimeText(absl::Time time) {
  if (time == absl::InfinitePast()) return "never";
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string Count(std::size_t count, std::string_view noun) {
  std::string text = std::to_string(count) + ' ';
  text += noun;
  if (count != 1) text += 's';
  return text;
}

ActionNumbers Numbers(const Plan& plan) {
  ActionNumbers numbers;
  numbers.reserve(plan.actions.size());
  for (const Action& action : plan.actions)
    numbers.emplace(action.id, numbers.size() + 1);
  return numbers;
}

namespace {

void Join(std::string_view part, std::string_view separator, std::string& text) {
  if (!text.empty()) text += separator;
  text += part;
}

// "#4" or, from three on, "#4-#6".
std::string RunText(std::size_t first, std::size_t last) {
  std::string text = '#' + std::to_string(first);
  if (last == first + 1) text += ", #" + std::to_string(last);
  if (last > first + 1) text += "-#" + std::to_string(last);
  return text;
}

}  // namespace

std::string NumbersText(const std::vector<ActionId>& ids, const ActionNumbers& numbers) {
  std::vector<std::size_t> known;
  std::string unknown;
  for (const ActionId& id : ids) {
    const auto found = numbers.find(id);
    if (found == numbers.end()) {
      Join(id, ", ", unknown);
    } else {
      known.push_back(found->second);
    }
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::string text;
  for (std::size_t i = 0; i < known.size();) {
    const std::size_t first = known[i];
    std::size_t last = first;
    for (++i; i < known.size() && known[i] == last + 1; ++i)
      last = known[i];
    Join(RunText(first, last), ", ", text);
  }
  if (!unknown.empty()) Join(unknown, ", ", text);
  return text;
}

std::string SourceText(std::string_view rule, std::string_view source) {
  if (source.empty()) return std::string(rule);
  if (source.starts_with(rule) || source.ends_with(rule)) return std::string(source);
  std::string text(rule);
  (text += ", ") += source;
  return text;
}

namespace {

// What an expectation asks of its subject: "state is open". `producers`: "#3, #4".
std::string ConditionText(const Expectation& expectation, const std::string& producers) {
  switch (expectation.compare) {
    case Expectation::Compare::kEquals:
      return expectation.property + " is " + DisplayText(expectation.value);
    case Expectation::Compare::kAtLeast:
      return expectation.property + " is at least " + DisplayText(expectation.value);
    case Expectation::Compare::kAtLeastProduced:
      return expectation.property + " has reached what " + producers + " wrote";
    case Expectation::Compare::kAmong:
      return expectation.property + " is nothing but " + DisplayText(expectation.value);
  }
  return expectation.property;
}

// "#3, #4", or where that would fill a page beside each of as many subjects: "2001 of #1-#3004".
std::string ProducersText(const Gate& gate, const ActionNumbers& numbers) {
  constexpr std::size_t kLongest = 60;
  const std::string text = NumbersText(gate.produced_by, numbers);
  if (text.size() <= kLongest) return text;
  std::set<std::size_t> known;
  for (const ActionId& id : gate.produced_by) {
    if (const auto found = numbers.find(id); found != numbers.end()) known.insert(found->second);
  }
  if (known.empty()) return Count(gate.produced_by.size(), "action");
  return std::to_string(gate.produced_by.size()) + " actions of " +
         RunText(*known.begin(), *known.rbegin());
}

// ", seen from oslo" or ", seen by 2 of 3 vantages (berlin, dublin, oslo)".
std::string VantagesText(const std::vector<std::string>& names, int required) {
  if (names.empty()) return "";
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  if (required == 0 || required >= static_cast<int>(names.size())) return ", seen from " + text;
  return ", seen by " + std::to_string(required) + " of " + std::to_string(names.size()) +
         " vantages (" + text + ')';
}

}  // namespace

namespace {

// A kind and a name, and a vantage or a condition: borrowed.
using Place = std::tuple<std::string_view, std::string_view, std::string_view>;

struct HashOfPlace {
  std::size_t operator()(const Place& place) const {
    constexpr std::size_t kMix = 0x9E3779B97F4A7C15U;
    const std::hash<std::string_view> hash;  // of one gate the kinds are mostly the same
    return hash(std::get<1>(place)) * kMix + hash(std::get<2>(place));
  }
};

}  // namespace

std::vector<std::string> ExpectationTexts(const Gate& gate, const ActionNumbers& numbers) {
  struct Seen {
    const ObservationKey* subject;
    std::string condition;
  };
  struct Subject {
    std::string text;  // with its condition
    std::vector<std::string> vantages;
  };
  const std::string producers = ProducersText(gate, numbers);
  std::vector<Seen> all;
  all.reserve(gate.expectations.size());
  std::unordered_map<Place, std::size_t, HashOfPlace> places;  // by subject and vantage
  places.reserve(gate.expectations.size());
  for (const Expectation& expectation : gate.expectations) {
    const ObservationKey& subject = expectation.subject;
    const auto [place, added] =
        places.try_emplace({subject.id.kind, subject.id.name, subject.vantage}, all.size());
    if (added) all.push_back({&subject, ""});
    Join(ConditionText(expectation, producers), " and ", all[place->second].condition);
  }
  std::vector<Subject> subjects;
  places.clear();  // by subject and condition
  for (const auto& [subject, condition] : all) {
    const auto [place, added] =
        places.try_emplace({subject->id.kind, subject->id.name, condition}, subjects.size());
    if (added) subjects.push_back({ToString(subject->id) + ": " + condition, {}});
    if (!subject->vantage.empty()) subjects[place->second].vantages.push_back(subject->vantage);
  }
  std::vector<std::string> texts;
  texts.reserve(subjects.size());
  for (Subject& subject : subjects)
    texts.push_back(std::move(subject.text) +
                    VantagesText(subject.vantages, gate.vantages_required));
  return texts;
}

}  // namespace poolshift
