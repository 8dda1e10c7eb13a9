// Tree: the nodes of one YAML text with the line and column of each, in one block of memory (36
// bytes a node and its text, where yaml-cpp's own node tree costs fifty times the text).
//
// Aliases stay aliases here: reading through one costs nothing, and what they expand to is counted
// when the tree is made (yaml_reader.h), so that a walk over a tree is bounded. Immutable after it
// was made; thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolshift::yaml {

class Tree;

// One node, borrowed from its tree; a small value. The default is "no node".
class Node {
 public:
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMap };

  Node() = default;
  explicit operator bool() const { return tree_ != nullptr; }

  // All below require a node.
  Kind kind() const;
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_scalar() const { return kind() == Kind::kScalar; }
  bool is_list() const { return kind() == Kind::kList; }
  bool is_map() const { return kind() == Kind::kMap; }
  // Of a scalar: its text, and whether it was written without quotes. "" and false otherwise.
  std::string_view text() const;
  bool plain() const;
  int line() const;    // from 1
  int column() const;  // from 1, in bytes

  // Children: the items of a list; of a map key, value, key, value... `next` is the following
  // sibling.
  Node first() const;
  Node next() const;
  // The value of a key of a map; no node when it has none or this is no map.
  Node Find(std::string_view key) const;
  // Where one tree is a part of a file, the places of another part may differ; what is said not.
  bool SaysTheSame(Node other) const;

 private:
  friend class Tree;
  Node(const Tree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

class Tree {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;

  struct Entry {
    Node::Kind kind = Node::Kind::kNull;
    bool plain = false;
    std::int32_t line = 0;
    std::int32_t column = 0;
    std::uint32_t text_begin = 0;
    std::uint32_t text_size = 0;
    Index first = kNone;
    Index next = kNone;
    Index alias_of = kNone;
  };

  // For the reader that makes it.
  Index Add(Entry entry, std::string_view text);
  Entry& entry(Index index) { return entries_[index]; }
  void AddRoot(Index index) { roots_.push_back(index); }

  // Where the text of this tree begins in its file: line 1, or further down when it is a part of
  // one.
  void StartAt(int line) { lines_before_ = line - 1; }
  int lines_before() const { return lines_before_; }

  std::size_t size() const { return entries_.size(); }
  // The documents of the text, in order.
  std::vector<Node> Documents() const;
  Node At(Index index) const { return {this, index}; }

 private:
  friend class Node;
  std::vector<Entry> entries_;
  std::string texts_;
  std::vector<Index> roots_;
  int lines_before_ = 0;
};

}  // namespace poolshift::yaml
