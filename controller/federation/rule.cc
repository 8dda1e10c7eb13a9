#include "controller/federation/rule.h"

#include <cstdlib>
#include <map>
#include <string>

namespace poolshift {

std::string_view Name(Rule::Form form) {
  switch (form) {
    case Rule::Form::kImplication:
      return "implication";
    case Rule::Form::kAtMost:
      return "at most";
    case Rule::Form::kAtLeast:
      return "at least";
    case Rule::Form::kExactlyOne:
      return "exactly one";
    case Rule::Form::kWatermark:
      return "watermark";
    case Rule::Form::kBracket:
      return "bracket";
    case Rule::Form::kGate:
      return "gate";
    case Rule::Form::kLock:
      return "lock";
    case Rule::Form::kCheck:
      return "check";
  }
  return "";
}

const Rule& RuleNamed(std::string_view id) {
  // Every clause of every site asks.
  static const std::map<std::string_view, const Rule*> by_id = [] {
    std::map<std::string_view, const Rule*> all;
    for (const Rule& rule : Rules())
      all[rule.id] = &rule;
    return all;
  }();
  const auto found = by_id.find(id);
  if (found == by_id.end()) std::abort();
  return *found->second;
}

bool MakesClauses(std::string_view id) {
  const Rule& rule = RuleNamed(id);
  if (rule.clauses == Rule::Clauses::kNone) std::abort();
  return rule.clauses == Rule::Clauses::kMade;
}

bool Holds(std::string_view id, Policy::Procedure procedure, SipOrder order) {
  switch (RuleNamed(id).scope) {
    case Rule::Scope::kAlways:
      return true;
    case Rule::Scope::kDocumented:
      return procedure == Policy::Procedure::kDocumented;
    case Rule::Scope::kServeFirst:
      return procedure == Policy::Procedure::kServeFirst;
    case Rule::Scope::kOneFlag:
      return order != SipOrder::kMakeBeforeBreak;
    case Rule::Scope::kProtectedRoutes:
      return order != SipOrder::kSwapThenRoute;
  }
  return true;
}

Reason Because(std::string_view id) {
  const Rule& rule = RuleNamed(id);
  return {std::string(rule.id), std::string(rule.text), std::string(rule.source)};
}

}  // namespace poolshift
