#include "controller/model/plan.h"

#include <algorithm>

#include "controller/model/digest.h"

namespace poolshift {

char Symbol(Verb verb) {
  switch (verb) {
    case Verb::kCreate:
      return '+';
    case Verb::kUpdate:
      return '~';
    case Verb::kDelete:
      return '-';
    case Verb::kStart:
      return '>';
    case Verb::kStop:
      return '.';
    case Verb::kGate:
      return '?';
  }
  return ' ';
}

std::string_view Name(Verb verb) {
  switch (verb) {
    case Verb::kCreate:
      return "create";
    case Verb::kUpdate:
      return "update";
    case Verb::kDelete:
      return "delete";
    case Verb::kStart:
      return "start";
    case Verb::kStop:
      return "stop";
    case Verb::kGate:
      return "gate";
  }
  return "";
}

std::string_view Name(Note::Treatment treatment) {
  switch (treatment) {
    case Note::Treatment::kDone:
      return "done";
    case Note::Treatment::kMoved:
      return "moved";
    case Note::Treatment::kNotNeeded:
      return "not needed";
    case Note::Treatment::kCorrected:
      return "corrected";
    case Note::Treatment::kFollowUp:
      return "follow-up";
  }
  return "";
}

int Plan::mutations() const { return static_cast<int>(actions.size()) - gates(); }

int Plan::gates() const {
  return static_cast<int>(std::count_if(actions.begin(), actions.end(), [](const Action& action) {
    return action.verb == Verb::kGate;
  }));
}

ActionId MakeActionId(Verb verb,
                      const ResourceId& target,
                      const Value& before,
                      const Value& after) {
  std::string content(Name(verb));
  content += '\n' + ToString(target) + '\n' + CanonicalText(before) + '\n' + CanonicalText(after);
  return (verb == Verb::kGate ? "g" : "a") + Digest(content).substr(0, 8);
}

namespace {

// Fields are separated by a byte that canonical text escapes, so that no two plans share a text.
void Append(std::string_view field, std::string& out) {
  out += field;
  out += '\x1f';
}

void AppendGate(const Gate& gate, std::string& out) {
  for (const Expectation& expectation : gate.expectations) {
    Append(ToString(expectation.subject.id), out);
    Append(expectation.subject.vantage, out);
    Append(expectation.property, out);
    Append(std::to_string(static_cast<int>(expectation.compare)), out);
    Append(CanonicalText(expectation.value), out);
    for (const ActionId& id : expectation.produced_by)
      Append(id, out);
  }
  Append(std::to_string(gate.quorum) + ' ' + std::to_string(gate.consecutive), out);
  Append(absl::FormatDuration(gate.hold) + absl::FormatDuration(gate.timeout), out);
}

void AppendAction(const Action& action, std::string& out) {
  Append(action.id, out);
  Append(Name(action.verb), out);
  Append(ToString(action.target), out);
  Append(action.provider, out);
  Append(action.human ? "human" : "", out);
  Append(CanonicalText(action.before), out);
  Append(CanonicalText(action.after), out);
  Append(action.precondition_revision, out);
  for (const ActionId& id : action.needs)
    Append(id, out);
  for (const std::string& command : action.commands)
    Append(command, out);
  for (const std::string& lock : action.locks)
    Append(lock, out);
  if (action.gate.has_value()) AppendGate(*action.gate, out);
  out += '\x1e';
}

}  // namespace

std::string PlanDigest(const Plan& plan) {
  std::string content;
  Append(plan.organization, content);
  for (const Action& action : plan.actions)
    AppendAction(action, content);
  for (const auto& [key, revision] : plan.basis) {
    Append(ToString(key.id), content);
    Append(key.vantage, content);
    Append(revision, content);
  }
  return Digest(content);
}

}  // namespace poolshift
