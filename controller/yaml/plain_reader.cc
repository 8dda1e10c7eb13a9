#include "controller/yaml/plain_reader.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "controller/yaml/plain_line.h"

namespace poolshift::yaml {
namespace {

constexpr std::size_t kLongestLine = 1000;  // parsers bound how far a key may be from its colon
constexpr std::size_t kDeepest = 32;
constexpr std::size_t kFewKeys = 16;  // of one map: they are compared pair by pair

class PlainReader {
 public:
  std::optional<Tree> Read(std::string_view text);

 private:
  // A list or map that is still open. Those within brackets have no indentation.
  struct Frame {
    Tree::Index index = 0;
    Tree::Index last_child = Tree::kNone;
    std::size_t indentation = 0;
    Node::Kind kind = Node::Kind::kMap;
  };

  // All below return false where the text leaves the part that is read here.
  bool ReadLine(std::string_view line);
  bool StartDocument();
  bool EndDocument();
  bool ReadContent(PlainLine& line);
  bool FindPlace(const PlainLine& line, bool is_item);
  bool ReadEntry(PlainLine& line);
  bool ReadItem(PlainLine& line);
  bool ReadValue(PlainLine& line);
  bool ReadBracketed(PlainLine& line);
  bool ReadBracketedValue(PlainLine& line);
  bool Close();

  Tree::Index Append(Node::Kind kind, bool plain, std::size_t column, std::string_view text);
  void AppendWord(bool plain, std::size_t column, std::string_view text) {
    Append(Node::Kind::kScalar, plain, column, text);
  }
  void Open(Node::Kind kind, std::size_t column);
  bool KeysDiffer(Tree::Index map) const;
  bool ManyKeysDiffer(Tree::Index map) const;

  Tree tree_;
  std::vector<Frame> open_;
  int line_ = 0;
  bool announced_ = false;  // `---` was read, and nothing of its document
  bool awaited_ = false;    // a key was read, and its value must follow in the next lines
};

std::optional<Tree> PlainReader::Read(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++line_;
    if (end > kLongestLine || !ReadLine(text.substr(0, end))) return std::nullopt;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!EndDocument() || tree_.size() == 0) return std::nullopt;
  return std::move(tree_);
}

bool PlainReader::ReadLine(std::string_view text) {
  PlainLine line(text);
  if (line.SaysNothingMore()) return true;
  const bool separates = text.substr(0, text.find_last_not_of(' ') + 1) == "---";
  return separates ? StartDocument() : ReadContent(line);
}

bool PlainReader::StartDocument() {
  if (!EndDocument()) return false;
  announced_ = true;
  return true;
}

bool PlainReader::EndDocument() {
  if (announced_ || awaited_) return false;
  while (!open_.empty())
    if (!Close()) return false;
  return true;
}

bool PlainReader::ReadContent(PlainLine& line) {
  if (open_.empty()) {
    if (line.at() != 0) return false;
    announced_ = false;
    Open(Node::Kind::kMap, 0);
    return ReadEntry(line);
  }
  const bool is_item = line.next() == '-';
  if (!FindPlace(line, is_item)) return false;
  return is_item ? ReadItem(line) : ReadEntry(line);
}

// Leaves open what the line continues, after opening what it is the first line of.
bool PlainReader::FindPlace(const PlainLine& line, bool is_item) {
  const std::size_t indentation = line.at();
  if (awaited_) {
    awaited_ = false;
    // A list may stand right below its key, without more indentation.
    const std::size_t least = open_.back().indentation + (is_item ? 0 : 1);
    if (indentation < least) return false;
    Open(is_item ? Node::Kind::kList : Node::Kind::kMap, indentation);
    return open_.size() <= kDeepest;
  }
  const Node::Kind kind = is_item ? Node::Kind::kList : Node::Kind::kMap;
  while (open_.back().indentation > indentation ||
         (open_.back().indentation == indentation && open_.back().kind != kind)) {
    if (!Close() || open_.empty()) return false;
  }
  return open_.back().indentation == indentation;
}

bool PlainReader::ReadEntry(PlainLine& line) {
  const std::size_t column = line.at();
  const std::string_view key = line.TakeKey();
  if (key.empty()) return false;
  AppendWord(true, column, key);
  awaited_ = line.SaysNothingMore();
  return awaited_ || ReadValue(line);
}

bool PlainReader::ReadItem(PlainLine& line) {
  if (!line.TakeDash() || line.SaysNothingMore()) return false;
  PlainLine ahead = line;
  if (ahead.TakeKey().empty()) return ReadValue(line);
  Open(Node::Kind::kMap, line.at());
  return open_.size() <= kDeepest && ReadEntry(line);
}

bool PlainReader::ReadValue(PlainLine& line) {
  const std::size_t column = line.at();
  std::string_view text;
  if (line.next() == '{' || line.next() == '[') {
    if (!ReadBracketed(line)) return false;
  } else if (line.TakeQuoted(text)) {
    AppendWord(false, column, text);
  } else {
    text = line.TakeWord();
    if (text.empty()) return false;
    AppendWord(true, column, text);
  }
  line.SkipSpaces();
  return line.SaysNothingMore();
}

bool PlainReader::ReadBracketed(PlainLine& line) {
  const bool is_map = line.next() == '{';
  Open(is_map ? Node::Kind::kMap : Node::Kind::kList, line.at());
  if (open_.size() > kDeepest) return false;
  const char end = is_map ? '}' : ']';
  line.Take(line.next());
  line.SkipSpaces();
  if (line.Take(end)) return Close();
  for (;;) {
    if (is_map) {
      const std::size_t column = line.at();
      const std::string_view key = line.TakeKey();
      if (key.empty()) return false;
      AppendWord(true, column, key);
    }
    if (!ReadBracketedValue(line)) return false;
    line.SkipSpaces();
    if (line.Take(end)) return Close();
    if (!line.Take(',')) return false;
    line.SkipSpaces();
  }
}

bool PlainReader::ReadBracketedValue(PlainLine& line) {
  if (line.next() == '{' || line.next() == '[') return ReadBracketed(line);
  const std::size_t column = line.at();
  std::string_view text;
  if (line.TakeQuoted(text)) {
    AppendWord(false, column, text);
    return true;
  }
  text = line.TakeWordBetweenBrackets();
  if (text.empty()) return false;
  AppendWord(true, column, text);
  return true;
}

Tree::Index PlainReader::Append(Node::Kind kind,
                                bool plain,
                                std::size_t column,
                                std::string_view text) {
  const Tree::Index index = tree_.Add(
      {.kind = kind, .plain = plain, .line = line_, .column = static_cast<int>(column) + 1}, text);
  if (open_.empty()) {
    tree_.AddRoot(index);
    return index;
  }
  Frame& parent = open_.back();
  if (parent.last_child == Tree::kNone) {
    tree_.entry(parent.index).first = index;
  } else {
    tree_.entry(parent.last_child).next = index;
  }
  parent.last_child = index;
  return index;
}

void PlainReader::Open(Node::Kind kind, std::size_t column) {
  const Tree::Index index = Append(kind, false, column, "");
  open_.push_back({.index = index, .indentation = column, .kind = kind});
}

bool PlainReader::Close() {
  const Frame closed = open_.back();
  open_.pop_back();
  return closed.kind != Node::Kind::kMap || KeysDiffer(closed.index);
}

bool PlainReader::KeysDiffer(Tree::Index map) const {
  std::size_t keys = 0;
  for (Node key = tree_.At(map).first(); key; key = key.next().next()) {
    if (++keys > kFewKeys) return ManyKeysDiffer(map);
    for (Node other = tree_.At(map).first(); other.text().data() != key.text().data();
         other = other.next().next()) {
      if (other.text() == key.text()) return false;
    }
  }
  return true;
}

bool PlainReader::ManyKeysDiffer(Tree::Index map) const {
  std::vector<std::string_view> keys;
  for (Node key = tree_.At(map).first(); key; key = key.next().next())
    keys.push_back(key.text());
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) == keys.end();
}

}  // namespace

std::optional<Tree> ReadPlainYaml(std::string_view text) { return PlainReader().Read(text); }

}  // namespace poolshift::yaml
