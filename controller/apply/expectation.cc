#include "controller/apply/expectation.h"

#include <algorithm>

#include "controller/model/covers.h"

namespace poolshift {
namespace {

// The property as seen; null when the resource has none, is absent, or was not looked at.
Value Seen(const Expectation& expectation, const Observation& seen) {
  const Value* property = seen.properties.Find(expectation.property);
  return property == nullptr || seen.presence != Presence::kPresent ? Value() : *property;
}

bool Unread(const Expectation& expectation, const Observation& seen) {
  return std::find(seen.unknown.begin(), seen.unknown.end(), expectation.property) !=
         seen.unknown.end();
}

bool IsAmong(const Value& seen, const Value& allowed) {
  if (!allowed.is_list()) return false;
  const Value::List& items = allowed.list();
  const auto is_allowed = [&](const Value& item) {
    return std::find(items.begin(), items.end(), item) != items.end();
  };
  if (seen.is_string()) return is_allowed(seen);
  return seen.is_list() && !seen.list().empty() &&
         std::all_of(seen.list().begin(), seen.list().end(), is_allowed);
}

std::string Wanted(const Expectation& expectation, std::int64_t produced) {
  switch (expectation.compare) {
    case Expectation::Compare::kEquals:
      return "wanted " + DisplayText(expectation.value);
    case Expectation::Compare::kAtLeast:
      return "wanted at least " + DisplayText(expectation.value);
    case Expectation::Compare::kAtLeastProduced:
      return "wanted at least " + std::to_string(produced);
    case Expectation::Compare::kAmong:
      return "wanted only " + DisplayText(expectation.value);
  }
  return "";
}

}  // namespace

bool Holds(const Expectation& expectation, std::int64_t produced, const Observation& seen) {
  if (seen.presence == Presence::kUnreachable || Unread(expectation, seen)) return false;
  if (expectation.property.empty()) return Shows(seen, expectation.value);
  const Value value = Seen(expectation, seen);
  switch (expectation.compare) {
    case Expectation::Compare::kEquals:
      return value == expectation.value;
    case Expectation::Compare::kAtLeast:
      return value.is_integer() && expectation.value.is_integer() &&
             value.integer() >= expectation.value.integer();
    case Expectation::Compare::kAtLeastProduced:
      return value.is_integer() && value.integer() >= produced;
    case Expectation::Compare::kAmong:
      return IsAmong(value, expectation.value);
  }
  return false;
}

std::vector<bool> WhatHolds(const Gate& gate,
                            const std::vector<std::int64_t>& produced,
                            const std::map<ObservationKey, Observation>& seen) {
  std::vector<bool> holds;
  std::map<ObservationKey, bool> agrees;  // the vantage sees all that is expected of the resource
  for (std::size_t k = 0; k < gate.expectations.size(); ++k) {
    const Expectation& expectation = gate.expectations[k];
    const auto found = seen.find(expectation.subject);
    holds.push_back(found != seen.end() && Holds(expectation, produced[k], found->second));
    const auto [entry, is_new] = agrees.try_emplace(expectation.subject, true);
    entry->second = entry->second && holds.back();
  }
  if (gate.vantages_required == 0) return holds;
  struct Count {
    int asked = 0, agreeing = 0;
  };
  std::map<ResourceId, Count> counts;
  for (const auto& [subject, agreeing] : agrees) {
    Count& count = counts[subject.id];
    ++count.asked;
    count.agreeing += agreeing ? 1 : 0;
  }
  for (std::size_t k = 0; k < holds.size(); ++k) {
    const Count& count = counts[gate.expectations[k].subject.id];
    holds[k] = count.agreeing >= std::min(gate.vantages_required, count.asked);
  }
  return holds;
}

std::string Lag(const Expectation& expectation, std::int64_t produced, const Observation* seen) {
  const std::string subject = ToString(expectation.subject.id);
  const std::string& vantage = expectation.subject.vantage;
  const std::string from = vantage.empty() ? "" : " (seen from " + vantage + ")";
  if (seen == nullptr) return subject + " has not been seen yet" + from;
  if (seen->presence == Presence::kUnreachable)
    return "could not look at " + subject + from + ": " + seen->reason;
  std::string text = subject;
  if (!expectation.property.empty()) text += ' ' + expectation.property;
  if (seen->presence == Presence::kAbsent) {
    text = subject + " is absent";
  } else if (Unread(expectation, *seen)) {
    text += " could not be read";
  } else {
    const bool whole = expectation.property.empty();
    text += " is " + DisplayText(whole ? seen->properties : Seen(expectation, *seen));
  }
  return text + ", " + Wanted(expectation, produced) + from;
}

}  // namespace poolshift
