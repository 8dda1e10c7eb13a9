#include "controller/plan/refinement.h"

#include <algorithm>
#include <utility>

namespace poolshift::plan {
namespace {

constexpr std::size_t kClauseBudget =
    64;  // per transition: keeps planning linear in the size of the problem
constexpr std::size_t kLongestClause = 64;
constexpr std::size_t kMostValues = 64;

std::uint64_t Bit(ValueIndex value) { return std::uint64_t{1} << static_cast<std::size_t>(value); }

bool IsNarrow(const Variable& variable) { return variable.values.size() <= kMostValues; }

// All values, or the one that stays.
std::uint64_t InitialDomain(const PlanningProblem& problem, const Index& index, std::size_t at) {
  const Variable& variable = problem.variables[at];
  if (!IsNarrow(variable)) return 1;
  if (index.operators[at].empty()) return Bit(variable.start);
  const std::size_t size = variable.values.size();
  return size == kMostValues ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1;
}

}  // namespace

Refinement::Refinement(const PlanningProblem& problem, const Index& index)
    : problem_(problem),
      index_(index),
      literals_([&] {
        std::vector<std::pair<std::size_t, FlatLiteral>> literals;
        for (std::size_t i = 0; i < problem.clauses.size(); ++i) {
          const Clause& clause = problem.clauses[i];
          // Until it is repaired it proves nothing: the repair itself starts where it does not
          // hold.
          if (clause.literals.size() > kLongestClause || index.broken[i]) continue;
          for (const Literal& literal : clause.literals)
            literals.emplace_back(i, Flatten(literal));
        }
        return Rows<FlatLiteral>(problem.clauses.size(), literals);
      }()),
      known_(problem.variables.size()),
      queued_in_(problem.clauses.size()) {
  initial_.reserve(problem.variables.size());
  for (std::size_t i = 0; i < problem.variables.size(); ++i)
    initial_.push_back(InitialDomain(problem, index, i));
  bounds_.reserve(problem.clauses.size());
  for (const Clause& clause : problem.clauses)
    bounds_.push_back({clause.at_least, clause.at_most});
}

Refinement::FlatLiteral Refinement::Flatten(const Literal& literal) const {
  const auto variable = static_cast<std::size_t>(literal.variable);
  FlatLiteral flat{variable, 0, &literal};
  if (!IsNarrow(problem_.variables[variable])) return flat;
  for (const ValueIndex value : literal.values)
    flat.bits |= Bit(value);
  return flat;
}

bool Refinement::IsPossible(const Transition& transition) {
  transition_ = &transition;
  ++question_;
  waiting_.clear();
  next_ = 0;
  for (std::size_t i = 0; i < transition.variables.size(); ++i) {
    Known& known = known_[static_cast<std::size_t>(transition.variables[i])];
    known.question = question_;
    known.place = static_cast<int>(i);
  }
  const Operator& step = problem_.operators[static_cast<std::size_t>(transition.step)];
  for (const Literal& needed : step.preconditions) {
    if (!Restrict(Flatten(needed), true)) return false;
  }
  // What changes first: the number of clauses is limited.
  for (const Effect& effect : step.effects)
    Touch(static_cast<std::size_t>(effect.variable));
  for (const VariableIndex variable : transition.variables)
    Touch(static_cast<std::size_t>(variable));
  for (std::size_t used = 0; used < kClauseBudget && next_ < waiting_.size(); ++used) {
    const int clause = waiting_[next_++];
    queued_in_[static_cast<std::size_t>(clause)] = 0;
    bool mentions = false;
    if (!Visit(clause, transition.before, mentions)) return false;
    // Where the group's values do not matter a second look finds what the first one has found.
    if (mentions && !Visit(clause, transition.after, mentions)) return false;
  }
  return true;
}

// Keeps only the values that make the literal `truth`. False when none is left.
bool Refinement::Restrict(const FlatLiteral& literal, bool truth) {
  Known& known = KnownOf(literal.variable);
  if (known.place >= 0)
    return HoldsAt(literal, transition_->before[static_cast<std::size_t>(known.place)]) == truth;
  if (literal.bits == 0) return true;
  const Domain left = known.domain & (truth ? literal.bits : ~literal.bits);
  if (left != known.domain) {
    known.domain = left;
    Touch(literal.variable);
  }
  return left != 0;
}

void Refinement::Touch(std::size_t variable) {
  for (const Occurrence& at : index_.clauses[variable]) {
    if (waiting_.size() - next_ >= kClauseBudget) return;
    int& queued = queued_in_[static_cast<std::size_t>(at.clause)];
    if (queued == question_) continue;
    queued = question_;
    waiting_.push_back(at.clause);
  }
}

bool Refinement::Visit(int clause_index,
                       const std::vector<ValueIndex>& group_state,
                       bool& mentions) {
  const auto literals = literals_[static_cast<std::size_t>(clause_index)];
  if (literals.empty() || !Consult(clause_index)) return true;
  const Bounds& clause = bounds_[static_cast<std::size_t>(clause_index)];
  int true_count = 0;
  open_.clear();
  for (const FlatLiteral& literal : literals) {
    const Known& known = KnownOf(literal.variable);
    if (known.place >= 0) {
      mentions = true;
      const ValueIndex value = group_state[static_cast<std::size_t>(known.place)];
      true_count += HoldsAt(literal, value) ? 1 : 0;
    } else if (literal.bits == 0 ||
               ((known.domain & literal.bits) != 0 && (known.domain & ~literal.bits) != 0)) {
      open_.push_back(&literal);
    } else {
      true_count += (known.domain & literal.bits) != 0 ? 1 : 0;
    }
  }
  const int possible = true_count + static_cast<int>(open_.size());
  if (true_count > clause.at_most || possible < clause.at_least) return false;
  const bool all = possible == clause.at_least;
  if (!all && true_count != clause.at_most) return true;
  return std::all_of(open_.begin(), open_.end(), [&](const FlatLiteral* literal) {
    return Restrict(*literal, all);
  });
}

bool Refinement::Consult(int clause) {
  if (consulted_ == nullptr && counted_.empty()) return true;
  const std::size_t rule = rule_of_[static_cast<std::size_t>(clause)];
  if (consulted_ != nullptr) (*consulted_)[rule] = true;
  return counted_.empty() || counted_[rule];
}

const std::vector<std::string>& Refinement::Rules() {
  if (!rule_of_.empty()) return rules_;
  for (const Clause& clause : problem_.clauses)
    rules_.push_back(clause.reason.rule);
  std::sort(rules_.begin(), rules_.end());
  rules_.erase(std::unique(rules_.begin(), rules_.end()), rules_.end());
  for (const Clause& clause : problem_.clauses) {
    const auto place = std::lower_bound(rules_.begin(), rules_.end(), clause.reason.rule);
    rule_of_.push_back(static_cast<std::size_t>(place - rules_.begin()));
  }
  return rules_;
}

void Refinement::CountOnly(std::vector<bool> rules) {
  Rules();
  counted_ = std::move(rules);
}

std::optional<std::vector<Literal>> Refinement::NeedsOf(const Transition& transition) {
  if (!IsPossible(transition)) return std::nullopt;
  std::vector<Literal> needs;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const Variable& variable = problem_.variables[i];
    if (known_[i].question != question_ || known_[i].place >= 0 || !IsNarrow(variable)) continue;
    Literal needed{static_cast<VariableIndex>(i), {}};
    for (ValueIndex value = 0; value < static_cast<ValueIndex>(variable.values.size()); ++value) {
      if ((known_[i].domain & Bit(value)) != 0) needed.values.push_back(value);
    }
    if (needed.values.size() < variable.values.size()) needs.push_back(std::move(needed));
  }
  return needs;
}

}  // namespace poolshift::plan
