#include "controller/apply/settlement.h"

namespace poolshift {
namespace {

bool Contains(const Value& seen, const Value& wanted) {
  if (!wanted.is_map()) return seen == wanted;
  for (const auto& [name, member] : wanted.map()) {
    const Value* found = seen.Find(name);
    if (found == nullptr ? !member.is_null() : !Contains(*found, member)) return false;
  }
  return seen.is_map();
}

}  // namespace

bool Agrees(const Observation& observation, const Value& wanted) {
  if (wanted.is_null()) return observation.presence == Presence::kAbsent;
  return observation.presence == Presence::kPresent && Contains(observation.properties, wanted);
}

Verdict Judge(const Action& action, const Observation& observation) {
  if (observation.presence == Presence::kUnreachable) return Verdict::kUnknown;
  if (Agrees(observation, action.after)) return Verdict::kDone;
  if (Agrees(observation, action.before)) return Verdict::kNotBegun;
  return Verdict::kElsewhere;
}

std::string Describe(const Action& action, const Observation& observation) {
  if (observation.presence == Presence::kAbsent) return "absent";
  if (observation.presence == Presence::kUnreachable)
    return "could not look: " + observation.reason;
  const Value& subject = action.after.is_map() ? action.after : action.before;
  if (!subject.is_map()) return DisplayText(observation.properties);
  Value::Map members;
  for (const auto& [name, member] : subject.map()) {
    const Value* seen = observation.properties.Find(name);
    members.emplace(name, seen == nullptr ? Value() : *seen);
  }
  return DisplayText(Value(std::move(members)));
}

}  // namespace poolshift
