// Case files: many small inputs with the exact findings that each must give, in a form that people
// can read.
//
//   === name of the case
//   --- text of the basis that is replaced (\n is a line end)
//   +++ what replaces it
//   or, instead of edits, a whole text
//   =>
//   expected findings, one a line
#pragma once

#include <string>
#include <vector>

#include "tests/manifest/load.h"

namespace poolshift {

struct Case {
  std::string name;
  std::string text;
  std::string expected;
};

inline std::string Unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;)
    text.replace(at, 2, "\n");
  return text;
}

// Applies an edit; a text that is not there exactly once makes the case fail visibly.
inline void Replace(const std::string& from, const std::string& to, std::string& text) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    text = "the edit does not fit: " + from;
    return;
  }
  text.replace(at, from.size(), to);
}

inline std::vector<Case> ReadCases(const std::string& path, const std::string& basis) {
  std::istringstream lines(ReadFile(path));
  std::vector<Case> cases;
  bool in_expected = false;
  std::string from;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("=== ", 0) == 0) {
      cases.push_back({line.substr(4), "", ""});
      in_expected = false;
    } else if (cases.empty()) {
      continue;
    } else if (line == "=>") {
      in_expected = true;
      if (cases.back().text.empty()) cases.back().text = basis;
    } else if (in_expected) {
      cases.back().expected += line + '\n';
    } else if (line.rfind("--- ", 0) == 0) {
      from = Unescaped(line.substr(4));
    } else if (line.rfind("+++ ", 0) == 0) {
      if (cases.back().text.empty()) cases.back().text = basis;
      Replace(from, Unescaped(line.substr(4)), cases.back().text);
    } else {
      cases.back().text += line + '\n';
    }
  }
  return cases;
}

}  // namespace poolshift
