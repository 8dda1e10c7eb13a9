#include "controller/manifest/yaml_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

// Why reading stopped in the middle of good YAML.
struct Stop {
  Origin origin;
  std::string message;
  std::string hint;
};

std::string_view Text(const yaml_char_t* text) {
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

class TreeBuilder {
 public:
  TreeBuilder(std::string_view file, YamlEvents& events, YamlTree& result, Diagnostics& diagnostics)
      : file_(file), events_(events), result_(result), diagnostics_(diagnostics) {}

  // False: nothing more is taken, and `stop` says why.
  bool Take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        anchors_.clear();
        break;
      case YAML_SCALAR_EVENT:
        TakeScalar(event);
        break;
      case YAML_ALIAS_EVENT:
        TakeAlias(event);
        break;
      case YAML_SEQUENCE_START_EVENT:
        Open(event.start_mark,
             Text(event.data.sequence_start.tag),
             Text(event.data.sequence_start.anchor),
             Node::Kind::kList);
        break;
      case YAML_MAPPING_START_EVENT:
        Open(event.start_mark,
             Text(event.data.mapping_start.tag),
             Text(event.data.mapping_start.anchor),
             Node::Kind::kMap);
        break;
      case YAML_MAPPING_END_EVENT:
        CheckKeys(open_.back().index);
        Close();
        break;
      case YAML_SEQUENCE_END_EVENT:
        Close();
        break;
      default:
        break;
    }
    return !stop_.has_value();
  }
  const std::optional<Stop>& stop() const { return stop_; }

 private:
  // A list or map whose end was not seen yet.
  struct Frame {
    Tree::Index index = 0;
    Tree::Index last_child = Tree::kNone;
    bool expects_key = false;
    std::string anchor;
    std::size_t nodes = 1;  // with aliases expanded
    int height = 1;         // levels from here down, aliases expanded
  };
  struct Anchor {
    Tree::Index index = 0;
    bool open = true;
    std::size_t nodes = 1;
    int height = 1;
  };

  // The first reason to stop counts.
  void Fail(const yaml_mark_t& mark, std::string message, std::string hint = "") {
    if (stop_.has_value()) return;
    stop_ = Stop{OriginOf(mark), std::move(message), std::move(hint)};
  }

  Origin OriginOf(const yaml_mark_t& mark) {
    return {file_, static_cast<int>(mark.line) + 1, events_.ColumnOf(mark)};
  }

  void RefuseTag(const yaml_mark_t& mark, std::string_view tag) {
    if (tag.empty() || tag == "!") return;
    Fail(mark, "a YAML tag (`!…`)", "remove it: the schema decides the type of every value");
  }

  Tree::Index Append(const yaml_mark_t& mark, Tree::Entry entry, std::string_view text);
  void TakeScalar(const yaml_event_t& event);
  void TakeAlias(const yaml_event_t& event);
  void Open(const yaml_mark_t& mark,
            std::string_view tag,
            std::string_view anchor,
            Node::Kind kind);
  void Close();
  void Grow(std::size_t nodes, int height);
  void CheckKey(const yaml_mark_t& mark, const Tree::Entry& entry, std::string_view text);
  void CheckKeys(Tree::Index map);

  std::string file_;
  YamlEvents& events_;
  YamlTree& result_;
  Diagnostics& diagnostics_;
  std::optional<Stop> stop_;
  std::vector<Frame> open_;
  std::unordered_map<std::string, Anchor> anchors_;
};

void TreeBuilder::CheckKey(const yaml_mark_t& mark,
                           const Tree::Entry& entry,
                           std::string_view text) {
  if (entry.kind != Node::Kind::kScalar || entry.alias_of != Tree::kNone) {
    return Fail(
        mark, "a key that is no plain word", "write keys as words, without `?`, `*` or brackets");
  }
  if (entry.plain && text == "<<") {
    Fail(mark, "a merge key (`<<`)", "merge keys are not supported: write the values out");
  }
}

Tree::Index TreeBuilder::Append(const yaml_mark_t& mark, Tree::Entry entry, std::string_view text) {
  if (!open_.empty() && open_.back().expects_key) CheckKey(mark, entry, text);
  entry.line = static_cast<std::int32_t>(mark.line) + 1;
  entry.column = events_.ColumnOf(mark);
  const Tree::Index index = result_.tree.Add(entry, text);
  if (open_.empty()) {
    result_.tree.AddRoot(index);
    return index;
  }
  Frame& parent = open_.back();
  if (parent.last_child == Tree::kNone) {
    result_.tree.entry(parent.index).first = index;
  } else {
    result_.tree.entry(parent.last_child).next = index;
  }
  parent.last_child = index;
  if (result_.tree.entry(parent.index).kind == Node::Kind::kMap) {
    parent.expects_key = !parent.expects_key;
  }
  return index;
}

void TreeBuilder::Grow(std::size_t nodes, int height) {
  if (open_.empty()) return;
  open_.back().nodes += nodes;
  open_.back().height = std::max(open_.back().height, height + 1);
}

// What stands for "no value" in a text without quotes.
bool IsNullWord(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

void TreeBuilder::TakeScalar(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
  RefuseTag(event.start_mark, Text(scalar.tag));
  Tree::Entry entry;
  entry.kind = Node::Kind::kScalar;
  entry.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nullptr;
  if (entry.plain && IsNullWord(text)) entry = {.kind = Node::Kind::kNull};
  const Tree::Index index =
      Append(event.start_mark, entry, entry.kind == Node::Kind::kNull ? "" : text);
  Grow(1, 1);
  if (scalar.anchor != nullptr) anchors_[std::string(Text(scalar.anchor))] = {index, false, 1, 1};
}

void TreeBuilder::TakeAlias(const yaml_event_t& event) {
  const yaml_mark_t& mark = event.start_mark;
  const auto found = anchors_.find(std::string(Text(event.data.alias.anchor)));
  if (found == anchors_.end()) return Fail(mark, "not YAML: the referenced anchor is not defined");
  const Anchor& target = found->second;
  if (target.open) {
    return Fail(mark, "an alias inside the node that it stands for", "break the cycle");
  }
  if (static_cast<int>(open_.size()) + target.height > kMaxDepth) {
    return Fail(mark,
                "nested deeper than " + std::to_string(kMaxDepth) + " levels through aliases");
  }
  result_.alias_nodes += target.nodes;
  if (result_.alias_nodes > kMaxAliasNodes) {
    return Fail(mark, "aliases stand for more than " + std::to_string(kMaxAliasNodes) + " nodes");
  }
  Tree::Entry entry;
  entry.alias_of = target.index;
  Append(mark, entry, "");
  Grow(target.nodes, target.height);
}

void TreeBuilder::Open(const yaml_mark_t& mark,
                       std::string_view tag,
                       std::string_view anchor,
                       Node::Kind kind) {
  RefuseTag(mark, tag);
  const Tree::Index index = Append(mark, {.kind = kind}, "");
  if (!anchor.empty()) anchors_[std::string(anchor)] = {index, true, 1, 1};
  open_.push_back(
      {.index = index, .expects_key = kind == Node::Kind::kMap, .anchor = std::string(anchor)});
}

void TreeBuilder::Close() {
  const Frame frame = open_.back();
  open_.pop_back();
  if (!frame.anchor.empty())
    anchors_[frame.anchor] = {frame.index, false, frame.nodes, frame.height};
  Grow(frame.nodes, frame.height);
}

void TreeBuilder::CheckKeys(Tree::Index map) {
  std::unordered_map<std::string_view, int> lines;
  for (Node key = result_.tree.At(map).first(); key; key = key.next().next()) {
    const auto [first, added] = lines.try_emplace(key.text(), key.line());
    if (added) continue;
    diagnostics_.Error({file_, key.line(), key.column()},
                       "the key " + Quoted(key.text()) + " is given twice",
                       "first in line " + std::to_string(first->second));
  }
}

}  // namespace

YamlTree ReadYaml(std::string_view file, std::string_view text, Diagnostics& diagnostics) {
  YamlTree result;
  Diagnostics found;
  YamlEvents events(text);
  TreeBuilder builder(file, events, result, found);
  bool takes = true;
  while (const yaml_event_t* event = events.Next())
    takes = takes && builder.Take(*event);
  if (!events.complete()) {  // of a text that is no YAML nothing is believed
    diagnostics.Add(events.Fault(std::string(file)));
    return {};
  }
  diagnostics.Append(std::move(found));
  result.complete = !builder.stop().has_value();
  if (const auto& stop = builder.stop()) diagnostics.Error(stop->origin, stop->message, stop->hint);
  return result;
}

}  // namespace poolshift::manifest
