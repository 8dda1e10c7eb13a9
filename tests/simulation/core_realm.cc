#include "tests/simulation/core_realm.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "controller/check/checker.h"
#include "controller/engine/reliance.h"
#include "controller/model/digest.h"
#include "controller/model/problem.h"
#include "controller/plan/planner.h"
#include "tests/verify/core.h"

namespace poolshift::simulation {
namespace {

constexpr std::size_t kMostPlans = 4000;  // remembered

Value ValueFor(ValueIndex value) { return Value::Map{{"is", std::int64_t{value}}}; }

const std::string& RevisionFor(ValueIndex value) {
  static std::map<ValueIndex, std::string> revisions;
  std::string& revision = revisions[value];
  if (revision.empty()) revision = RevisionOf(ValueFor(value));
  return revision;
}

std::string ProviderOf(const std::string& variable) {
  if (variable.find(".record") != std::string::npos) return "dns";
  return variable.rfind("frontEnd", 0) == 0 ? "site" : "lab";
}

bool Has(const Literal& literal, const std::vector<ValueIndex>& state) {
  return std::binary_search(literal.values.begin(),
                            literal.values.end(),
                            state[static_cast<std::size_t>(literal.variable)]);
}

}  // namespace

class CoreModel {
 public:
  CoreModel(int pools, int front_ends)
      : problem(verify::Core(pools, front_ends)), states(verify::SafeStates(problem)) {
    for (std::size_t i = 0; i < problem.variables.size(); ++i) {
      const std::string& name = problem.variables[i].name;
      variables[name] = i;
      keys[ProviderOf(name)].push_back({{"Part", name}, ""});
      places[ProviderOf(name)].push_back(i);
    }
    for (Operator& step : problem.operators) {
      const Effect& effect = step.effects.front();
      step.action.provider = ProviderOf(step.action.target.name);
      step.action.before = ValueFor(effect.from);
      step.action.after = ValueFor(effect.to);
      step.action.precondition_revision = RevisionFor(effect.from);
      step.action.duration = absl::Seconds(2);
    }
  }

  // Null: no safe order exists. The plans of the product's own planner, each held against the
  // checker.
  absl::StatusOr<std::shared_ptr<const Plan>> PlanFor(const std::vector<ValueIndex>& start,
                                                      const std::vector<ValueIndex>& goal) {
    std::string name;
    for (const auto* state : {&start, &goal})
      for (const ValueIndex value : *state)
        name += static_cast<char>('0' + value);
    if (const auto known = plans_.find(name); known != plans_.end()) return known->second;
    for (std::size_t i = 0; i < problem.variables.size(); ++i) {
      problem.variables[i].start = start[i];
      problem.variables[i].goal = goal[i];
    }
    auto plan = std::make_shared<Plan>();
    plan->organization = "core";
    const auto solved = plan::Solve(problem);
    if (const auto* none = std::get_if<plan::NoSolution>(&solved)) {
      plan->refusals.push_back({none->because.empty() ? "goal" : none->because.front().rule,
                                "no safe order of actions exists",
                                "declare another goal",
                                "",
                                {}});
    } else {
      const auto& solution = std::get<plan::Solution>(solved);
      const auto faults = check::CheckOrder(problem, solution.steps, solution.needs).faults;
      if (!faults.empty()) return absl::InternalError(faults.front());
      plan->actions = plan::ActionsOf(problem, solution);
      plan->certificate = solution.certificate;
      for (std::size_t i = 0; i < start.size(); ++i)
        plan->basis.emplace_back(ObservationKey{{"Part", problem.variables[i].name}, ""},
                                 RevisionFor(start[i]));
      std::sort(plan->basis.begin(), plan->basis.end());
      plan->rests_on = WhatItRestsOn(problem, solution.steps, plan->basis);
    }
    if (plans_.size() >= kMostPlans) plans_.clear();
    plans_[name] = plan;
    return plan;
  }

  PlanningProblem problem;
  std::vector<std::vector<ValueIndex>> states;
  std::map<std::string, std::size_t> variables;
  std::map<std::string, std::vector<ObservationKey>> keys;  // by provider
  std::map<std::string, std::vector<std::size_t>> places;   // the same, as variables
  Policy policy;
  const std::string organization = "core";

 private:
  std::unordered_map<std::string, std::shared_ptr<const Plan>> plans_;
};

std::shared_ptr<CoreModel> MakeCoreModel(int pools, int front_ends) {
  return std::make_shared<CoreModel>(pools, front_ends);
}

std::size_t SafeStateCount(const CoreModel& model) { return model.states.size(); }

CoreRealm::CoreRealm(std::shared_ptr<CoreModel> model, std::size_t start, std::size_t goal)
    : model_(std::move(model)), history_{model_->states[start]}, goal_(model_->states[goal]) {}

std::size_t CoreRealm::VariableOf(const ResourceId& id) const {
  return model_->variables.at(id.name);
}

Observation CoreRealm::LookBack(const ObservationKey& key, std::size_t changes) const {
  const State& state = history_[history_.size() - 1 - std::min(changes, history_.size() - 1)];
  const ValueIndex value = state[VariableOf(key.id)];
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = ValueFor(value);
  seen.revision = RevisionFor(value);
  return seen;
}

void CoreRealm::Change(std::size_t variable, ValueIndex value) {
  history_.push_back(history_.back());
  history_.back()[variable] = value;
}

std::string CoreRealm::Write(const Action& action) {
  Change(VariableOf(action.target), static_cast<ValueIndex>(action.after.IntegerOr("is", 0)));
  return "";
}

// Somebody changes one part to another value, possibly against the rules.
std::string CoreRealm::Meddle(Stream& stream) {
  const std::size_t variable = stream.Below(model_->problem.variables.size());
  const auto& part = model_->problem.variables[variable];
  const auto value = static_cast<ValueIndex>(stream.Below(part.values.size()));
  Change(variable, value);
  return part.name + " " + std::to_string(value);
}

std::vector<std::string> CoreRealm::Broken() const {
  std::vector<std::string> broken;
  for (std::size_t k = 0; k < model_->problem.clauses.size(); ++k) {
    const Clause& clause = model_->problem.clauses[k];
    int holding = 0;
    for (const Literal& literal : clause.literals)
      holding += Has(literal, history_.back()) ? 1 : 0;
    if (holding >= clause.at_least && holding <= clause.at_most) continue;
    broken.push_back(clause.reason.rule + " (clause " + std::to_string(k) + ")");
  }
  return broken;
}

bool CoreRealm::AtGoal() const { return history_.back() == goal_; }

std::string CoreRealm::Describe() const {
  std::string text;
  for (std::size_t i = 0; i < goal_.size(); ++i) {
    text += model_->problem.variables[i].name + "=" + std::to_string(history_.back()[i]);
    if (history_.back()[i] != goal_[i]) text += "->" + std::to_string(goal_[i]);
    text += ' ';
  }
  return text;
}

const std::string& CoreRealm::organization() const { return model_->organization; }
const Policy& CoreRealm::policy() const { return model_->policy; }

std::string CoreRealm::ChangeGoal(Stream& stream) {
  goal_ = model_->states[stream.Below(model_->states.size())];
  return "core";
}

std::map<ObservationKey, std::string> CoreRealm::ObserversOf(const Plan& plan) const {
  std::map<ObservationKey, std::string> observers;
  for (const ObservationKey& key : plan.rests_on)
    observers[key] = ProviderOf(key.id.name);
  return observers;
}

absl::StatusOr<std::shared_ptr<const Plan>> CoreRealm::MakePlan(const Ask& ask) {
  State seen = goal_;
  for (const auto& [provider, keys] : model_->keys) {
    const absl::StatusOr<std::vector<Observation>> answers = ask(provider, keys);
    if (!answers.ok()) return answers.status();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if ((*answers)[i].presence == Presence::kUnreachable)
        return absl::UnavailableError("could not look at " + ToString(keys[i].id));
      seen[model_->places[provider][i]] =
          static_cast<ValueIndex>((*answers)[i].properties.IntegerOr("is", 0));
    }
  }
  return model_->PlanFor(seen, goal_);
}

ValueIndex CoreRealm::ValueOf(const std::string& variable) const {
  return history_.back()[model_->variables.at(variable)];
}

void CoreRealm::SetGoal(const std::string& variable, ValueIndex value) {
  goal_[model_->variables.at(variable)] = value;
}

void CoreRealm::SetValue(const std::string& variable, ValueIndex value) {
  Change(model_->variables.at(variable), value);
}

}  // namespace poolshift::simulation
