// Document: one manifest document whose kind and name are known, with positions to point at.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "controller/manifest/manifest.h"
#include "controller/manifest/schema.h"
#include "controller/model/diagnostics.h"
#include "controller/yaml/tree.h"

namespace poolshift::manifest {

struct Document {
  const KindTable* table = nullptr;
  std::string name = {};  // canonical
  yaml::Node name_node = {};
  yaml::Node spec = {};  // a map, or no node
  const std::string* file = nullptr;

  // Where the document's name stands.
  Origin origin() const { return {*file, name_node.line(), name_node.column()}; }
  Origin OriginOf(yaml::Node node) const { return {*file, node.line(), node.column()}; }
  // The node at a path of keys below `spec` ("accessEdge.fqdn"); no node when it is absent.
  yaml::Node At(std::string_view path) const;
  // Where that is, or where the longest existing part of the path is, or the document's name.
  Origin OriginAt(std::string_view path) const;
};

// What ParsedFile holds.
struct ParsedDocuments {
  std::string file;
  Diagnostics diagnostics;
  yaml::Tree tree;
  std::vector<Document> documents;
  std::size_t bytes = 0;
  std::size_t alias_nodes = 0;
  bool complete = false;  // false: reading stopped, so that documents may be missing

  static const ParsedDocuments& Of(const ParsedFile& file) { return *file.documents_; }
  static ParsedDocuments& Of(ParsedFile& file) { return *file.documents_; }
};

}  // namespace poolshift::manifest
