#include "controller/manifest/format.h"

#include <map>
#include <vector>

#include "controller/manifest/layout.h"
#include "controller/manifest/manifest.h"
#include "controller/manifest/text_check.h"
#include "controller/manifest/yaml_reader.h"

namespace poolshift {
namespace manifest {
namespace {

// Reads the text as ParseManifest would, without a look at the schema.
bool Read(std::string_view text, YamlTree& tree, std::string& fault) {
  Diagnostics diagnostics;
  if (text.size() > ManifestLimits::kFileBytes) {
    fault = "larger than 4 MiB";
    return false;
  }
  if (CheckText("", text, diagnostics)) tree = ReadYaml("", text, diagnostics);
  if (!diagnostics.has_errors()) return true;
  fault = ToString(diagnostics.items().front());
  return false;
}

bool SameNode(yaml::Node a, yaml::Node b) {
  if (!a || !b) return !a && !b;
  if (a.kind() != b.kind() || a.text() != b.text() || a.plain() != b.plain()) return false;
  yaml::Node left = a.first();
  yaml::Node right = b.first();
  for (; left && right; left = left.next(), right = right.next()) {
    if (!SameNode(left, right)) return false;
  }
  return !left && !right;
}

// The same keys with the same values, in any order.
bool SameTop(yaml::Node a, yaml::Node b) {
  if (!a.is_map() || !b.is_map()) return SameNode(a, b);
  std::size_t keys = 0;
  for (yaml::Node key = a.first(); key; key = key.next().next(), ++keys) {
    if (!SameNode(key.next(), b.Find(key.text()))) return false;
  }
  for (yaml::Node key = b.first(); key; key = key.next().next())
    --keys;
  return keys == 0;
}

std::vector<yaml::Node> Entities(const yaml::Tree& tree) {
  std::vector<yaml::Node> documents;
  for (const yaml::Node root : tree.Documents()) {
    if (!root.is_null()) documents.push_back(root);
  }
  return documents;
}

bool SameMeaning(const yaml::Tree& a, const yaml::Tree& b) {
  const std::vector<yaml::Node> left = Entities(a);
  const std::vector<yaml::Node> right = Entities(b);
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!SameTop(left[i], right[i])) return false;
  }
  return true;
}

std::string LayOut(std::string_view text) {
  std::string laid_out;
  for (const std::vector<std::string>& document : SplitDocuments(SplitLines(text))) {
    if (!laid_out.empty()) laid_out += "---\n";
    for (const std::string& line : OrderKeys(Reindent(document)))
      laid_out += line + '\n';
  }
  return laid_out;
}

}  // namespace
}  // namespace manifest

FormatResult FormatManifest(std::string_view text) {
  const auto refuse = [&](std::string why) {
    return FormatResult{std::string(text), false, std::move(why)};
  };
  manifest::YamlTree before;
  std::string fault;
  if (!manifest::Read(text, before, fault)) return refuse(std::move(fault));
  std::string laid_out = manifest::LayOut(text);
  if (laid_out == text) return {std::move(laid_out), false, ""};
  manifest::YamlTree after;
  if (!manifest::Read(laid_out, after, fault) || !manifest::SameMeaning(before.tree, after.tree) ||
      manifest::LayOut(laid_out) != laid_out) {
    return refuse("its layout is too unusual to be changed without changing what it says");
  }
  return {std::move(laid_out), true, ""};
}

}  // namespace poolshift
