// Whether the short way to a tree (plain_reader.h) and the long one (yaml_reader.h) meet.
#pragma once

#include <optional>
#include <string_view>

#include "controller/manifest/text_check.h"
#include "controller/manifest/yaml_reader.h"
#include "controller/yaml/plain_reader.h"

namespace poolshift::manifest {

// Also the places are the same.
inline bool SameNodes(yaml::Node one, yaml::Node other) {
  for (; one && other; one = one.next(), other = other.next()) {
    const bool same = one.kind() == other.kind() && one.plain() == other.plain() &&
                      one.text() == other.text() && one.line() == other.line() &&
                      one.column() == other.column() && SameNodes(one.first(), other.first());
    if (!same) return false;
  }
  return !one && !other;
}

inline bool SameTrees(const yaml::Tree& one, const yaml::Tree& other) {
  const std::vector<yaml::Node> mine = one.Documents();
  const std::vector<yaml::Node> theirs = other.Documents();
  if (one.size() != other.size() || mine.size() != theirs.size()) return false;
  for (std::size_t i = 0; i < mine.size(); ++i)
    if (!SameNodes(mine[i], theirs[i])) return false;
  return true;
}

enum class Ways { kNoText, kOnlyLong, kSame, kDiffer };

inline Ways CompareWays(std::string_view text) {
  Diagnostics faults;
  if (!CheckText("m.yaml", text, faults)) return Ways::kNoText;
  const std::optional<yaml::Tree> plain = yaml::ReadPlainYaml(text);
  if (!plain) return Ways::kOnlyLong;
  const YamlTree tree = ReadWithParsers("m.yaml", text, faults);
  const bool same = tree.complete && faults.items().empty() && SameTrees(*plain, tree.tree);
  return same ? Ways::kSame : Ways::kDiffer;
}

}  // namespace poolshift::manifest
