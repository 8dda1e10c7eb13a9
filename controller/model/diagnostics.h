// Diagnostics: what is wrong with the user's input, with the place of each fault. All faults of an
// input are collected and reported at once; `absl::Status` is for "could not", Refusal (plan.h) for
// "should not".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolshift {

// A place in a text. Line and column count from 1; 0 means unknown. Columns count bytes.
struct Origin {
  std::string file;
  int line = 0;
  int column = 0;
  auto operator<=>(const Origin&) const = default;
};

// "file:line:column" (parts that are unknown left out).
std::string ToString(const Origin& origin);

struct Diagnostic {
  enum class Severity { kError, kWarning, kNote };
  Severity severity = Severity::kError;
  Origin origin;
  std::string message;  // what is wrong, one line
  std::string hint;     // what to do ("did you mean `edgepool2`?"), may be empty
  auto operator<=>(const Diagnostic&) const = default;
};

// "file:line:column: error: message; hint"
std::string ToString(const Diagnostic& diagnostic);

class Diagnostics {
 public:
  void Error(Origin origin, std::string message, std::string hint = "");
  void Warning(Origin origin, std::string message, std::string hint = "");
  void Note(Origin origin, std::string message, std::string hint = "");
  void Add(Diagnostic diagnostic) { items_.push_back(std::move(diagnostic)); }
  void Append(Diagnostics other);

  bool has_errors() const;
  const std::vector<Diagnostic>& items() const { return items_; }
  // Orders by file, line, column; stable, so that output does not depend on the order of checking.
  void Sort();

 private:
  std::vector<Diagnostic> items_;
};

// The candidate closest to `word` (at most a third of its letters differ, Damerau-Levenshtein), or
// "".
std::string ClosestName(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace poolshift
