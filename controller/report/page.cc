#include "controller/report/page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::string_view kEndOfInk = "\x1b[0m";

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

// The end of the word that begins at `from`: what stands between backticks is one word, and so is
// what a space that does not break joins, unless it is wider than the line.
std::size_t WordEnd(std::string_view text, std::size_t from, int width) {
  const std::size_t first = std::min(text.find(' ', from), text.size());
  std::size_t end = first;
  const auto is_open = [&] {
    const std::string_view word = text.substr(from, end - from);
    return std::count(word.begin(), word.end(), '`') % 2 == 1;
  };
  while (end < text.size() && is_open())
    end = std::min(text.find(' ', end + 1), text.size());
  return is_open() || Columns(text.substr(from, end - from)) > width ? first : end;
}

// Where the line ends of which `reach`, a column more than it has, is the beginning: at its last
// space. 0 when the words must be looked at: there is none, a letter is not ASCII (kJoined is not),
// or backticks join words.
std::size_t PlainEnd(std::string_view reach) {
  const std::size_t space = reach.rfind(' ');
  if (PlainSize(reach) < reach.size() || space == std::string_view::npos ||
      reach.find('`') != std::string_view::npos)
    return 0;
  return space;
}

// Takes the next line off `text`: at most `width` columns, but at least one word.
std::string_view TakeLine(std::string_view& text, int width) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  // No text has more columns than bytes.
  if (text.size() <= static_cast<std::size_t>(width)) return std::exchange(text, {});
  if (const std::size_t end = PlainEnd(text.substr(0, static_cast<std::size_t>(width) + 1));
      end > 0) {
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
  }
  std::size_t end = 0;
  int used = 0;
  for (std::size_t from = 0; from <= text.size(); from = end + 1) {
    const std::size_t word_end = WordEnd(text, from, width);
    const int columns = Columns(text.substr(from, word_end - from));
    if (used > 0 && used + 1 + columns > width) break;
    used += columns + (used > 0 ? 1 : 0);
    end = word_end;
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// A line of the text as it is shown: spaces that do not break have done their work.
std::string Shown(std::string_view line) {
  std::string shown;
  for (std::size_t at = line.find(kJoined); at != std::string_view::npos; at = line.find(kJoined)) {
    shown += line.substr(0, at);
    shown += ' ';
    line.remove_prefix(at + kJoined.size());
  }
  return shown += line;
}

}  // namespace

std::string Paint(std::string_view text, Ink ink, const Style& style) {
  if (!style.color || ink == Ink::kPlain || text.empty()) return std::string(text);
  std::string painted(Code(ink));
  painted += text;
  painted += kEndOfInk;
  return painted;
}

void Page::Append(std::string_view text, Ink ink) {
  const bool painted = style_.color && ink != Ink::kPlain && !text.empty();
  if (painted) text_ += Code(ink);
  text_ += text;
  if (painted) text_ += kEndOfInk;
}

void Page::Add(std::string_view lead, std::string_view text, Ink lead_ink, Ink text_ink) {
  constexpr int kNarrowest =
      20;  // a deep indent on a narrow terminal must not give one word a line
  const int indent = Columns(lead);
  const int width = std::max(kNarrowest, style_.width - indent);
  safe_.clear();
  AppendSafe(text, safe_);
  Append(lead, lead_ink);
  std::string_view rest = safe_;
  for (bool first = true; first || !rest.empty(); first = false) {
    if (!first) Indent(indent);
    const std::string_view line = TakeLine(rest, width);
    if (line.find(kJoined) == std::string_view::npos) {
      Append(line, text_ink);
    } else {
      Append(Shown(line), text_ink);
    }
    while (!text_.empty() && text_.back() == ' ')
      text_.pop_back();
    text_ += '\n';
  }
}

void Page::AddUnbroken(std::string_view lead, std::string_view text, Ink ink) {
  Append(lead, Ink::kDim);
  bool first = true;
  for (const std::string_view line : Split(text, '\n')) {
    if (!first) Indent(Columns(lead));
    first = false;
    safe_.clear();
    AppendSafe(line, safe_);
    Append(safe_, ink);
    text_ += '\n';
  }
}

void Page::Gap() {
  if (text_.empty() || text_.ends_with("\n\n")) return;
  text_ += '\n';
}

}  // namespace poolshift
