#include <optional>

#include "absl/strings/ascii.h"

#include "controller/cli/action_reference.h"
#include "controller/cli/git_manifests.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/exporting.h"
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

// The part of the question before and after a word that stands alone; nothing without it.
std::optional<std::pair<std::string, std::string>> SplitAt(const std::string& question,
                                                           const std::string& word) {
  const std::size_t at = question.find(' ' + word + ' ');
  if (at == std::string::npos) return std::nullopt;
  return std::pair{question.substr(0, at), question.substr(at + word.size() + 2)};
}

// What is asked to come before what; `second` empty: before everything.
struct Question {
  std::string first, second;
};

// "why is EdgePool2 not stopped first?" asks for "stop EdgePool2 first".
std::string AsDeed(std::string question) {
  constexpr std::pair<std::string_view, std::string_view> kDeeds[] = {{"stopped", "stop"},
                                                                      {"started", "start"},
                                                                      {"routed", "route"},
                                                                      {"published", "publish"},
                                                                      {"pointed", "point"},
                                                                      {"drained", "streams"}};
  while (!question.empty() && (question.back() == '?' || question.back() == ' '))
    question.pop_back();
  const std::string lower = absl::AsciiStrToLower(question);
  for (const std::string_view opening : {"why is ", "why are ", "why was "}) {
    const std::size_t denial = lower.find(" not ");
    if (!lower.starts_with(opening) || denial == std::string::npos) continue;
    const std::string who = question.substr(opening.size(), denial - opening.size());
    std::string rest = question.substr(denial + 5);
    for (const auto& [done, deed] : kDeeds) {
      if (rest.starts_with(done)) return std::string(deed) + ' ' + who + rest.substr(done.size());
    }
    return who + ' ' + rest;
  }
  return question;
}

absl::StatusOr<Question> ParseQuestion(const std::string& asked) {
  const std::string question = AsDeed(asked);
  if (const auto parts = SplitAt(question, "before")) return Question{parts->first, parts->second};
  if (const auto parts = SplitAt(question, "after")) return Question{parts->second, parts->first};
  constexpr std::string_view kFirst = " first";
  if (question.ends_with(kFirst))
    return Question{question.substr(0, question.size() - kFirst.size()), ""};
  return absl::InvalidArgumentError(
      "--why-not: `" + question +
      "` is not understood; ask `ACTION before ACTION`, `ACTION after ACTION` or `ACTION first`, "
      "for instance `--why-not '#14 before #12'`");
}

// The action that the chain of waits of `action` begins with: itself when it waits for nothing.
const Action& FirstBefore(const Plan& plan, const Action& action) {
  const Action* first = &action;
  while (!first->needs.empty()) {
    const ActionId& need = first->needs.front();
    for (const Action& other : plan.actions)
      if (other.id == need) first = &other;
  }
  return *first;
}

// An action that the plan does not have is answered with what it does about the thing named.
absl::StatusOr<std::string> NoSuchAction(const Explained& from,
                                         const std::string& asked,
                                         const absl::Status& problem,
                                         const Style& style) {
  if (problem.message().find("could be") != std::string_view::npos) return problem;
  const std::string lower = absl::AsciiStrToLower(asked);
  std::optional<std::string> entity;
  for (std::size_t at = 0; at < asked.size() && !entity.has_value();) {
    const std::size_t end = std::min(asked.find(' ', at), asked.size());
    for (const std::string* text : {&asked, &lower})
      if (!entity.has_value()) entity = ExplainEntity(from, text->substr(at, end - at), style);
    at = end + 1;
  }
  if (entity.has_value()) {
    const std::string why = ExplainNotDone(from, lower, style).value_or("");
    return "The plan has no action `" + asked + "`." + (why.empty() ? "" : '\n' + why + '\n') +
           (why.empty() ? " " : "") + "What it has there:\n\n" + *entity;
  }
  return problem;
}

absl::StatusOr<std::string> AnswerWhyNot(const Explained& from,
                                         const std::string& asked,
                                         const Style& style) {
  POOLSHIFT_ASSIGN(const Question question, ParseQuestion(asked));
  const absl::StatusOr<std::size_t> first = PlaceOfAction(from.plan, question.first);
  if (!first.ok()) return NoSuchAction(from, question.first, first.status(), style);
  const Action& action = from.plan.actions[*first];
  if (question.second.empty())
    return ExplainOrder(from, action, FirstBefore(from.plan, action), style);
  const absl::StatusOr<std::size_t> second = PlaceOfAction(from.plan, question.second);
  if (!second.ok()) return NoSuchAction(from, question.second, second.status(), style);
  return ExplainOrder(from, action, from.plan.actions[*second], style);
}

ExitCode RunExplain(Session& session, const Arguments& arguments) {
  const bool asks_order = arguments.Has("--why-not");
  if (!asks_order && arguments.words().empty())
    return session.Fail(kExitInvalidInput,
                        "explain: say what: an action (`#7`), a rule, a pool, a site, a domain or "
                        "a resource");
  const std::string subject = asks_order ? "" : arguments.words().front();
  const std::vector<std::string> paths = PathsOf(arguments, asks_order ? 0 : 1);
  const Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<Ground> ground = Look(*opening.workspace);
  if (!ground.ok()) return session.Fail(ground.status());
  const Explained from{opening.workspace->organization(),
                       ground->observed,
                       ground->plan,
                       [&](const ActionId& earlier, const ActionId& later) {
                         return WaitsBetween(ground->plan, ground->reasoning, earlier, later);
                       }};
  const absl::StatusOr<std::string> text =
      asks_order ? AnswerWhyNot(from, arguments.Value("--why-not"), session.out_style)
                 : ExplainSubject(from, subject, session.out_style);
  if (!text.ok()) return session.Fail(text.status());
  session.out << *text;
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
      "(`SiteRoute/Site1`): when nothing is done there, why.\n"
      "With --why-not there is no SUBJECT: the question is `ACTION before ACTION`, `ACTION after "
      "ACTION` or `ACTION first`, and the answer is the rule that would be broken, with the state "
      "that would be passed.\n"
      "Exit codes: 0 explained, 10 there is no such thing, or the manifests have faults, 1 another "
      "error.";
  command.most_words = kAnyNumber;
  command.options =
      WithGitOptions({{"--why-not", "QUESTION", "ask why the order is not another one", ""}});
  command.examples = {"poolshift explain '#14' manifests/both-failover",
                      "poolshift explain I-10 manifests/both-failover",
                      "poolshift explain SiteRoute/Site1 manifests/both-failover",
                      "poolshift explain --why-not '#14 before #12' manifests/both-failover"};
  command.run = RunExplain;
  return command;
}

}  // namespace poolshift
