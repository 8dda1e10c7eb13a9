#include "controller/cli/explain_question.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

#include "controller/cli/action_reference.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

// Lower case, without marks.
std::vector<std::string> WordsOf(const std::string& question) {
  std::vector<std::string> words;
  for (const auto word :
       absl::StrSplit(absl::AsciiStrToLower(question), absl::ByAnyChar(" ?,"), absl::SkipEmpty()))
    words.emplace_back(word);
  return words;
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

}  // namespace

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

std::optional<OtherHost> AskedHost(const Organization& organization, const std::string& question) {
  const std::vector<std::string> words = WordsOf(question);
  const auto says = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const bool of_order = says("before") || says("after") || says("first");
  if (of_order || (!says("host") && !says("hosts"))) return std::nullopt;
  OtherHost other;
  for (const auto& [name, pool] : organization.edge_pools) {
    if (says(absl::AsciiStrToLower(name)) || says(absl::AsciiStrToLower(pool.fqdn)))
      other.pool = name;
  }
  if (other.pool.empty()) return std::nullopt;
  const bool any = !says("sip") && !says("federation") && !says("xmpp");
  other.sip = (any || says("sip") || says("federation")) && !organization.federation_host().empty();
  other.xmpp = (any || says("xmpp")) && !organization.xmpp_host().empty();
  return other;
}

}  // namespace poolshift
