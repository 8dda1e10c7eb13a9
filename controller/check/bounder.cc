#include "controller/check/bounder.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace poolshift::check {
namespace {

constexpr int kMostValues = 64;

ValueSet Only(ValueIndex value) { return ValueSet{1} << static_cast<unsigned>(value); }

bool Has(const Literal& literal, ValueIndex value) {
  return std::count(literal.values.begin(), literal.values.end(), value) > 0;
}

}  // namespace

Bounder::Bounder(const PlanningProblem& problem)
    : problem_(problem),
      clauses_(problem.variables.size()),
      moves_(problem.variables.size()),
      place_(problem.variables.size(), -1),
      possible_(problem.variables.size()),
      round_of_(problem.variables.size()),
      opened_in_(problem.clauses.size()) {
  for (int i = 0; i < static_cast<int>(problem.clauses.size()); ++i) {
    for (const Literal& literal : problem.clauses[static_cast<std::size_t>(i)].literals)
      clauses_[static_cast<std::size_t>(literal.variable)].push_back(i);
    holds_at_start_.push_back(HoldsAtStart(problem.clauses[static_cast<std::size_t>(i)]));
  }
  for (const Operator& step : problem.operators) {
    for (const Effect& effect : step.effects)
      moves_[static_cast<std::size_t>(effect.variable)] = true;
  }
}

int Bounder::Distance(const Part& part, bool refined) {
  part_ = &part;
  for (std::size_t i = 0; i < part.variables.size(); ++i)
    place_[static_cast<std::size_t>(part.variables[i])] = static_cast<int>(i);
  const int distance = Search(refined);
  for (const VariableIndex variable : part.variables)
    place_[static_cast<std::size_t>(variable)] = -1;
  return distance;
}

int Bounder::DistanceUnder(const Part& part, const std::vector<std::string>& rules) {
  rules_ = &rules;
  const int distance = Distance(part, true);
  rules_ = nullptr;
  return distance;
}

bool Bounder::Counts(const Clause& clause) const {
  return rules_ == nullptr || std::count(rules_->begin(), rules_->end(), clause.reason.rule) > 0;
}

std::optional<std::vector<Demand>> Bounder::Demands(const Operator& step) {
  std::map<VariableIndex, Effect> effects;
  for (const Effect& effect : step.effects)
    effects[effect.variable] = effect;
  Part own;
  Values before, after;
  for (const auto& [variable, effect] : effects) {
    place_[static_cast<std::size_t>(variable)] = static_cast<int>(own.variables.size());
    own.variables.push_back(variable);
    before.push_back(effect.from);
    after.push_back(effect.to);
  }
  part_ = &own;
  const bool never = IsRuledOut(step, before, after);
  for (const VariableIndex variable : own.variables)
    place_[static_cast<std::size_t>(variable)] = -1;
  part_ = nullptr;
  if (never) return std::nullopt;
  std::vector<Demand> demands;
  for (const VariableIndex variable : looked_at_) {
    const ValueSet values = possible_[static_cast<std::size_t>(variable)];
    if (values != AllOf(variable)) demands.push_back({variable, values});
  }
  return demands;
}

const Variable& Bounder::At(VariableIndex variable) const {
  return problem_.variables[static_cast<std::size_t>(variable)];
}

int Bounder::PlaceOf(VariableIndex variable) const {
  return place_[static_cast<std::size_t>(variable)];
}

bool Bounder::IsGoal(const Values& values) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ValueIndex goal = At(part_->variables[i]).goal;
    if (goal >= 0 && goal != values[i]) return false;
  }
  return true;
}

int Bounder::Search(bool refined) {
  Values start;
  for (const VariableIndex variable : part_->variables)
    start.push_back(At(variable).start);
  if (IsGoal(start)) return 0;
  std::map<Values, int> best{{start, 0}};
  std::set<std::pair<int, Values>> open{{0, start}};
  while (!open.empty()) {
    const auto [cost, values] = *open.begin();
    open.erase(open.begin());
    if (IsGoal(values)) return cost;
    for (const int index : part_->operators) {
      const Operator& step = problem_.operators[static_cast<std::size_t>(index)];
      const std::optional<Values> after = After(step, values);
      if (!after.has_value()) continue;
      const auto known = best.find(*after);
      if (known != best.end() && known->second <= cost + step.cost) continue;
      if (refined && IsRuledOut(step, values, *after)) continue;
      if (known != best.end()) open.erase({known->second, *after});
      best[*after] = cost + step.cost;
      open.emplace(cost + step.cost, *after);
    }
  }
  return -1;
}

std::optional<Values> Bounder::After(const Operator& step, const Values& values) const {
  Values after = values;
  for (const Effect& effect : step.effects) {
    ValueIndex& value = after[static_cast<std::size_t>(PlaceOf(effect.variable))];
    if (value != effect.from) return std::nullopt;
    value = effect.to;
  }
  return after;
}

bool Bounder::IsRuledOut(const Operator& step, const Values& before, const Values& after) {
  ++round_;
  looked_at_.clear();
  open_.clear();
  for (const VariableIndex variable : part_->variables)
    Open(variable);
  for (const Literal& needed : step.preconditions) {
    if (!Narrow(needed, true, before)) return true;
  }
  if (rules_ != nullptr && rules_->empty()) return false;
  constexpr int kMostLooks = 1000;
  for (int looks = 0; looks < kMostLooks && !open_.empty(); ++looks) {
    std::pop_heap(open_.begin(), open_.end(), std::greater<>());
    const auto index = static_cast<std::size_t>(open_.back());
    open_.pop_back();
    opened_in_[index] = 0;
    if (!holds_at_start_[index]) continue;  // its repair begins where it does not hold
    const Clause& clause = problem_.clauses[index];
    if (!Counts(clause)) continue;
    if (!Propagate(clause, before) || !Propagate(clause, after)) return true;
  }
  return false;
}

void Bounder::Open(VariableIndex variable) {
  for (const int clause : clauses_[static_cast<std::size_t>(variable)]) {
    std::int64_t& round = opened_in_[static_cast<std::size_t>(clause)];
    if (round == round_) continue;
    round = round_;
    open_.push_back(clause);
    std::push_heap(open_.begin(), open_.end(), std::greater<>());
  }
}

bool Bounder::HoldsAtStart(const Clause& clause) const {
  int holding = 0;
  for (const Literal& literal : clause.literals)
    holding += Has(literal, At(literal.variable).start) ? 1 : 0;
  return holding >= clause.at_least && holding <= clause.at_most;
}

ValueSet Bounder::AllOf(VariableIndex variable) const {
  const std::size_t count = At(variable).values.size();
  return count >= kMostValues ? ~ValueSet{0} : Only(static_cast<ValueIndex>(count)) - 1;
}

ValueSet& Bounder::Possible(VariableIndex variable) {
  const auto at = static_cast<std::size_t>(variable);
  if (round_of_[at] != round_) {
    round_of_[at] = round_;
    possible_[at] = moves_[at] ? AllOf(variable) : Only(At(variable).start);
    looked_at_.push_back(variable);
  }
  return possible_[at];
}

bool Bounder::IsWide(VariableIndex variable) const {
  return At(variable).values.size() > kMostValues;
}

ValueSet Bounder::MeantBy(const Literal& literal) {
  ValueSet values = 0;
  for (const ValueIndex value : literal.values)
    values |= Only(value);
  return values;
}

Bounder::Outlook Bounder::OutlookOf(const Literal& literal, const Values& values) {
  const int place = PlaceOf(literal.variable);
  if (place >= 0) {
    const bool has = Has(literal, values[static_cast<std::size_t>(place)]);
    return {has, !has};
  }
  if (IsWide(literal.variable)) return {true, true};
  const ValueSet possible = Possible(literal.variable);
  const ValueSet meant = MeantBy(literal);
  return {(possible & meant) != 0, (possible & ~meant) != 0};
}

bool Bounder::Narrow(const Literal& literal, bool to, const Values& values) {
  if (PlaceOf(literal.variable) >= 0 || IsWide(literal.variable)) {
    const Outlook outlook = OutlookOf(literal, values);
    return to ? outlook.yes : outlook.no;
  }
  ValueSet& possible = Possible(literal.variable);
  const ValueSet left = possible & (to ? MeantBy(literal) : ~MeantBy(literal));
  if (left != possible) Open(literal.variable);
  possible = left;
  return left != 0;
}

bool Bounder::Propagate(const Clause& clause, const Values& values) {
  int sure = 0;
  undecided_.clear();
  for (const Literal& literal : clause.literals) {
    const Outlook outlook = OutlookOf(literal, values);
    if (outlook.yes && outlook.no) {
      undecided_.push_back(&literal);
    } else {
      sure += outlook.yes ? 1 : 0;
    }
  }
  const int most = sure + static_cast<int>(undecided_.size());
  if (sure > clause.at_most || most < clause.at_least) return false;
  if (most != clause.at_least && sure != clause.at_most) return true;
  return std::all_of(undecided_.begin(), undecided_.end(), [&](const Literal* literal) {
    return Narrow(*literal, most == clause.at_least, values);
  });
}

}  // namespace poolshift::check
