#include "tests/verify/puzzle_text.h"

#include "absl/time/time.h"

namespace poolshift::verify {
namespace {

void WriteLiterals(const std::vector<Literal>& literals, std::ostream& out) {
  out << ' ' << literals.size();
  for (const Literal& literal : literals) {
    out << ' ' << literal.variable << ' ' << literal.values.size();
    for (const ValueIndex value : literal.values)
      out << ' ' << value;
  }
}

}  // namespace

void WritePuzzle(std::string_view name, const PlanningProblem& problem, std::ostream& out) {
  out << "puzzle " << name << '\n';
  for (std::size_t i = 0; i < problem.variables.size(); ++i)
    out << "variable v" << i << ' ' << problem.variables[i].values.size() << '\n';
  for (const Operator& step : problem.operators) {
    out << "operator " << step.cost << ' ' << absl::ToInt64Milliseconds(step.action.duration) << ' '
        << step.effects.size();
    for (const Effect& effect : step.effects)
      out << ' ' << effect.variable << ' ' << effect.from << ' ' << effect.to;
    WriteLiterals(step.preconditions, out);
    out << '\n';
  }
  for (const Clause& clause : problem.clauses) {
    out << "clause " << clause.at_least << ' '
        << (clause.at_most == INT32_MAX ? -1 : clause.at_most);
    WriteLiterals(clause.literals, out);
    out << '\n';
  }
}

void WriteAnswer(const PlanningProblem& problem,
                 const std::variant<plan::Solution, plan::NoSolution>& answer,
                 std::ostream& out) {
  const auto* solution = std::get_if<plan::Solution>(&answer);
  const bool is_best = solution != nullptr && solution->certificate.method != "unproven" &&
                       solution->certificate.time_method != "unproven";
  out << (solution == nullptr ? "none" : is_best ? "plan" : "try");
  for (const Variable& variable : problem.variables)
    out << ' ' << variable.start;
  for (const Variable& variable : problem.variables)
    out << ' ' << variable.goal;
  if (solution != nullptr) {
    out << ' ' << solution->certificate.actions << ' '
        << absl::ToInt64Milliseconds(solution->certificate.critical_path) << ' '
        << solution->steps.size();
    for (std::size_t i = 0; i < solution->steps.size(); ++i) {
      out << ' ' << solution->steps[i] << ' ' << solution->needs[i].size();
      for (const int before : solution->needs[i])
        out << ' ' << before;
    }
  }
  out << '\n';
}

}  // namespace poolshift::verify
