#include "controller/report/runbook.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"

#include "controller/federation/no_return.h"
#include "controller/federation/provenance.h"
#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/plan_text.h"
#include "controller/report/runbook_back_out.h"
#include "controller/report/runbook_step.h"
#include "controller/report/safe_text.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

// One empty line where several follow each other; lines within lists and code have an indent.
std::string OneGap(const std::string& text) {
  std::string single;
  for (const char letter : text) {
    if (letter != '\n' || !single.ends_with("\n\n")) single += letter;
  }
  return single;
}

class Document {
 public:
  Document(const Organization& organization, const Plan& plan, const std::vector<WayBack>& ways)
      : organization_(organization), plan_(plan), back_(plan, ways), table_(TimetableOf(plan)) {}

  std::string Write() {
    Title();
    if (!plan_.refusals.empty()) {
      Refused();
      return OneGap(text_);
    }
    Summary();
    LeftOutParts();
    Reason();
    Risk();
    Prerequisites();
    Steps();
    BackOut();
    Partners();
    Times();
    SignOff();
    return OneGap(text_);
  }

 private:
  void Line(const std::string& line) { text_ += line + '\n'; }
  void Item(const std::string& item) { Line("- " + MarkdownText(item)); }
  void Heading(const std::string& heading) { Line("\n## " + heading + "\n"); }

  void Title() {
    std::string moves;
    for (const Situation& situation : plan_.situations) {
      if (situation.name == "steady" || situation.from == situation.to) continue;
      moves += (moves.empty() ? "" : ", ") + absl::AsciiStrToUpper(situation.protocol) +
               " federation " + (situation.from.empty() ? "(no host)" : situation.from) + " → " +
               situation.to + " (" + situation.name + ')';
    }
    if (moves.empty()) moves = "bring the deployment to what is declared";
    Line("# Change at " + MarkdownText(organization_.name) + ": " + MarkdownText(moves));
    Line("\nPlan `" + PlanDigest(plan_).substr(0, 16) +
         "`. A step's number is its place in `poolshift plan`.");
    Line(
        "This document was made from what was observed when it was printed. If anything in it is "
        "not as");
    Line("described when you arrive there, stop and make it anew.");
  }

  void Summary() {
    Heading("Summary");
    Item(Count(static_cast<std::size_t>(plan_.mutations()), "change") + ", " +
         Count(static_cast<std::size_t>(plan_.gates()), "check") + " in between; about " +
         DurationText(table_.total) + " in all");
    for (const Recovery& recovery : table_.recoveries)
      Item(RecoveryText(recovery));
    for (const Situation& situation : plan_.situations)
      Item(absl::AsciiStrToUpper(situation.protocol) + ": " + situation.name + ". " +
           situation.evidence);
  }

  // What nobody must believe to be done when the last step is.
  void LeftOutParts() {
    if (plan_.left_out.empty()) return;
    Heading("Not in this change");
    for (const LeftOut& each : plan_.left_out) {
      Item(each.part + ", left as it is: " + each.because.text);
      if (!each.because.hint.empty()) Line("  - do: " + MarkdownText(each.because.hint));
    }
  }

  // There is nothing to approve and nothing to follow.
  void Refused() {
    Heading("Refused, do not begin");
    for (const Refusal& refusal : plan_.refusals) {
      Item(refusal.text);
      for (const Demand& demand : refusal.demands) {
        const std::string place = ToString(demand.origin);
        Line("  - " + MarkdownText(demand.rule.text) + " (" +
             MarkdownText(SourceText(demand.rule.rule, demand.rule.source)) + ")" +
             (place.empty() ? "" : ", `" + place + "`"));
      }
      if (!refusal.hint.empty()) Line("  - do: " + MarkdownText(refusal.hint));
    }
  }

  static std::string RecoveryText(const Recovery& recovery) {
    std::string text = absl::AsciiStrToUpper(recovery.protocol) +
                       " federation works at its host after about " + DurationText(recovery.ours);
    if (recovery.tail > absl::ZeroDuration())
      text += "; partners whose resolvers remember the former records follow up to " +
              DurationText(recovery.tail) + " later";
    return text;
  }

  void Reason() {
    Heading("Reason");
    for (const DeclaredLine& line : LinesBehind(organization_, plan_)) {
      const std::string place = ToString(line.origin);
      Line("- " + MarkdownText(line.text) + (place.empty() ? "" : " (`" + place + "`)"));
    }
  }

  void Risk() {
    Heading("Risk");
    const std::size_t before = text_.size();
    const auto numbers = Numbers(plan_);
    for (const Action& action : plan_.actions) {
      const std::string number = "Step " + std::to_string(numbers.at(action.id));
      const std::string no_return = NoReturn(action);
      if (!no_return.empty())
        Line("- **No way back** from " + number + ": " + MarkdownText(no_return));
      const std::string loses = ReturnLoses(action);
      if (!loses.empty()) Item("Going back after " + number + " loses something: " + loses);
      if (action.needs_approval) Item(number + " needs approval: `" + ApprovalFlag(action) + '`');
      if (action.verb == Verb::kDelete) Item(number + " deletes " + ToString(action.target));
      if (action.verb == Verb::kStop) Item(number + " stops something: " + action.title);
      if (TurnsAway(action)) Item(number + " turns traffic away: " + action.title);
      if (Disables(action)) Item(number + " keeps a service from starting: " + action.title);
    }
    for (const Diagnostic& warning : plan_.warnings.items())
      Item(warning.message + (warning.hint.empty() ? "" : ": " + warning.hint));
    if (text_.size() == before) Item("Nothing is deleted or stopped, no approval is needed.");
  }

  void Prerequisites() {
    Heading("Before you begin");
    const bool writes =
        std::any_of(plan_.actions.begin(), plan_.actions.end(), [](const Action& action) {
          return std::count(action.locks.begin(), action.locks.end(), "cms") > 0;
        });
    const auto box = [&](const std::string& item) { Line("- [ ] " + item); };
    box("The change is approved, and nobody else changes the topology, these services or these "
        "records meanwhile.");
    if (writes) {
      box("Lync Server Management Shell on a Front End server, as a member of "
          "RTCUniversalServerAdmins; local administrator on the Edge servers.");
    }
    for (const Note& note : plan_.notes) {
      const bool by_hand = note.treatment == Note::Treatment::kBefore ||
                           (note.treatment == Note::Treatment::kDone && !note.commands.empty());
      if (!by_hand) continue;
      box(MarkdownText(note.text) + ":");
      Shell(note);
    }
    box("Write access to the DNS zones that the steps name.");
    box("A machine outside the perimeter, to see ports as partners see them.");
  }

  void Shell(const Note& note) {
    if (note.commands.empty()) return;
    Line("");
    AppendBlock(note.commands, "powershell", "  ", text_);
    Line("");
  }

  void Steps() {
    Heading("Steps");
    Line(
        "Work from top to bottom. Steps that say \"at once\" need not wait for the ones above "
        "them.");
    const auto numbers = Numbers(plan_);
    for (const Action& action : plan_.actions)
      text_ += RunbookStep(action, numbers, back_.From(numbers.at(action.id)));
    for (const Note& note : plan_.notes) {
      if (note.treatment != Note::Treatment::kFollowUp) continue;
      Line("\n- [ ] Afterwards: " + MarkdownText(note.text) + (note.commands.empty() ? "" : ":"));
      Shell(note);
    }
  }

  void BackOut() {
    Heading("Back-out");
    text_ += back_.Section();
  }

  void Partners() {
    Heading("Partners");
    if (organization_.partners.empty()) {
      Line("None is declared.");
      return;
    }
    Line("| partner | protocols | finds us by | follows DNS | lets in | contact |");
    Line("|---|---|---|---|---|---|");
    for (const auto& [name, partner] : organization_.partners) {
      const bool dns = partner.discovery == Partner::Discovery::kDns;
      const std::string protocols = std::string(partner.sip ? "SIP" : "") +
                                    (partner.sip && partner.xmpp ? ", " : "") +
                                    (partner.xmpp ? "XMPP" : "");
      Line("| " + MarkdownCell(partner.domain) + " | " + protocols + " | " +
           (dns ? "DNS" : "its own setting: " + MarkdownCell(partner.pinned_name)) + " | " +
           (dns ? "yes" : "**no: call them**") + " | " +
           (partner.accepts_names.empty()
                ? "every name"
                : "**only** " + MarkdownCell(absl::StrJoin(partner.accepts_names, ", "))) +
           " | " + (partner.contact.empty() ? "not declared" : MarkdownCell(partner.contact)) +
           " |");
    }
  }

  void Times() {
    Heading("Times");
    const auto numbers = Numbers(plan_);
    Line("| step | begins after | takes about | on the critical path |");
    Line("|---|---|---|---|");
    for (std::size_t i = 0; i < plan_.actions.size(); ++i) {
      const Action& action = plan_.actions[i];
      const Slot& slot = table_.slots[i];
      const bool critical =
          std::count(table_.critical.begin(), table_.critical.end(), action.id) > 0;
      Line("| " + std::to_string(numbers.at(action.id)) + " | " + DurationText(slot.begin) + " | " +
           DurationText(slot.end - slot.begin) + " | " + (critical ? "yes" : "") + " |");
    }
    Line("\nEstimates, with everything side by side that may be; by hand it takes longer.");
  }

  void SignOff() {
    Heading("Sign-off");
    Line("| | name | time |");
    Line("|---|---|---|");
    for (const char* who : {"approved by", "begun by", "ended by", "result seen from outside by"})
      Line("| " + std::string(who) + " | | |");
  }

  const Organization& organization_;
  const Plan& plan_;
  const RunbookBackOut back_;
  const Timetable table_;
  std::string text_;
};

}  // namespace

std::string Runbook(const Organization& organization,
                    const Plan& plan,
                    const std::vector<WayBack>& ways) {
  return Document(organization, plan, ways).Write();
}

}  // namespace poolshift
