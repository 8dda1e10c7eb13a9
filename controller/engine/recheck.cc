#include "controller/engine/recheck.h"

#include "absl/status/status.h"

#include "controller/apply/settlement.h"
#include "controller/model/try.h"

namespace poolshift {

Recheck::Recheck(const Plan& plan, const RunOptions& options)
    : plan_(plan), deadline_(options.executor.read_deadline) {
  std::map<ResourceId, const Action*> targets;
  for (const Action& action : plan.actions) {
    if (!action.gate.has_value()) targets.emplace(action.target, &action);
  }
  std::map<ObservationKey, std::string> expected;
  for (const auto& [id, action] : targets)
    expected[{id, ""}] = action->precondition_revision;
  const std::set<ObservationKey> rests_on(plan.rests_on.begin(), plan.rests_on.end());
  for (const auto& [key, revision] : plan.basis) {
    if (targets.contains(key.id) || rests_on.contains(key)) expected[key] = revision;
  }
  for (auto& [key, revision] : expected) {
    const auto target = targets.find(key.id);
    const Action* action = target == targets.end() ? nullptr : target->second;
    const auto observer = options.executor.observers.find(key);
    const bool routed = observer != options.executor.observers.end();
    const std::string by_default = action == nullptr ? "" : action->provider;
    questions_[routed ? observer->second : by_default].push_back({key, action, revision});
  }
}

std::set<std::string> Recheck::Concerned() const {
  std::set<std::string> concerned;
  for (const Action& action : plan_.actions)
    concerned.insert(action.provider);
  for (const auto& [name, questions] : questions_)
    concerned.insert(name);
  return concerned;
}

std::string Recheck::Line(const Question& question, const Observation& seen) {
  if (question.action == nullptr)
    return ToString(question.key.id) + ": changed, and the plan's order rests on it";
  const std::string from = DisplayText(question.action->before);
  const std::string to = Describe(*question.action, seen);
  const std::string where =
      question.key.vantage.empty() ? "" : " (seen from " + question.key.vantage + ")";
  std::string text = ToString(question.key.id) + where + ": ";
  if (from == to) return text + "still " + to + ", but another part of it changed";
  return text + from + " → " + to;
}

absl::Status Recheck::Compare(const std::vector<Question>& questions,
                              const std::vector<Observation>& seen,
                              std::vector<std::string>& moved) {
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (seen[i].presence == Presence::kUnreachable) {
      return absl::UnavailableError("could not look at " + ToString(questions[i].key.id) + ": " +
                                    seen[i].reason +
                                    "; nothing was changed. Repair the way to it, then run again");
    }
    const bool present = seen[i].presence == Presence::kPresent;
    if ((present ? seen[i].revision : "") != questions[i].revision)
      moved.push_back(Line(questions[i], seen[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Recheck::Moved(const RunContext& context) const {
  std::vector<std::string> moved;
  for (const auto& [name, questions] : questions_) {
    const auto provider = context.providers.find(name);
    if (provider == context.providers.end()) {
      return absl::NotFoundError("the plan asks provider " + name +
                                 ", which is not declared; plan again");
    }
    std::vector<ObservationKey> keys;
    for (const Question& question : questions)
      keys.push_back(question.key);
    POOLSHIFT_ASSIGN(const auto seen, provider->second->Observe(keys, deadline_));
    if (seen.size() != keys.size()) {
      return absl::InternalError("provider " + name + " gave " + std::to_string(seen.size()) +
                                 " answers to " + std::to_string(keys.size()) +
                                 " questions; nothing was changed");
    }
    POOLSHIFT_TRY(Compare(questions, seen, moved));
  }
  return moved;
}

}  // namespace poolshift
