#include "controller/manifest/yaml_reader.h"

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>
#include <string>
#include <unordered_map>
#include <vector>

#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/yaml.h"

#include "controller/manifest/text_check.h"
#include "controller/yaml/plain_reader.h"

namespace poolshift::manifest {
namespace {

// A stream over text that is not copied.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: std::streambuf only reads through it
    setg(begin, begin, begin + text.size());
  }
};

// Thrown by the builder through yaml-cpp to stop it; never leaves this file.
struct Stop {
  int line;
  int column;
  std::string message;
  std::string hint;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view file, YamlTree& result, Diagnostics& diagnostics)
      : file_(file), result_(result), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp can find an empty document in the same place for ever.
    if (mark.pos <= document_start_) Fail(mark, "not YAML: nothing more can be read here");
    document_start_ = mark.pos;
    anchors_.clear();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Leaf(mark, anchor, {.kind = yaml::Node::Kind::kNull}, "");
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseTag(mark, tag);
    Leaf(mark, anchor, {.kind = yaml::Node::Kind::kScalar, .plain = tag == "?"}, value);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, yaml::Node::Kind::kList);
  }
  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, yaml::Node::Kind::kMap);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override {
    CheckKeys(open_.back().index);
    Close();
  }

 private:
  // A list or map whose end was not seen yet.
  struct Frame {
    yaml::Tree::Index index = 0;
    yaml::Tree::Index last_child = yaml::Tree::kNone;
    bool expects_key = false;
    YAML::anchor_t anchor = 0;
    std::size_t nodes = 1;  // with aliases expanded
    int height = 1;         // levels from here down, aliases expanded
  };
  struct Anchor {
    yaml::Tree::Index index = 0;
    bool open = true;
    std::size_t nodes = 1;
    int height = 1;
  };

  [[noreturn]] static void Fail(const YAML::Mark& mark,
                                std::string message,
                                std::string hint = "") {
    throw Stop{mark.line + 1, mark.column + 1, std::move(message), std::move(hint)};
  }

  static void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    Fail(mark, "a YAML tag (`!…`)", "remove it: the schema decides the type of every value");
  }

  yaml::Tree::Index Append(const YAML::Mark& mark, yaml::Tree::Entry entry, std::string_view text);
  void Leaf(const YAML::Mark& mark,
            YAML::anchor_t anchor,
            yaml::Tree::Entry entry,
            std::string_view text);
  void Open(const YAML::Mark& mark,
            const std::string& tag,
            YAML::anchor_t anchor,
            yaml::Node::Kind kind);
  void Close();
  void Grow(std::size_t nodes, int height);
  void CheckKey(const YAML::Mark& mark,
                const yaml::Tree::Entry& entry,
                std::string_view text) const;
  void CheckKeys(yaml::Tree::Index map);

  std::string file_;
  YamlTree& result_;
  Diagnostics& diagnostics_;
  int document_start_ = -1;
  std::vector<Frame> open_;
  std::unordered_map<YAML::anchor_t, Anchor> anchors_;
};

void TreeBuilder::CheckKey(const YAML::Mark& mark,
                           const yaml::Tree::Entry& entry,
                           std::string_view text) const {
  if (entry.kind != yaml::Node::Kind::kScalar || entry.alias_of != yaml::Tree::kNone) {
    Fail(mark, "a key that is no plain word", "write keys as words, without `?`, `*` or brackets");
  }
  if (entry.plain && text == "<<") {
    Fail(mark, "a merge key (`<<`)", "merge keys are not supported: write the values out");
  }
}

yaml::Tree::Index TreeBuilder::Append(const YAML::Mark& mark,
                                      yaml::Tree::Entry entry,
                                      std::string_view text) {
  if (!open_.empty() && open_.back().expects_key) CheckKey(mark, entry, text);
  entry.line = mark.line + 1;
  entry.column = mark.column + 1;
  const yaml::Tree::Index index = result_.tree.Add(entry, text);
  if (open_.empty()) {
    result_.tree.AddRoot(index);
    return index;
  }
  Frame& parent = open_.back();
  if (parent.last_child == yaml::Tree::kNone) {
    result_.tree.entry(parent.index).first = index;
  } else {
    result_.tree.entry(parent.last_child).next = index;
  }
  parent.last_child = index;
  if (result_.tree.entry(parent.index).kind == yaml::Node::Kind::kMap) {
    parent.expects_key = !parent.expects_key;
  }
  return index;
}

void TreeBuilder::Grow(std::size_t nodes, int height) {
  if (open_.empty()) return;
  open_.back().nodes += nodes;
  open_.back().height = std::max(open_.back().height, height + 1);
}

void TreeBuilder::Leaf(const YAML::Mark& mark,
                       YAML::anchor_t anchor,
                       yaml::Tree::Entry entry,
                       std::string_view text) {
  const yaml::Tree::Index index = Append(mark, entry, text);
  Grow(1, 1);
  if (anchor != 0) anchors_[anchor] = {index, false, 1, 1};
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Anchor& target = anchors_[anchor];
  if (target.open) Fail(mark, "an alias inside the node that it stands for", "break the cycle");
  if (static_cast<int>(open_.size()) + target.height > kMaxDepth) {
    Fail(mark, "nested deeper than " + std::to_string(kMaxDepth) + " levels through aliases");
  }
  result_.alias_nodes += target.nodes;
  if (result_.alias_nodes > kMaxAliasNodes) {
    Fail(mark, "aliases stand for more than " + std::to_string(kMaxAliasNodes) + " nodes");
  }
  yaml::Tree::Entry entry;
  entry.alias_of = target.index;
  Append(mark, entry, "");
  Grow(target.nodes, target.height);
}

void TreeBuilder::Open(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       yaml::Node::Kind kind) {
  RefuseTag(mark, tag);
  if (static_cast<int>(open_.size()) >= kMaxDepth) {
    Fail(mark, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  const yaml::Tree::Index index = Append(mark, {.kind = kind}, "");
  if (anchor != 0) anchors_[anchor] = {index, true, 1, 1};
  open_.push_back(
      {.index = index, .expects_key = kind == yaml::Node::Kind::kMap, .anchor = anchor});
}

void TreeBuilder::Close() {
  const Frame frame = open_.back();
  open_.pop_back();
  if (frame.anchor != 0) anchors_[frame.anchor] = {frame.index, false, frame.nodes, frame.height};
  Grow(frame.nodes, frame.height);
}

void TreeBuilder::CheckKeys(yaml::Tree::Index map) {
  std::unordered_map<std::string_view, int> lines;
  for (yaml::Node key = result_.tree.At(map).first(); key; key = key.next().next()) {
    const auto [first, added] = lines.try_emplace(key.text(), key.line());
    if (added) continue;
    diagnostics_.Error({file_, key.line(), key.column()},
                       "the key " + Quoted(key.text()) + " is given twice",
                       "first in line " + std::to_string(first->second));
  }
}

}  // namespace

namespace {

constexpr const char* kDisagreement = "YAML that two parsers read differently";

}  // namespace

YamlTree ReadYaml(std::string_view file, std::string_view text, Diagnostics& diagnostics) {
  std::optional<yaml::Tree> plain = yaml::ReadPlainYaml(text);
  if (!plain) return ReadWithParsers(file, text, diagnostics);
  return {.tree = *std::move(plain), .complete = true};
}

YamlTree ReadWithParsers(std::string_view file, std::string_view text, Diagnostics& diagnostics) {
  YamlTree result;
  const std::optional<std::size_t> nodes = ScanStrictly(file, text, diagnostics);
  if (!nodes) return result;
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  TreeBuilder builder(file, result, diagnostics);
  const auto error = [&](int line, int column, std::string message, std::string hint) {
    diagnostics.Error({std::string(file), line, column}, std::move(message), std::move(hint));
  };
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    result.complete = result.tree.size() == *nodes;
    if (!result.complete) error(1, 1, kDisagreement, "write it in a simpler way");
  } catch (const Stop& stop) {
    error(stop.line, stop.column, stop.message, stop.hint);
  } catch (const YAML::Exception& fault) {
    error(fault.mark.line + 1, fault.mark.column + 1, "not YAML: " + fault.msg, "");
  }
  return result;
}

}  // namespace poolshift::manifest
