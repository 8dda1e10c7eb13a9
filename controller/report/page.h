// Page: builds text for people line by line: a lead (symbol, number, label) and a text that is
// broken at words and continues under itself.
//
//   Page page({.width = 80});
//   page.Add("      why   ", "the declared host of XMPP is edgepool2");
//   page.text();
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "controller/report/style.h"

namespace poolshift {

// A space at which no line is broken.
inline constexpr std::string_view kJoined = "\u00A0";

enum class Ink { kPlain, kBold, kDim, kRed, kGreen, kYellow, kCyan };

// `text` in a colour, or as it is when the style has none.
std::string Paint(std::string_view text, Ink ink, const Style& style);

class Page {
 public:
  explicit Page(Style style) : style_(style) {}

  // Adds a line. `text` is made safe (safe_text.h) and broken at spaces to the style's width, but
  // neither between backticks nor at kJoined; continuation lines are indented by the width of
  // `lead`. A word longer than the line stands alone. `lead` must be safe.
  void Add(std::string_view lead,
           std::string_view text,
           Ink lead_ink = Ink::kPlain,
           Ink text_ink = Ink::kPlain);
  // Adds a line that is never broken: a command to copy. Line ends in `text` start a new indented
  // line.
  void AddUnbroken(std::string_view lead, std::string_view text, Ink ink = Ink::kPlain);
  // Adds lines that another page made.
  void AddText(std::string_view lines) { text_ += lines; }
  // An empty line, unless the page is empty or the last line is empty.
  void Gap();

  const Style& style() const { return style_; }
  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }  // `text()`, of which nothing stays

 private:
  void Append(std::string_view text, Ink ink);
  // Adds blanks up to the column of a continuation.
  void Indent(int columns) { text_.append(static_cast<std::size_t>(columns), ' '); }

  Style style_;
  std::string text_;
  std::string safe_;  // what is being added; kept for its memory
};

}  // namespace poolshift
