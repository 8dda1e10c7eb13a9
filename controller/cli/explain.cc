#include <optional>

#include "absl/strings/ascii.h"

#include "controller/cli/action_reference.h"
#include "controller/cli/explain_question.h"
#include "controller/cli/git_manifests.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/exporting.h"
#include "controller/engine/other_host.h"
#include "controller/engine/planning.h"
#include "controller/engine/waits.h"
#include "controller/federation/kinds.h"
#include "controller/federation/resource_name.h"
#include "controller/model/diagnostics.h"
#include "controller/model/try.h"
#include "controller/report/explanation.h"

namespace poolshift {
namespace {

// A plan with what it was made from.
struct Ground {
  ObservedState observed;
  Plan plan;
  Reasoning reasoning;
};

// Of any width and without colours a text has a line for each fact.
Style StyleOf(const Session& session, const Arguments& arguments) {
  constexpr int kEndless = 1 << 20;
  return arguments.Has("--json") ? Style{false, kEndless} : session.out_style;
}

absl::StatusOr<Ground> Look(Workspace& workspace) {
  Ground ground;
  POOLSHIFT_ASSIGN(ground.observed, workspace.Observe());
  POOLSHIFT_ASSIGN(
      ground.plan,
      MakePlanWithoutCommands(
          workspace.organization(), ground.observed, workspace.assignment(), &ground.reasoning));
  TellExport(workspace.exporters(), ground.plan);
  POOLSHIFT_TRY(workspace.AddCommands(ground.plan));
  return ground;
}

// Rule ids are written as in docs/rules.md; people type them as they like.
std::optional<std::string> AsRule(const Explained& from,
                                  const std::string& subject,
                                  const Style& style) {
  for (const std::string& id : {subject, absl::AsciiStrToUpper(subject)}) {
    auto text = ExplainRule(from, id, style);
    if (text.has_value()) return text;
  }
  return std::nullopt;
}

// "004": numbers with leading zeros are those of the source documents.
bool IsDocument(const std::string& subject) {
  return subject.size() == 3 && subject.starts_with('0') &&
         subject.find_first_not_of("0123456789") == std::string::npos;
}

// "F5", "D20": a fault of the source pages, or a decision, as plans cite them.
bool IsCited(const std::string& subject) {
  return subject.size() > 1 && (subject.front() == 'F' || subject.front() == 'D') &&
         subject.find_first_not_of("0123456789", 1) == std::string::npos;
}

// What is wrong with the name of a resource; "" when it is none, or none of a known kind.
std::string FaultOfName(const std::string& subject) {
  const std::size_t slash = subject.find('/');
  const std::string kind = subject.substr(0, slash);
  if (slash == std::string::npos || kinds::FindKindSchema(kind) == nullptr) return "";
  return kinds::NameFault({kind, subject.substr(slash + 1)});
}

absl::StatusOr<std::string> ExplainSubject(const Explained& from,
                                           const std::string& subject,
                                           const Style& style) {
  if (absl::AsciiStrToLower(subject) == "certificate") return ExplainCertificate(from, style);
  if (IsDocument(subject)) {
    auto text = ExplainDocument(from, subject, style);
    if (text.has_value()) return *std::move(text);
    return absl::InvalidArgumentError("the plan has nothing of the source document " + subject +
                                      "; docs/source-pages.md lists the documents");
  }
  for (const auto& explain : {AsRule, ExplainEntity, ExplainResource}) {
    auto text = explain(from, subject, style);
    if (text.has_value()) return *std::move(text);
  }
  if (const std::string id = absl::AsciiStrToUpper(subject); IsCited(id)) {
    auto text = ExplainDocument(from, id, style);
    if (text.has_value()) return *std::move(text);
    return absl::InvalidArgumentError("the plan has nothing of " + id +
                                      "; docs/source-pages.md lists the faults, docs/rules.md the "
                                      "rules");
  }
  const std::string fault = FaultOfName(subject);
  if (!fault.empty()) return absl::InvalidArgumentError('`' + subject + "`: " + fault);
  const absl::StatusOr<std::size_t> place = PlaceOfAction(from.plan, subject);
  if (place.ok()) return ExplainAction(from, from.plan.actions[*place], style);
  const std::string text(place.status().message());
  if (text.find("could be") != std::string::npos) return place.status();
  const std::string closest = ClosestName(subject, Explainable(from));
  return absl::InvalidArgumentError(
      text + ", nor a rule, a pool, a site, a domain or a resource; " +
      (closest.empty() ? "`poolshift plan` lists the actions, docs/rules.md the rules"
                       : "did you mean `" + closest + "`?"));
}

absl::StatusOr<std::string> AnswerQuestion(Workspace& workspace,
                                           Ground& ground,
                                           const Explained& from,
                                           const std::string& question,
                                           const Style& style) {
  std::optional<OtherHost> other = AskedHost(from.organization, question);
  if (!other.has_value()) return AnswerWhyNot(from, question, style);
  if (!other->sip && !other->xmpp)
    return absl::InvalidArgumentError(
        "--why-not: no host is declared for that, so there is none "
        "to be replaced; set `hosts` in the Organization");
  ObservedState observed = ground.observed;
  POOLSHIFT_TRY(PlanOtherHost(workspace, observed, *other));
  return ExplainOtherHost(from, *other, style);
}

ExitCode RunExplain(Session& session, const Arguments& arguments) {
  const bool asks_why_not = arguments.Has("--why-not");
  if (!asks_why_not && arguments.words().empty())
    return session.Fail(kExitInvalidInput,
                        "explain: say what: an action (`#7`), a rule, a pool, a site, a domain, "
                        "a resource or the `certificate`");
  const std::string asked = asks_why_not ? arguments.Value("--why-not") : arguments.words().front();
  const std::vector<std::string> paths = PathsOf(arguments, asks_why_not ? 0 : 1);
  const Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  absl::StatusOr<Ground> ground = Look(*opening.workspace);
  if (!ground.ok()) return session.Fail(ground.status());
  const Explained from{opening.workspace->organization(),
                       ground->observed,
                       ground->plan,
                       [&](const ActionId& earlier, const ActionId& later) {
                         return WaitsBetween(ground->plan, ground->reasoning, earlier, later);
                       }};
  const Style style = StyleOf(session, arguments);
  const absl::StatusOr<std::string> text =
      asks_why_not ? AnswerQuestion(*opening.workspace, *ground, from, asked, style)
                   : ExplainSubject(from, asked, style);
  if (!text.ok()) return session.Fail(text.status());
  session.out << (arguments.Has("--json") ? ExplanationJson(asked, *text) : *text);
  return kExitOk;
}

}  // namespace

Command ExplainCommand() {
  Command command;
  command.name = "explain";
  command.words = "SUBJECT [PATH...]";
  command.summary = "say why something is in the plan, or is not";
  command.text =
      "Makes the plan of the manifests at PATH, as `poolshift plan` does, and tells about SUBJECT "
      "the chain from the line that declares it over the difference and the rule to the action. "
      "SUBJECT is an action or gate (`#7`, `a7`, its id, or words of its title), a rule (`I-10`), "
      "a source document (`004`), one of its faults (`F5`), a decision (`D20`), a pool, site or "
      "domain (`edgepool2`), or a resource "
      "(`SiteRoute/Site1`): when nothing is done there, why; or `certificate`: how it is known "
      "that "
      "no plan is smaller.\n"
      "With --why-not there is no SUBJECT: the question is `ACTION before ACTION`, `ACTION after "
      "ACTION` or `ACTION first`, and the answer is the rule that would be broken, with the state "
      "that would be passed; or `host POOL`, and the answer is what would be planned, or refused, "
      "if "
      "that pool were declared.\n"
      "Exit codes: 0 explained, 10 there is no such thing, or the manifests have faults, 1 another "
      "error.";
  command.most_words = kAnyNumber;
  command.options =
      WithGitOptions({{"--why-not", "QUESTION", "ask why the order or the host is not another", ""},
                      {"--json", "", "print the explanation as JSON", ""}});
  command.examples = {"poolshift explain '#14' manifests/both-failover",
                      "poolshift explain I-10 manifests/both-failover",
                      "poolshift explain SiteRoute/Site1 manifests/both-failover",
                      "poolshift explain certificate manifests/failback",
                      "poolshift explain --why-not '#14 before #12' manifests/both-failover",
                      "poolshift explain --why-not 'host edgepool1' manifests/both-failover"};
  command.run = RunExplain;
  return command;
}

}  // namespace poolshift
