#include "tests/referee/puzzle.h"

#include <algorithm>
#include <stdexcept>

namespace referee {
namespace {

template <typename Number = int>
Number Read(std::istream& in) {
  Number number{};
  if (!(in >> number)) throw std::runtime_error("a number is missing");
  return number;
}

std::size_t ReadCount(std::istream& in) {
  const int count = Read(in);
  if (count < 0) throw std::runtime_error("a count is negative");
  return static_cast<std::size_t>(count);
}

std::vector<Condition> ReadConditions(std::istream& in, const Puzzle& puzzle) {
  std::vector<Condition> conditions(ReadCount(in));
  for (Condition& condition : conditions) {
    condition.variable = ReadCount(in);
    condition.holds.resize(static_cast<std::size_t>(puzzle.sizes.at(condition.variable)));
    for (std::size_t left = ReadCount(in); left > 0; --left)
      condition.holds.at(ReadCount(in)) = true;
  }
  return conditions;
}

Move ReadMove(std::istream& in, const Puzzle& puzzle) {
  Move move;
  move.cost = Read(in);
  move.milliseconds = Read<std::int64_t>(in);
  move.effects.resize(ReadCount(in));
  for (Effect& effect : move.effects) {
    effect.variable = ReadCount(in);
    effect.from = static_cast<char>(Read(in));
    effect.to = static_cast<char>(Read(in));
  }
  move.needs = ReadConditions(in, puzzle);
  return move;
}

bool Holds(const Condition& condition, const State& state) {
  return condition.holds[static_cast<std::size_t>(state[condition.variable])];
}

}  // namespace

void Puzzle::Finish() {
  rules_of.assign(sizes.size(), {});
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (const Condition& condition : rules[i].conditions) {
      auto& known = rules_of[condition.variable];
      if (known.empty() || known.back() != i) known.push_back(i);
    }
  }
}

int Puzzle::Missing(const Rule& rule, const State& state) const {
  int holding = 0;
  for (const Condition& condition : rule.conditions)
    holding += Holds(condition, state) ? 1 : 0;
  if (rule.most >= 0 && holding > rule.most) return holding - rule.most;
  return std::max(0, rule.least - holding);
}

bool Puzzle::IsSafe(const State& state) const {
  return std::all_of(
      rules.begin(), rules.end(), [&](const Rule& rule) { return Missing(rule, state) == 0; });
}

bool Puzzle::Allows(const Move& move, const State& state, State& after) const {
  for (const Condition& need : move.needs) {
    if (!Holds(need, state)) return false;
  }
  after = state;
  for (const Effect& effect : move.effects) {
    if (state[effect.variable] != effect.from) return false;
    after[effect.variable] = effect.to;
  }
  for (const Effect& effect : move.effects) {
    for (const std::size_t rule : rules_of[effect.variable]) {
      if (Missing(rules[rule], after) > Missing(rules[rule], state)) return false;
    }
  }
  return true;
}

void ReadPart(const std::string& word, std::istream& in, Puzzle& puzzle) {
  if (word == "variable") {
    std::string name;
    in >> name;
    puzzle.sizes.push_back(Read(in));
  } else if (word == "operator") {
    puzzle.moves.push_back(ReadMove(in, puzzle));
  } else if (word == "clause") {
    Rule rule;
    rule.least = Read(in);
    rule.most = Read(in);
    rule.conditions = ReadConditions(in, puzzle);
    puzzle.rules.push_back(std::move(rule));
  } else if (word == "all") {
    puzzle.all = true;
  } else if (word == "even") {
    puzzle.even = true;
  } else if (word == "quick") {
    puzzle.quick = true;
  } else {
    throw std::runtime_error("no part of a puzzle is called " + word);
  }
}

Plan ReadPlan(bool exists, std::istream& in, const Puzzle& puzzle) {
  Plan plan;
  plan.exists = exists;
  for (std::size_t i = 0; i < puzzle.sizes.size(); ++i)
    plan.start.push_back(static_cast<char>(Read(in)));
  for (std::size_t i = 0; i < puzzle.sizes.size(); ++i)
    plan.goal.push_back(Read(in));
  if (!exists) return plan;
  plan.cost = Read(in);
  plan.milliseconds = Read<std::int64_t>(in);
  const std::size_t steps = ReadCount(in);
  for (std::size_t i = 0; i < steps; ++i) {
    plan.moves.push_back(ReadCount(in));
    if (plan.moves.back() >= puzzle.moves.size()) throw std::runtime_error("no such operator");
    plan.needs.emplace_back();
    for (std::size_t left = ReadCount(in); left > 0; --left) {
      plan.needs.back().push_back(ReadCount(in));
      if (plan.needs.back().back() >= i) throw std::runtime_error("a need is not earlier");
    }
  }
  return plan;
}

}  // namespace referee
