#include "controller/report/change.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

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
  std::set<std::string> names;
  for (const Value* side : {&before, &after}) {
    if (!side->is_map()) continue;
    for (const auto& [name, member] : side->map())
      names.insert(name);
  }
  if (names.empty()) changes.push_back({path, before, after});
  const Value none;
  for (const std::string& name : names) {
    const Value* former = before.Find(name);
    const Value* member = after.Find(name);
    Collect(path.empty() ? name : path + " / " + name,
            former == nullptr ? none : *former,
            member == nullptr ? none : *member,
            changes);
  }
}

}  // namespace

std::vector<Change> Changes(const Value& before, const Value& after) {
  std::vector<Change> changes;
  Collect("", before, after, changes);
  return changes;
}

std::string ToString(const Change& change) {
  const std::string lead = change.property.empty() ? "" : change.property + ": ";
  if (change.before.is_null()) return lead + DisplayText(change.after);
  return lead + DisplayText(change.before) + " → " + DisplayText(change.after);
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

std::map<ActionId, std::size_t> Numbers(const Plan& plan) {
  std::map<ActionId, std::size_t> numbers;
  for (const Action& action : plan.actions)
    numbers.emplace(action.id, numbers.size() + 1);
  return numbers;
}

namespace {

// "#4" or, from three on, "#4-#6".
std::string RunText(std::size_t first, std::size_t last) {
  std::string text = '#' + std::to_string(first);
  if (last == first + 1) text += ", #" + std::to_string(last);
  if (last > first + 1) text += "-#" + std::to_string(last);
  return text;
}

}  // namespace

std::string NumbersText(const std::vector<ActionId>& ids,
                        const std::map<ActionId, std::size_t>& numbers) {
  std::set<std::size_t> known;
  std::vector<std::string> parts;
  for (const ActionId& id : ids) {
    const auto found = numbers.find(id);
    if (found == numbers.end()) parts.push_back(id);
    if (found != numbers.end()) known.insert(found->second);
  }
  std::vector<std::string> runs;
  for (auto next = known.begin(); next != known.end();) {
    const std::size_t first = *next;
    std::size_t last = first;
    for (++next; next != known.end() && *next == last + 1; ++next)
      last = *next;
    runs.push_back(RunText(first, last));
  }
  runs.insert(runs.end(), parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : runs)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string SourceText(std::string_view rule, std::string_view source) {
  if (source.empty()) return std::string(rule);
  if (source.starts_with(rule) || source.ends_with(rule)) return std::string(source);
  return std::string(rule) + ", " + std::string(source);
}

namespace {

// What an expectation asks of its subject: "state is open". `producers`: "#3, #4".
std::string ConditionText(const Expectation& expectation, const std::string& producers) {
  const std::string text = expectation.property;
  switch (expectation.compare) {
    case Expectation::Compare::kEquals:
      return text + " is " + DisplayText(expectation.value);
    case Expectation::Compare::kAtLeast:
      return text + " is at least " + DisplayText(expectation.value);
    case Expectation::Compare::kAtLeastProduced:
      return text + " has reached what " + producers + " wrote";
    case Expectation::Compare::kAmong:
      return text + " is nothing but " + DisplayText(expectation.value);
  }
  return text;
}

// "#3, #4", or where that would fill a page beside each of as many subjects: "2001 of #1-#3004".
std::string ProducersText(const Gate& gate, const std::map<ActionId, std::size_t>& numbers) {
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

void Join(const std::string& part, std::string_view separator, std::string& text) {
  if (!text.empty()) text += separator;
  text += part;
}

}  // namespace

std::vector<std::string> ExpectationTexts(const Gate& gate,
                                          const std::map<ActionId, std::size_t>& numbers) {
  struct Seen {
    std::string subject, vantage, condition;
  };
  struct Subject {
    std::string text;  // with its condition
    std::vector<std::string> vantages;
  };
  constexpr char kBetween = '\n';
  const std::string producers = ProducersText(gate, numbers);
  std::vector<Seen> all;
  std::unordered_map<std::string, std::size_t> places;  // by subject and vantage
  for (const Expectation& expectation : gate.expectations) {
    std::string subject = ToString(expectation.subject.id);
    const std::string& vantage = expectation.subject.vantage;
    const auto [place, added] = places.try_emplace(subject + kBetween + vantage, all.size());
    if (added) all.push_back({std::move(subject), vantage, ""});
    Join(ConditionText(expectation, producers), " and ", all[place->second].condition);
  }
  std::vector<Subject> subjects;
  places.clear();  // by subject and condition
  for (Seen& seen : all) {
    std::string text = seen.subject + ": " + seen.condition;
    const auto [place, added] =
        places.try_emplace(seen.subject + kBetween + seen.condition, subjects.size());
    if (added) subjects.push_back({std::move(text), {}});
    if (!seen.vantage.empty()) subjects[place->second].vantages.push_back(std::move(seen.vantage));
  }
  std::vector<std::string> texts;
  for (Subject& subject : subjects)
    texts.push_back(std::move(subject.text) +
                    VantagesText(subject.vantages, gate.vantages_required));
  return texts;
}

}  // namespace poolshift
