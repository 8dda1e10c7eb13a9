#include "controller/report/plan_graph.h"

#include <map>
#include <string_view>

#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

std::string Label(const Action& action, const std::map<ActionId, std::size_t>& numbers) {
  return std::to_string(numbers.at(action.id)) + ' ' + Symbol(action) + ' ' +
         SafeText(action.title);
}

std::string DotQuoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + '"';
}

// Mermaid reads `#code;` as a character inside quotes; Markdown around it must not see tags either.
std::string MermaidQuoted(std::string_view text) {
  constexpr std::string_view kSpecial = "\"#<>&;`\\";
  std::string quoted = "\"";
  for (const char letter : text) {
    if (kSpecial.find(letter) == std::string_view::npos) {
      quoted += letter;
    } else {
      quoted += '#' + std::to_string(static_cast<int>(letter)) + ';';
    }
  }
  return quoted + '"';
}

std::string_view DotShape(const Action& action) {
  if (action.human) return "house";
  return action.verb == Verb::kGate ? "ellipse" : "box";
}

std::string MermaidNode(const Action& action, const std::string& label) {
  if (action.human) return "[/" + label + "\\]";
  if (action.verb == Verb::kGate) return "([" + label + "])";
  return '[' + label + ']';
}

}  // namespace

std::string PlanDot(const Plan& plan) {
  const auto numbers = Numbers(plan);
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  text += "  label=" + DotQuoted("Plan of " + SafeText(plan.organization)) + ";\n";
  for (const Action& action : plan.actions) {
    text += "  " + DotQuoted(action.id) + " [shape=";
    text += DotShape(action);
    text += action.needs_approval ? ", peripheries=2" : "";
    text += ", label=" + DotQuoted(Label(action, numbers)) + "];\n";
  }
  for (const Action& action : plan.actions) {
    for (const ActionId& need : action.needs) {
      text += "  " + DotQuoted(need) + " -> " + DotQuoted(action.id) + ";\n";
    }
  }
  return text + "}\n";
}

std::string PlanMermaid(const Plan& plan) {
  const auto numbers = Numbers(plan);
  std::string text = "flowchart LR\n";
  for (const Action& action : plan.actions) {
    text += "  " + action.id + MermaidNode(action, MermaidQuoted(Label(action, numbers))) + '\n';
  }
  for (const Action& action : plan.actions) {
    for (const ActionId& need : action.needs)
      text += "  " + need + " --> " + action.id + '\n';
  }
  return text;
}

}  // namespace poolshift
