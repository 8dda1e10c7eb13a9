// PuzzleText: problems and plans in the language that the referee reads (tests/referee/puzzle.h).
#pragma once

#include <ostream>
#include <string_view>

#include "controller/plan/planner.h"

namespace poolshift::verify {

// "puzzle NAME" and all its parts, without plans and without "end".
void WritePuzzle(std::string_view name, const PlanningProblem& problem, std::ostream& out);

// The planner's answer for the problem's start and goal.
void WriteAnswer(const PlanningProblem& problem,
                 const std::variant<plan::Solution, plan::NoSolution>& answer,
                 std::ostream& out);

}  // namespace poolshift::verify
