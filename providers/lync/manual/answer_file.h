// What a person puts back: the lines `poolshift-answer …` of a console's output, with anything
// around them; as bytes of UTF-8, of UTF-16 with a byte order mark as `>` of Windows PowerShell
// writes it, or of any code page that has ASCII. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace poolshift::lync::manual {

struct Reply {
  std::string id;
  absl::Time at;     // when the script was begun, by the clock of the far side
  bool whole;        // it is as it was written: its SHA-256 says so
  std::string text;  // `poolshift-reply …`; empty when the script said nothing
};

// In their order. What has no form at all is left out.
std::vector<Reply> ReadAnswers(std::string_view bytes);

// The newest whole reply to `id`, the last one that is not whole, or null. Borrowed.
const Reply* FindReply(const std::vector<Reply>& replies, std::string_view id);

}  // namespace poolshift::lync::manual
