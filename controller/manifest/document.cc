#include "controller/manifest/document.h"

#include <algorithm>

namespace poolshift::manifest {
namespace {

// Follows `path` from `node`; returns how far it got, and whether that is all of it.
yaml::Node Follow(yaml::Node node, std::string_view path, bool& complete) {
  complete = static_cast<bool>(node);
  yaml::Node last = node;
  while (complete && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const yaml::Node child = last.Find(path.substr(0, dot));
    complete = static_cast<bool>(child);
    if (complete) last = child;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return last;
}

}  // namespace

yaml::Node Document::At(std::string_view path) const {
  bool complete = false;
  const yaml::Node node = Follow(spec, path, complete);
  return complete ? node : yaml::Node();
}

Origin Document::OriginAt(std::string_view path) const {
  bool complete = false;
  const yaml::Node node = Follow(spec, path, complete);
  const bool moved = static_cast<bool>(node) &&
                     (complete || node.line() != spec.line() || node.column() != spec.column());
  return moved ? OriginOf(node) : origin();
}

}  // namespace poolshift::manifest
