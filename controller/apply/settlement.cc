#include "controller/apply/settlement.h"

#include "controller/model/covers.h"

namespace poolshift {
Verdict Judge(const Action& action, const Observation& observation) {
  if (observation.presence == Presence::kUnreachable) return Verdict::kUnknown;
  if (Shows(observation, action.after)) return Verdict::kDone;
  if (Shows(observation, action.before)) return Verdict::kNotBegun;
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
