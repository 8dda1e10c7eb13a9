#include "controller/manifest/layout.h"

#include <algorithm>
#include <array>

namespace poolshift::manifest {
namespace {

std::size_t Indent(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool IsBlank(std::string_view line) { return Indent(line) == line.size(); }
bool IsComment(std::string_view line) { return !IsBlank(line) && line[Indent(line)] == '#'; }

std::string Trimmed(std::string_view line) {
  const std::size_t end = line.find_last_not_of(' ');
  return std::string(line.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

// Whether a line ends with the header of a text block: "key: |", "- >-".
bool OpensTextBlock(std::string_view line) {
  std::string_view content = line;
  const std::size_t comment = content.find(" #");
  if (comment != std::string_view::npos) content = content.substr(0, comment);
  const std::string trimmed = Trimmed(content);
  const std::size_t last = trimmed.find_last_not_of("+-0123456789");
  if (last == std::string::npos || (trimmed[last] != '|' && trimmed[last] != '>')) return false;
  return last == 0 || trimmed[last - 1] == ' ';
}

// Where the content after "- - " of a list item starts.
std::size_t ContentColumn(std::string_view line) {
  std::size_t at = Indent(line);
  while (line.substr(at, 2) == "- ")
    at += 2 + Indent(line.substr(at + 2));
  return at;
}

// Columns of the levels that are open, outermost first; level i is written at column 2i.
class Levels {
 public:
  // Enters the level of a line that starts at `column`; returns its new column.
  std::size_t Enter(std::size_t column) {
    while (!columns_.empty() && columns_.back() > column)
      columns_.pop_back();
    if (columns_.empty() || columns_.back() < column) columns_.push_back(column);
    return 2 * (columns_.size() - 1);
  }

  // The new column of an open level, or of the fallback.
  std::size_t ColumnOf(std::size_t column, std::size_t fallback) const {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    return found == columns_.end() ? fallback
                                   : 2 * static_cast<std::size_t>(found - columns_.begin());
  }

 private:
  std::vector<std::size_t> columns_;
};

class Reindenter {
 public:
  std::vector<std::string> Run(const std::vector<std::string>& lines) {
    for (std::size_t i = 0; i < lines.size();) {
      if (IsBlank(lines[i])) {
        if (!out_.empty() && !out_.back().empty()) out_.emplace_back();
        ++i;
      } else if (IsComment(lines[i])) {
        Comment(lines, i++);
      } else {
        Content(lines[i]);
        i = OpensTextBlock(lines[i]) ? TextBlock(lines, i) : i + 1;
      }
    }
    while (!out_.empty() && out_.back().empty())
      out_.pop_back();
    return std::move(out_);
  }

 private:
  // A comment keeps to the level that it stood at, or goes with the line after it.
  void Comment(const std::vector<std::string>& lines, std::size_t at) {
    std::size_t next = at;
    while (next < lines.size() && (IsBlank(lines[next]) || IsComment(lines[next])))
      ++next;
    Levels levels = levels_;
    const std::size_t fallback = next < lines.size() ? levels.Enter(Indent(lines[next])) : 0;
    const std::size_t own = Indent(lines[at]);
    const bool with_next = next < lines.size() && own == Indent(lines[next]);
    const std::size_t column = with_next ? fallback : levels_.ColumnOf(own, fallback);
    out_.push_back(std::string(column, ' ') + Trimmed(lines[at].substr(own)));
  }

  void Content(const std::string& line) {
    const std::size_t own = Indent(line);
    const std::size_t content = ContentColumn(line);
    std::string text(levels_.Enter(own), ' ');
    for (std::size_t at = own; at < content;) {
      text += "- ";
      at += 2 + Indent(line.substr(at + 2));
      levels_.Enter(at);
    }
    out_.push_back(text + Trimmed(line.substr(content)));
  }

  // Moves the lines of a block by one amount; returns the index after them.
  std::size_t TextBlock(const std::vector<std::string>& lines, std::size_t header) {
    const std::size_t parent = Indent(lines[header]);
    std::size_t end = header + 1;
    std::size_t base = std::string::npos;
    for (; end < lines.size() && (IsBlank(lines[end]) || Indent(lines[end]) > parent); ++end) {
      if (base == std::string::npos && !IsBlank(lines[end])) base = Indent(lines[end]);
    }
    const std::size_t column = Indent(out_.back()) + 2;
    for (std::size_t i = header + 1; i < end; ++i) {
      const bool deep = base != std::string::npos && lines[i].size() > base;
      out_.push_back(deep ? std::string(column, ' ') + lines[i].substr(base) : "");
    }
    return end;
  }

  Levels levels_;
  std::vector<std::string> out_;
};

std::string_view KeyOf(std::string_view line) {
  return line.substr(0, std::min(line.find(':'), line.size()));
}

}  // namespace

std::vector<std::string> SplitLines(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::vector<std::string>> SplitDocuments(const std::vector<std::string>& lines) {
  std::vector<std::vector<std::string>> documents(1);
  for (const std::string& line : lines) {
    const std::string trimmed = Trimmed(line);
    if (trimmed == "---" || trimmed == "...") {
      documents.emplace_back();
    } else {
      documents.back().push_back(line);
    }
  }
  const auto empty = [](const std::vector<std::string>& document) {
    return std::all_of(document.begin(), document.end(), IsBlank);
  };
  documents.erase(std::remove_if(documents.begin(), documents.end(), empty), documents.end());
  return documents;
}

std::vector<std::string> Reindent(const std::vector<std::string>& document) {
  return Reindenter().Run(document);
}

std::vector<std::string> OrderKeys(const std::vector<std::string>& document) {
  constexpr std::array<std::string_view, 4> kOrder = {"apiVersion", "kind", "metadata", "spec"};
  std::array<std::vector<std::string>, 4> parts;
  std::vector<std::string> waiting;  // comments and empty lines before the next key
  std::vector<std::string> ordered;
  std::vector<std::string>* current = nullptr;
  for (const std::string& line : document) {
    const bool top = !IsBlank(line) && line[0] != ' ' && line[0] != '#';
    const auto key = std::find(kOrder.begin(), kOrder.end(), KeyOf(line));
    if (top && key == kOrder.end()) return document;
    if (!top && (IsBlank(line) || line[0] == '#')) {
      waiting.push_back(line);
      continue;
    }
    std::vector<std::string>* part =
        top ? &parts[static_cast<std::size_t>(key - kOrder.begin())] : current;
    if (part == nullptr) return document;
    std::vector<std::string>& target = current == nullptr ? ordered : *part;
    target.insert(target.end(), waiting.begin(), waiting.end());
    waiting.clear();
    part->push_back(line);
    current = part;
  }
  for (const auto& part : parts)
    ordered.insert(ordered.end(), part.begin(), part.end());
  ordered.insert(ordered.end(), waiting.begin(), waiting.end());
  return ordered;
}

}  // namespace poolshift::manifest
