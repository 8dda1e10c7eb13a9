// Safe text: what observed or declared names become before they reach a terminal or a log, so that
// no name can move the cursor, hide letters or turn the reading direction round (guarantees, case
// 31).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace poolshift {

// `text` with every control, bidirectional and invisible character as `\u{202E}`, and every byte
// that is not UTF-8 as `\xFF`. Line ends are escaped too; a caller who wants lines splits first.
std::string SafeText(std::string_view text);
// The same at the end of `out`.
void AppendSafe(std::string_view text, std::string& out);

// How many bytes of printable ASCII, which nearly every text is all through, stand at its
// beginning.
std::size_t PlainSize(std::string_view text);

// Columns that `text` takes on a terminal: East Asian wide letters count two. Requires safe text.
int Columns(std::string_view text);

}  // namespace poolshift
