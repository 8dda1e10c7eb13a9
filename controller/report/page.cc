#include "controller/report/page.h"

#include <algorithm>
#include <vector>

#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

std::string_view Code(Ink ink) {
  switch (ink) {
    case Ink::kPlain:
      return "";
    case Ink::kBold:
      return "\x1b[1m";
    case Ink::kDim:
      return "\x1b[2m";
    case Ink::kRed:
      return "\x1b[31m";
    case Ink::kGreen:
      return "\x1b[32m";
    case Ink::kYellow:
      return "\x1b[33m";
    case Ink::kCyan:
      return "\x1b[36m";
  }
  return "";
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Lines of at most `width` columns, but at least one word each.
std::vector<std::string> Wrap(std::string_view text, int width) {
  std::vector<std::string> lines(1);
  int used = 0;
  for (const std::string_view word : Split(text, ' ')) {
    const int columns = Columns(word);
    if (used > 0 && used + 1 + columns > width) {
      lines.emplace_back();
      used = 0;
    } else if (used > 0) {
      lines.back() += ' ';
      ++used;
    }
    lines.back() += word;
    used += columns;
  }
  return lines;
}

std::string Blank(int columns) { return std::string(static_cast<std::size_t>(columns), ' '); }

}  // namespace

std::string Paint(std::string_view text, Ink ink, const Style& style) {
  if (!style.color || ink == Ink::kPlain || text.empty()) return std::string(text);
  std::string painted(Code(ink));
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

void Page::Add(std::string_view lead, std::string_view text, Ink lead_ink, Ink text_ink) {
  constexpr int kNarrowest =
      20;  // a deep indent on a narrow terminal must not give one word a line
  const int indent = Columns(lead);
  const std::vector<std::string> lines =
      Wrap(SafeText(text), std::max(kNarrowest, style_.width - indent));
  text_ += Paint(lead, lead_ink, style_);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) text_ += Blank(indent);
    text_ += Paint(lines[i], text_ink, style_);
    while (!text_.empty() && text_.back() == ' ')
      text_.pop_back();
    text_ += '\n';
  }
}

void Page::AddUnbroken(std::string_view lead, std::string_view text, Ink ink) {
  text_ += Paint(lead, Ink::kDim, style_);
  bool first = true;
  for (const std::string_view line : Split(text, '\n')) {
    if (!first) text_ += Blank(Columns(lead));
    first = false;
    text_ += Paint(SafeText(line), ink, style_);
    text_ += '\n';
  }
}

void Page::Gap() {
  if (text_.empty() || text_.ends_with("\n\n")) return;
  text_ += '\n';
}

}  // namespace poolshift
