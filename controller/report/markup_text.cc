#include "controller/report/markup_text.h"

#include "controller/report/safe_text.h"

namespace poolshift {

std::string MarkupText(std::string_view text) {
  std::string markup;
  const std::string safe = SafeText(text);
  for (std::size_t at = 0; at < safe.size(); ++at) {
    // U+FFFE and U+FFFF, which are no characters.
    if (safe.compare(at, 2, "\xEF\xBF") == 0 && at + 2 < safe.size() &&
        (safe[at + 2] == '\xBE' || safe[at + 2] == '\xBF')) {
      markup += safe[at + 2] == '\xBE' ? "\\u{FFFE}" : "\\u{FFFF}";
      at += 2;
      continue;
    }
    switch (safe[at]) {
      case '&':
        markup += "&amp;";
        break;
      case '<':
        markup += "&lt;";
        break;
      case '>':
        markup += "&gt;";
        break;
      case '"':
        markup += "&quot;";
        break;
      case '\'':
        markup += "&#39;";
        break;
      default:
        markup += safe[at];
    }
  }
  return markup;
}

}  // namespace poolshift
