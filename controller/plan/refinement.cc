#include "controller/plan/refinement.h"

#include <algorithm>
#include <deque>
#include <map>

namespace poolshift::plan {
namespace {

// Which values a variable outside the group may still have; one flag a value.
using Domain = std::vector<bool>;

constexpr int kClauseBudget =
    64;  // per transition: keeps planning linear in the size of the problem

enum class Truth { kFalse, kTrue, kOpen };

class Propagation {
 public:
  explicit Propagation(const Transition& transition) : transition_(transition) {}

  bool Run() {
    const Operator& step =
        transition_.problem.operators[static_cast<std::size_t>(transition_.step)];
    for (const Literal& needed : step.preconditions) {
      if (!Restrict(needed, true)) return false;
    }
    // What changes first: the number of clauses is limited.
    for (const Effect& effect : step.effects)
      Touch(effect.variable);
    for (const VariableIndex variable : transition_.variables)
      Touch(variable);
    for (int used = 0; used < kClauseBudget && !waiting_.empty(); ++used) {
      const int clause = waiting_.front();
      waiting_.pop_front();
      queued_.erase(clause);
      if (!Visit(clause, transition_.before) || !Visit(clause, transition_.after)) return false;
    }
    return true;
  }

 private:
  // The group's place of a variable, or -1.
  int Place(VariableIndex variable) const {
    const auto found =
        std::lower_bound(transition_.variables.begin(), transition_.variables.end(), variable);
    if (found == transition_.variables.end() || *found != variable) return -1;
    return static_cast<int>(found - transition_.variables.begin());
  }

  Domain& DomainOf(VariableIndex variable) {
    const auto found = domains_.find(variable);
    if (found != domains_.end()) return found->second;
    const Variable& described = transition_.problem.variables[static_cast<std::size_t>(variable)];
    // What no operator changes keeps its value.
    const bool fixed = transition_.index.operators[static_cast<std::size_t>(variable)].empty();
    Domain domain(described.values.size(), !fixed);
    if (fixed) domain[static_cast<std::size_t>(described.start)] = true;
    return domains_.emplace(variable, std::move(domain)).first->second;
  }

  Truth Evaluate(const Literal& literal, const std::vector<ValueIndex>& group_state) {
    const int place = Place(literal.variable);
    if (place >= 0) {
      return Holds(literal, group_state[static_cast<std::size_t>(place)]) ? Truth::kTrue
                                                                          : Truth::kFalse;
    }
    const Domain& domain = DomainOf(literal.variable);
    bool inside = false;
    bool outside = false;
    for (std::size_t value = 0; value < domain.size(); ++value) {
      if (!domain[value]) continue;
      (Holds(literal, static_cast<ValueIndex>(value)) ? inside : outside) = true;
    }
    return inside && outside ? Truth::kOpen : inside ? Truth::kTrue : Truth::kFalse;
  }

  // Keeps only the values that make the literal `truth`. False when none is left.
  bool Restrict(const Literal& literal, bool truth) {
    const int place = Place(literal.variable);
    if (place >= 0)
      return Holds(literal, transition_.before[static_cast<std::size_t>(place)]) == truth;
    Domain& domain = DomainOf(literal.variable);
    bool changed = false;
    bool left = false;
    for (std::size_t value = 0; value < domain.size(); ++value) {
      if (!domain[value]) continue;
      if (Holds(literal, static_cast<ValueIndex>(value)) == truth) {
        left = true;
      } else {
        domain[value] = false;
        changed = true;
      }
    }
    if (changed) Touch(literal.variable);
    return left;
  }

  void Touch(VariableIndex variable) {
    for (const Occurrence& at : transition_.index.clauses[static_cast<std::size_t>(variable)]) {
      if (static_cast<int>(waiting_.size()) >= kClauseBudget) return;
      if (queued_.emplace(at.clause, true).second) waiting_.push_back(at.clause);
    }
  }

  bool Visit(int clause_index, const std::vector<ValueIndex>& group_state) {
    const Clause& clause = transition_.problem.clauses[static_cast<std::size_t>(clause_index)];
    if (clause.literals.size() > kLongestClause) return true;
    // Until it is repaired it proves nothing: the repair itself starts where it does not hold.
    if (transition_.index.broken[static_cast<std::size_t>(clause_index)]) return true;
    int true_count = 0;
    std::vector<const Literal*> open;
    for (const Literal& literal : clause.literals) {
      const Truth truth = Evaluate(literal, group_state);
      true_count += truth == Truth::kTrue ? 1 : 0;
      if (truth == Truth::kOpen) open.push_back(&literal);
    }
    const int possible = true_count + static_cast<int>(open.size());
    if (true_count > clause.at_most || possible < clause.at_least) return false;
    if (possible == clause.at_least) return RestrictAll(open, true);
    if (true_count == clause.at_most) return RestrictAll(open, false);
    return true;
  }

  bool RestrictAll(const std::vector<const Literal*>& literals, bool truth) {
    return std::all_of(literals.begin(), literals.end(), [&](const Literal* literal) {
      return Restrict(*literal, truth);
    });
  }

  static constexpr std::size_t kLongestClause = 64;

  const Transition& transition_;
  std::map<VariableIndex, Domain> domains_;
  std::deque<int> waiting_;
  std::map<int, bool> queued_;
};

}  // namespace

bool IsPossible(const Transition& transition) { return Propagation(transition).Run(); }

}  // namespace poolshift::plan
