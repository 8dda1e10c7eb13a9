#include "providers/ssh/quote.h"

#include <algorithm>
#include <array>

#include "controller/model/try.h"

namespace poolshift::ssh {
namespace {

// Letters and marks that mean themselves in every POSIX shell, wherever they stand in a word. `=`
// is not among them (an assignment), nor `~` and `#` (at the start of a word they mean more).
bool MeansItself(char letter) {
  constexpr std::string_view kMarks = "_-./,:@%+";
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || kMarks.find(letter) != std::string_view::npos;
}

// A quoted word is never a reserved one.
bool IsReserved(std::string_view word) {
  constexpr std::array<std::string_view, 22> kReserved = {
      "case",     "do",      "done",   "elif",   "else", "esac",  "fi",    "for",
      "function", "if",      "in",     "select", "then", "time",  "until", "while",
      "alias",    "unalias", "coproc", "eval",   "exec", "source"};
  return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

}  // namespace

absl::StatusOr<std::string> QuotedWord(std::string_view word) {
  const auto is_control = [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f;
  };
  if (std::any_of(word.begin(), word.end(), is_control)) {
    return absl::InvalidArgumentError(
        "a word of a remote command holds a control character; it is not sent");
  }
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), MeansItself);
  if (plain && !IsReserved(word)) return std::string(word);
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + '\'';
}

absl::StatusOr<std::string> CommandLine(const std::vector<std::string>& words) {
  if (words.empty() || words.front().empty())
    return absl::InvalidArgumentError("a remote command without a program");
  std::string line;
  for (const std::string& word : words) {
    POOLSHIFT_ASSIGN(const std::string quoted, QuotedWord(word));
    line += (line.empty() ? "" : " ") + quoted;
  }
  return line;
}

}  // namespace poolshift::ssh
