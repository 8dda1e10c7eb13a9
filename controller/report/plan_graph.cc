#include "controller/report/plan_graph.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "controller/report/action_text.h"
#include "controller/report/change.h"
#include "controller/report/safe_text.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

std::string Label(const Action& action, const ActionNumbers& numbers) {
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

// The edges along which one longest chain runs.
std::set<std::pair<ActionId, ActionId>> CriticalEdges(const Timetable& table) {
  std::set<std::pair<ActionId, ActionId>> edges;
  for (std::size_t i = 1; i < table.critical.size(); ++i)
    edges.emplace(table.critical[i - 1], table.critical[i]);
  return edges;
}

bool IsCritical(const Timetable& table, const ActionId& id) {
  return std::find(table.critical.begin(), table.critical.end(), id) != table.critical.end();
}

}  // namespace

std::string PlanDot(const Plan& plan) {
  const auto numbers = Numbers(plan);
  const Timetable table = TimetableOf(plan);
  const auto critical = CriticalEdges(table);
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  text += "  label=" + DotQuoted("Plan of " + SafeText(plan.organization)) + ";\n";
  for (const Action& action : plan.actions) {
    text += "  " + DotQuoted(action.id) + " [shape=";
    text += DotShape(action);
    text += action.needs_approval ? ", peripheries=2" : "";
    text += IsCritical(table, action.id) ? ", penwidth=2" : "";
    text += ", label=" + DotQuoted(Label(action, numbers)) + "];\n";
  }
  for (const Action& action : plan.actions) {
    for (const ActionId& need : action.needs) {
      text += "  " + DotQuoted(need) + " -> " + DotQuoted(action.id);
      text += critical.contains({need, action.id}) ? " [penwidth=2];\n" : ";\n";
    }
  }
  return text + "}\n";
}

std::string PlanMermaid(const Plan& plan) {
  const auto numbers = Numbers(plan);
  const auto critical = CriticalEdges(TimetableOf(plan));
  std::string text = "flowchart LR\n";
  for (const Action& action : plan.actions) {
    text += "  " + action.id + MermaidNode(action, MermaidQuoted(Label(action, numbers))) + '\n';
  }
  for (const Action& action : plan.actions) {
    for (const ActionId& need : action.needs)
      text += "  " + need + (critical.contains({need, action.id}) ? " ==> " : " --> ") + action.id +
              '\n';
  }
  return text;
}

}  // namespace poolshift
