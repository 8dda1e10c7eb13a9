#include "controller/report/action_text.h"

#include "absl/strings/str_cat.h"

#include "controller/federation/kinds.h"
#include "controller/report/change.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

// What stands before each line under a title.
struct Lead {
  static constexpr std::string_view kNone = "                   ";
  static constexpr std::string_view kWhat = "         what      ";
  static constexpr std::string_view kChanges = "         changes   ";
  static constexpr std::string_view kWhy = "         why       ";
  static constexpr std::string_view kUntil = "         until     ";
  static constexpr std::string_view kHolds = "         holds     ";
  static constexpr std::string_view kLooks = "         looks     ";
  static constexpr std::string_view kApproval = "         approval  ";
  static constexpr std::string_view kDo = "         do        ";
  static constexpr std::string_view kRuns = "         runs      ";
  static constexpr std::string_view kWaitsFor = "         waits for ";
};

void AddChanges(const Action& action, Page& page) {
  for (const Change& change : Changes(action.before, action.after)) {
    page.Add(Lead::kChanges, ToString(change), Ink::kDim);
  }
  for (const JointChange& also : action.also) {
    for (const Change& change : Changes(also.before, also.after)) {
      page.Add(Lead::kChanges, ToString(also.target) + ": " + ToString(change), Ink::kDim);
    }
  }
}

std::string Cited(const Reason& reason) {
  const std::string source = SourceText(reason.rule, reason.source);
  return source.empty() ? reason.text : absl::StrCat(reason.text, " (", source, ")");
}

void AddReasons(const Action& action,
                const Action* previous,
                const ActionNumbers& numbers,
                Page& page) {
  if (previous != nullptr && SameGroup(action, *previous) && action.why == previous->why) {
    page.Add(Lead::kWhy, "as #" + std::to_string(numbers.at(previous->id)), Ink::kDim);
    return;
  }
  for (const Reason& reason : action.why)
    page.Add(Lead::kWhy, Cited(reason), Ink::kDim);
}

std::string QuorumText(const Gate& gate) {
  std::string text;
  const auto all = static_cast<int>(gate.expectations.size());
  if (gate.quorum > 0 && gate.quorum < all) {
    text += std::to_string(gate.quorum) + " of " + std::to_string(all) + " are enough, ";
  }
  if (gate.consecutive > 1) text += std::to_string(gate.consecutive) + " times in a row, ";
  return text;
}

std::string EvidenceText(const Gate& gate) {
  if (gate.evidence == absl::InfiniteDuration()) return "";
  return "; once more before a change that comes over " + DurationText(gate.evidence) + " later";
}

void AddGate(const Gate& gate, const ActionNumbers& numbers, Page& page) {
  for (const std::string& text : ExpectationTexts(gate, numbers)) {
    page.Add(Lead::kUntil, text, Ink::kDim);
  }
  if (gate.hold > absl::ZeroDuration()) {
    page.Add(Lead::kHolds, DurationText(gate.hold) + " first", Ink::kDim);
  }
  if (gate.expectations.empty()) return;
  page.Add(Lead::kLooks,
           QuorumText(gate) + "every " + DurationText(gate.interval) + "; stops the run after " +
               DurationText(gate.timeout) + EvidenceText(gate),
           Ink::kDim);
}

void AddApproval(const Action& action, Page& page) {
  if (!action.needs_approval) return;
  page.Add(
      Lead::kApproval, "runs only with --approve " + ToString(action.target), Ink::kRed, Ink::kRed);
}

std::string Carrier(const Action& action) {
  std::string text = ToString(action.target);
  if (!action.provider.empty()) (text += " by ") += action.provider;
  if (action.human) text += ", by hand";
  if (action.verb != Verb::kGate) (text += ", about ") += DurationText(action.duration);
  text += ", id";
  text += kJoined;
  return text += action.id;
}

// "EdgeService/edge1.contoso.net" of "EdgeService/edge1.contoso.net/accessEdge".
std::string ServerOf(const ResourceId& id) {
  return id.kind + '/' + id.name.substr(0, id.name.find('/'));
}

}  // namespace

char Symbol(const Action& action) { return action.human ? '!' : Symbol(action.verb); }

Ink InkOf(const Action& action) {
  if (action.human) return Ink::kYellow;
  switch (action.verb) {
    case Verb::kCreate:
    case Verb::kStart:
      return Ink::kGreen;
    case Verb::kUpdate:
      return Ink::kYellow;
    case Verb::kDelete:
    case Verb::kStop:
      return Ink::kRed;
    case Verb::kGate:
      return Ink::kCyan;
  }
  return Ink::kPlain;
}

bool SameGroup(const Action& a, const Action& b) {
  const bool services = a.verb == Verb::kStart || a.verb == Verb::kStop;
  return services && a.verb == b.verb && ServerOf(a.target) == ServerOf(b.target);
}

void AddTitle(const Action& action, const ActionNumbers& numbers, Page& page) {
  constexpr std::size_t kNumberWidth = 4;
  const auto found = numbers.find(action.id);
  std::string lead = found == numbers.end() ? "" : std::to_string(found->second);
  lead.insert(0, kNumberWidth - std::min(kNumberWidth, lead.size()), ' ');
  lead += ' ';
  lead += Symbol(action);
  lead += ' ';
  page.Add(lead, action.title, InkOf(action), Ink::kBold);
}

void AddAction(const Action& action,
               const Action* previous,
               const ActionNumbers& numbers,
               Page& page) {
  AddTitle(action, numbers, page);
  page.Add(Lead::kWhat, Carrier(action), Ink::kDim);
  if (action.verb != Verb::kGate) AddChanges(action, page);
  if (action.gate.has_value()) AddGate(*action.gate, numbers, page);
  AddReasons(action, previous, numbers, page);
  for (const std::string& command : action.commands) {
    page.AddUnbroken(action.human ? Lead::kDo : Lead::kRuns, command, Ink::kBold);
  }
  if (!action.needs.empty()) {
    page.Add(Lead::kWaitsFor, NumbersText(action.needs, numbers), Ink::kDim);
  }
  AddApproval(action, page);
}

void AddTurn(const std::vector<ActionId>& sharing, const ActionNumbers& numbers, Page& page) {
  if (sharing.empty()) return;
  page.Add(Lead::kNone, "one at a time with " + NumbersText(sharing, numbers), Ink::kDim);
}

bool TurnsAway(const Action& action) {
  const std::string mode(action.after.StringOr("mode", ""));
  return action.target.kind == kinds::kFence && action.verb != Verb::kGate && !mode.empty() &&
         mode != "none";
}

bool Disables(const Action& action) {
  return action.target.kind == kinds::kEdgeService && action.verb != Verb::kGate &&
         action.verb != Verb::kStop && action.after.StringOr("startMode", "") == "disabled";
}

}  // namespace poolshift
