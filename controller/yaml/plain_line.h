// One line of the part of YAML that plain_reader.h reads, from left to right.
#pragma once

#include <cstddef>
#include <string_view>

namespace poolshift::yaml {

class PlainLine {
 public:
  explicit PlainLine(std::string_view line) : line_(line) { SkipSpaces(); }

  std::size_t at() const { return at_; }  // bytes from the start of the line
  bool is_over() const { return at_ == line_.size(); }
  char next() const { return is_over() ? '\0' : line_[at_]; }
  // Nothing more but a comment: one that a space precedes, or the start of the line.
  bool SaysNothingMore() const;

  bool Take(char letter);
  // `-` and a space.
  bool TakeDash();
  // A key with its colon and what separates it from the value; "" and nothing taken without one.
  std::string_view TakeKey();
  // A word outside brackets (to the end of the line or a comment) or between them (to `,`, `]`,
  // `}`); "" when there is none, or one that YAML gives another meaning.
  std::string_view TakeWord();
  std::string_view TakeWordBetweenBrackets();
  // A text in quotes, without them. False when there is none, or one with escapes.
  bool TakeQuoted(std::string_view& text);

  void SkipSpaces() {
    while (!is_over() && line_[at_] == ' ')
      ++at_;
  }

 private:
  std::string_view Taken(std::size_t end);

  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace poolshift::yaml
