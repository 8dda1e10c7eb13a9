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
    case Note::Treatment::kBefore:
      return "before";
  }
  return "";
}

bool IsFree(const Action& action) { return action.verb == Verb::kGate && !action.human; }

int Plan::mutations() const { return static_cast<int>(actions.size()) - gates(); }

int Plan::gates() const {
  return static_cast<int>(std::count_if(
      actions.begin(), actions.end(), [](const Action& action) { return IsFree(action); }));
}

ActionId MakeActionId(Verb verb,
                      const ResourceId& target,
                      const Value& before,
                      const Value& after) {
  constexpr std::size_t kIdDigits = 16;  // people write its beginning
  std::string content(Name(verb));
  content += '\n' + ToString(target) + '\n' + CanonicalText(before) + '\n' + CanonicalText(after);
  return (verb == Verb::kGate ? "g" : "a") + Digest(content).substr(0, kIdDigits);
}

namespace {

// Every field is preceded by its length and every list by its count, so that no two plans share a
// text.
void Append(std::string_view field, std::string& out) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
}

void Append(std::int64_t number, std::string& out) {
  out += std::to_string(number);
  out += ';';
}

void AppendAll(const std::vector<std::string>& fields, std::string& out) {
  Append(static_cast<std::int64_t>(fields.size()), out);
  for (const std::string& field : fields)
    Append(field, out);
}

void AppendGate(const Gate& gate, std::string& out) {
  Append(static_cast<std::int64_t>(gate.expectations.size()), out);
  for (const Expectation& expectation : gate.expectations) {
    Append(ToString(expectation.subject.id), out);
    Append(expectation.subject.vantage, out);
    Append(expectation.property, out);
    Append(static_cast<std::int64_t>(expectation.compare), out);
    Append(CanonicalText(expectation.value), out);
  }
  AppendAll(gate.produced_by, out);
  Append(gate.quorum, out);
  Append(gate.vantages_required, out);
  Append(gate.consecutive, out);
  for (const absl::Duration duration : {gate.hold, gate.timeout, gate.interval}) {
    Append(absl::FormatDuration(duration), out);
  }
  // Only where it ends: the digest of a plan that knew no such thing stays what it was.
  if (gate.evidence != absl::InfiniteDuration()) Append(absl::FormatDuration(gate.evidence), out);
}

void AppendAction(const Action& action, std::string& out) {
  Append(action.id, out);
  Append(Name(action.verb), out);
  Append(ToString(action.target), out);
  Append(action.provider, out);
  Append(action.human, out);
  Append(action.needs_approval, out);
  Append(CanonicalText(action.before), out);
  Append(CanonicalText(action.after), out);
  Append(action.precondition_revision, out);
  AppendAll(action.needs, out);
  AppendAll(action.commands, out);
  AppendAll(action.locks, out);
  Append(static_cast<std::int64_t>(action.also.size()), out);
  for (const JointChange& change : action.also) {
    Append(ToString(change.target), out);
    Append(CanonicalText(change.before), out);
    Append(CanonicalText(change.after), out);
  }
  AppendAll(action.modes, out);
  Append(action.gate.has_value(), out);
  if (action.gate.has_value()) AppendGate(*action.gate, out);
}

}  // namespace

std::string PlanDigest(const Plan& plan) {
  std::string content;
  Append(plan.organization, content);
  Append(plan.phase, content);
  Append(static_cast<std::int64_t>(plan.actions.size()), content);
  for (const Action& action : plan.actions)
    AppendAction(action, content);
  for (const auto& [key, revision] : plan.basis) {
    Append(ToString(key.id), content);
    Append(key.vantage, content);
    Append(revision, content);
  }
  // A count ends otherwise than the length of a field, so that none of these is taken for a basis.
  if (!plan.left_out.empty()) Append(static_cast<std::int64_t>(plan.left_out.size()), content);
  for (const LeftOut& each : plan.left_out) {
    Append(each.part, content);
    Append(each.because.rule, content);  // its text may tell another time at each look
  }
  return Digest(content);
}

}  // namespace poolshift
