#include "controller/yaml/tree.h"

namespace poolshift::yaml {
namespace {

const Tree::Entry& Resolved(const std::vector<Tree::Entry>& entries, Tree::Index index) {
  const Tree::Entry& entry = entries[index];
  return entry.alias_of == Tree::kNone ? entry : entries[entry.alias_of];
}

}  // namespace

Node::Kind Node::kind() const { return Resolved(tree_->entries_, index_).kind; }

std::string_view Node::text() const {
  const Tree::Entry& entry = Resolved(tree_->entries_, index_);
  return std::string_view(tree_->texts_).substr(entry.text_begin, entry.text_size);
}

bool Node::plain() const { return Resolved(tree_->entries_, index_).plain; }
int Node::line() const { return tree_->entries_[index_].line + tree_->lines_before_; }
int Node::column() const { return tree_->entries_[index_].column; }

Node Node::first() const {
  const Tree::Index first = Resolved(tree_->entries_, index_).first;
  return first == Tree::kNone ? Node() : Node(tree_, first);
}

Node Node::next() const {
  const Tree::Index next = tree_->entries_[index_].next;
  return next == Tree::kNone ? Node() : Node(tree_, next);
}

Node Node::Find(std::string_view key) const {
  if (!is_map()) return {};
  for (Node name = first(); name; name = name.next().next()) {
    if (name.text() == key) return name.next();
  }
  return {};
}

bool Node::SaysTheSame(Node other) const {
  if (tree_ == nullptr || other.tree_ == nullptr) return tree_ == other.tree_;
  if (kind() != other.kind() || plain() != other.plain() || text() != other.text()) return false;
  Node mine = first();
  Node theirs = other.first();
  for (; mine && theirs; mine = mine.next(), theirs = theirs.next()) {
    if (!mine.SaysTheSame(theirs)) return false;
  }
  return !mine && !theirs;
}

Tree::Index Tree::Add(Entry entry, std::string_view text) {
  entry.text_begin = static_cast<std::uint32_t>(texts_.size());
  entry.text_size = static_cast<std::uint32_t>(text.size());
  texts_ += text;
  entries_.push_back(entry);
  return static_cast<Index>(entries_.size() - 1);
}

std::vector<Node> Tree::Documents() const {
  std::vector<Node> documents;
  documents.reserve(roots_.size());
  for (const Index root : roots_)
    documents.push_back(At(root));
  return documents;
}

}  // namespace poolshift::yaml
