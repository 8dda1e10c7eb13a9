#include "controller/web/plan_picture.h"

#include <algorithm>
#include <map>
#include <vector>

#include "controller/report/markup_text.h"
#include "controller/web/markup.h"

namespace poolshift::web {
namespace {

constexpr int kWide = 190, kHigh = 46, kApart = 46, kBetween = 14, kMargin = 16;

struct Box {
  int column = 0, row = 0;
  int x() const { return kMargin + column * (kWide + kApart); }
  int y() const { return kMargin + row * (kHigh + kBetween); }
};

// Each action in the column after the last of those that it waits for, in the plan's order.
std::vector<Box> Laid(const Plan& plan, const std::map<ActionId, std::size_t>& place) {
  std::vector<Box> boxes(plan.actions.size());
  std::map<int, int> rows;
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    for (const ActionId& need : plan.actions[i].needs)
      boxes[i].column = std::max(boxes[i].column, boxes[place.at(need)].column + 1);
    boxes[i].row = rows[boxes[i].column]++;
  }
  return boxes;
}

std::string Edge(const Box& from, const Box& to) {
  const int x1 = from.x() + kWide, y1 = from.y() + kHigh / 2;
  const int x2 = to.x(), y2 = to.y() + kHigh / 2;
  const std::string middle = std::to_string((x1 + x2) / 2);
  return "<path d=\"M" + std::to_string(x1) + ' ' + std::to_string(y1) + " C" + middle + ' ' +
         std::to_string(y1) + ' ' + middle + ' ' + std::to_string(y2) + ' ' + std::to_string(x2) +
         ' ' + std::to_string(y2) +
         "\" fill=\"none\" stroke=\"var(--soft)\" stroke-width=\"1.5\"/>\n";
}

// At most two lines, cut at words.
std::vector<std::string> Lines(const std::string& title) {
  constexpr std::size_t kLetters = 25;
  std::vector<std::string> lines(1);
  std::size_t begin = 0;
  while (begin < title.size()) {
    const std::size_t end = std::min(title.find(' ', begin), title.size());
    const std::string word = title.substr(begin, end - begin);
    if (!lines.back().empty() && lines.back().size() + word.size() >= kLetters) {
      if (lines.size() == 2) {
        lines.back() += " …";
        return lines;
      }
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    begin = end + 1;
  }
  return lines;
}

std::string Drawn(const Action& action, const Box& box, std::size_t number) {
  const bool gate = action.verb == Verb::kGate && !action.human;
  std::string text = "<g><title>" + MarkupText(action.title) + "</title><rect x=\"" +
                     std::to_string(box.x()) + "\" y=\"" + std::to_string(box.y()) + "\" width=\"" +
                     std::to_string(kWide) + "\" height=\"" + std::to_string(kHigh) + "\" rx=\"" +
                     (gate ? "20" : "6") + "\" fill=\"var(--paper)\" stroke=\"" +
                     (action.needs_approval ? "var(--bad)"
                      : gate                ? "var(--line)"
                                            : "var(--accent)") +
                     "\" stroke-width=\"1.5\"/>";
  const std::vector<std::string> lines =
      Lines(std::to_string(number) + ' ' + (action.human ? '!' : Symbol(action.verb)) + ' ' +
            action.title);
  int y = box.y() + (lines.size() == 1 ? 28 : 19);
  for (const std::string& line : lines) {
    text += "<text x=\"" + std::to_string(box.x() + 10) + "\" y=\"" + std::to_string(y) +
            "\" font-size=\"12\" fill=\"var(--ink)\">" + MarkupText(line) + "</text>";
    y += 16;
  }
  return text + "</g>\n";
}

}  // namespace

std::string PlanPicture(const Plan& plan) {
  if (plan.actions.empty() || plan.actions.size() > kMostDrawn) return "";
  std::map<ActionId, std::size_t> place;
  for (std::size_t i = 0; i < plan.actions.size(); ++i)
    place[plan.actions[i].id] = i;
  const std::vector<Box> boxes = Laid(plan, place);
  int width = 0, height = 0;
  for (const Box& box : boxes) {
    width = std::max(width, box.x() + kWide + kMargin);
    height = std::max(height, box.y() + kHigh + kMargin);
  }
  std::string text =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Order of the "
      "plan\"><svg width=\"" +
      std::to_string(width) + "\" height=\"" + std::to_string(height) +
      "\" role=\"img\" aria-label=\"" + std::to_string(plan.actions.size()) +
      " steps; the text below says the same\">\n";
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (const ActionId& need : plan.actions[i].needs)
      text += Edge(boxes[place[need]], boxes[i]);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i)
    text += Drawn(plan.actions[i], boxes[i], i + 1);
  return text + "</svg></div>\n";
}

}  // namespace poolshift::web
