// Reads YAML text into a Tree, strictly: what yaml-cpp 0.7 accepts in silence is an error here
// (duplicate keys, merge keys, tags, recursive aliases, quotes left open at the end of the file),
// and work is bounded by limits. Plain texts take a short way to the same tree (plain_reader.h).
#pragma once

#include <cstddef>
#include <string_view>

#include "controller/manifest/strict_scan.h"
#include "controller/model/diagnostics.h"
#include "controller/yaml/tree.h"

namespace poolshift::manifest {

inline constexpr std::size_t kMaxAliasNodes =
    100'000;  // nodes that aliases stand for, all together

struct YamlTree {
  yaml::Tree tree;
  std::size_t alias_nodes = 0;  // how many nodes its aliases stand for
  bool complete = false;        // false: reading stopped at an error
};

// `text` must have passed CheckText. Errors go to `diagnostics`; documents before one are kept.
YamlTree ReadYaml(std::string_view file, std::string_view text, Diagnostics& diagnostics);

// The long way, by two parsers that must agree. ReadYaml gives the same.
YamlTree ReadWithParsers(std::string_view file, std::string_view text, Diagnostics& diagnostics);

}  // namespace poolshift::manifest
