#include "controller/yaml/plain_line.h"

namespace poolshift::yaml {
namespace {

bool IsAlphanumeric(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9');
}

bool IsOneOf(char letter, std::string_view letters) {
  return letters.find(letter) != std::string_view::npos;
}

bool StartsWord(char letter) { return IsAlphanumeric(letter) || IsOneOf(letter, "./_("); }

bool IsKeyLetter(char letter) { return IsAlphanumeric(letter) || IsOneOf(letter, "-._/"); }

// Between brackets; outside them every visible letter may stand within a word.
bool IsWordLetter(char letter) { return IsAlphanumeric(letter) || IsOneOf(letter, " -._/+@()=;"); }

bool IsNull(std::string_view word) { return word == "null" || word == "Null" || word == "NULL"; }

}  // namespace

bool PlainLine::SaysNothingMore() const {
  if (is_over()) return true;
  return line_[at_] == '#' && (at_ == 0 || line_[at_ - 1] == ' ');
}

bool PlainLine::Take(char letter) {
  if (next() != letter) return false;
  ++at_;
  return true;
}

bool PlainLine::TakeDash() {
  if (line_.substr(at_, 2) != "- ") return false;
  ++at_;
  SkipSpaces();
  return true;
}

std::string_view PlainLine::TakeKey() {
  std::size_t end = at_;
  while (end < line_.size() && IsKeyLetter(line_[end]))
    ++end;
  const bool separated = end + 1 >= line_.size() || line_[end + 1] == ' ';
  if (end == at_ || end == line_.size() || line_[end] != ':' || !separated) return {};
  const std::string_view key = line_.substr(at_, end - at_);
  if (!(IsAlphanumeric(key[0]) || key[0] == '_') || IsNull(key)) return {};
  at_ = end + 1;
  SkipSpaces();
  return key;
}

std::string_view PlainLine::TakeWord() {
  if (!StartsWord(next())) return {};
  std::size_t end = at_;
  for (; end < line_.size(); ++end) {
    const char letter = line_[end];
    if (letter < ' ' || letter > '~') return {};
    if (letter == ':' && (end + 1 == line_.size() || line_[end + 1] == ' ')) return {};
    if (letter == '#' && line_[end - 1] == ' ') break;
  }
  return Taken(end);
}

std::string_view PlainLine::TakeWordBetweenBrackets() {
  if (!StartsWord(next())) return {};
  std::size_t end = at_;
  for (; end < line_.size() && !IsOneOf(line_[end], ",]}"); ++end) {
    const bool inner_colon =
        line_[end] == ':' && end + 1 < line_.size() && IsAlphanumeric(line_[end + 1]);
    if (!inner_colon && !IsWordLetter(line_[end])) return {};
  }
  return Taken(end);
}

// The word up to `end`, without the spaces before that.
std::string_view PlainLine::Taken(std::size_t end) {
  std::string_view word = line_.substr(at_, end - at_);
  word = word.substr(0, word.find_last_not_of(' ') + 1);
  if (IsNull(word)) return {};
  at_ = end;
  return word;
}

bool PlainLine::TakeQuoted(std::string_view& text) {
  const char quote = next();
  if (quote != '"' && quote != '\'') return false;
  for (std::size_t end = at_ + 1; end < line_.size(); ++end) {
    const char letter = line_[end];
    if (letter < ' ' || letter > '~' || letter == '\\') return false;
    if (letter != quote) continue;
    if (line_.substr(end + 1, 1) == line_.substr(end, 1)) return false;  // two are an escape
    text = line_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }
  return false;
}

}  // namespace poolshift::yaml
