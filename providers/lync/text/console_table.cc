#include "providers/lync/text/console_table.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace poolshift::lync {
namespace {

std::string Stripped(std::string_view text) {
  return std::string(absl::StripAsciiWhitespace({text.data(), text.size()}));
}

std::vector<std::size_t> ColumnsOf(std::string_view ruler) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < ruler.size(); ++i) {
    if (ruler[i] == '-' && (i == 0 || ruler[i - 1] != '-')) columns.push_back(i);
  }
  return columns;
}

// Words, with what stands between braces as one.
std::vector<std::string> WordsOf(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  int depth = 0;
  for (const char letter : line) {
    depth += letter == '{' ? 1 : letter == '}' && depth > 0 ? -1 : 0;
    if (depth == 0 && absl::ascii_isspace(letter)) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += letter;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<std::string> CellsOf(std::string_view row, const std::vector<std::size_t>& columns) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t begin = std::min(columns[i], row.size());
    const std::size_t end =
        i + 1 < columns.size() ? std::min(columns[i + 1], row.size()) : row.size();
    cells.push_back(Stripped(row.substr(begin, end - begin)));
  }
  return cells;
}

// Every cell begins where its column does, or at least after a blank.
bool Fits(std::string_view row, const std::vector<std::size_t>& columns) {
  return std::ranges::all_of(columns, [&](std::size_t column) {
    return column == 0 || column >= row.size() || row[column - 1] == ' ';
  });
}

}  // namespace

bool IsRuler(std::string_view line) {
  const std::string content = Stripped(line);
  return content.size() >= 2 && content.front() == '-' && content.find("--") != std::string::npos &&
         content.find_first_not_of("- ") == std::string::npos;
}

std::vector<std::vector<std::pair<std::string, std::string>>> ReadTable(
    std::string_view header, std::string_view ruler, const std::vector<std::string_view>& rows) {
  const std::vector<std::size_t> columns = ColumnsOf(ruler);
  std::vector<std::string> labels = CellsOf(header, columns);
  if (!Fits(header, columns) || std::ranges::count(labels, "") > 0) labels = WordsOf(header);
  std::vector<std::vector<std::pair<std::string, std::string>>> table;
  for (const std::string_view row : rows) {
    std::vector<std::string> cells = WordsOf(row);
    if (cells.size() != labels.size()) cells = CellsOf(row, columns);
    std::vector<std::pair<std::string, std::string>> read;
    for (std::size_t i = 0; i < std::min(labels.size(), cells.size()); ++i)
      read.emplace_back(labels[i], cells[i]);
    table.push_back(std::move(read));
  }
  return table;
}

}  // namespace poolshift::lync
