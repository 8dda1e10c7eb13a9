#include "controller/model/diagnostics.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace poolshift {

std::string ToString(const Origin& origin) {
  std::string text = origin.file;
  if (origin.line > 0) text += ':' + std::to_string(origin.line);
  if (origin.line > 0 && origin.column > 0) text += ':' + std::to_string(origin.column);
  return text;
}

std::string ToString(const Diagnostic& diagnostic) {
  std::string text = ToString(diagnostic.origin);
  if (!text.empty()) text += ": ";
  switch (diagnostic.severity) {
    case Diagnostic::Severity::kError:
      text += "error: ";
      break;
    case Diagnostic::Severity::kWarning:
      text += "warning: ";
      break;
    case Diagnostic::Severity::kNote:
      text += "note: ";
      break;
  }
  text += diagnostic.message;
  if (!diagnostic.hint.empty()) text += "; " + diagnostic.hint;
  return text;
}

void Diagnostics::Error(Origin origin, std::string message, std::string hint) {
  Add({Diagnostic::Severity::kError, std::move(origin), std::move(message), std::move(hint)});
}

void Diagnostics::Warning(Origin origin, std::string message, std::string hint) {
  Add({Diagnostic::Severity::kWarning, std::move(origin), std::move(message), std::move(hint)});
}

void Diagnostics::Note(Origin origin, std::string message, std::string hint) {
  Add({Diagnostic::Severity::kNote, std::move(origin), std::move(message), std::move(hint)});
}

void Diagnostics::Append(Diagnostics other) {
  std::move(other.items_.begin(), other.items_.end(), std::back_inserter(items_));
}

bool Diagnostics::has_errors() const {
  return std::any_of(items_.begin(), items_.end(), [](const Diagnostic& item) {
    return item.severity == Diagnostic::Severity::kError;
  });
}

void Diagnostics::Sort() {
  std::stable_sort(items_.begin(), items_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.origin < b.origin;
  });
}

namespace {

char Lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// Optimal string alignment distance, letters compared without case.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + !same});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
          Lower(a[i - 2]) == Lower(b[j - 1])) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string ClosestName(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongestWord = 256;  // bounds the work on hostile input
  if (word.size() > kLongestWord) return "";
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace poolshift
