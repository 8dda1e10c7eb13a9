// Canonical layout of a manifest text, comments kept.
#pragma once

#include <string>
#include <string_view>

namespace poolshift {

struct FormatResult {
  std::string text;      // formatted, or the given text where that was not possible
  bool changed = false;  // `text` differs from what was given
  std::string refusal;   // why the text was left as it is: it is no manifest YAML, or its meaning
                         // might change; else ""
};

// Two spaces a level, `apiVersion kind metadata spec` in this order, one `---` between documents,
// no spaces at line ends, at most one empty line in a row, one line end at the end, no byte order
// mark. Works on lines, so that comments and the writer's choice of `{a: b}` or lines stay.
// Formatting twice is formatting once, and the formatted text has been read again and found to mean
// the same: both are checked at each call.
FormatResult FormatManifest(std::string_view text);

}  // namespace poolshift
