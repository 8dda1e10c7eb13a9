// Loading texts in tests: one call from text to organisation and printed findings.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/manifest/manifest.h"

namespace poolshift {

inline LoadedOrganization LoadTexts(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<ParsedFile> files;
  for (const auto& [name, text] : texts)
    files.push_back(ParseManifest(name, text));
  return AssembleOrganization(std::move(files));
}

inline LoadedOrganization LoadText(const std::string& text) {
  return LoadTexts({{"m.yaml", text}});
}

// One finding a line.
inline std::string Print(const Diagnostics& diagnostics) {
  std::string lines;
  for (const Diagnostic& item : diagnostics.items())
    lines += ToString(item) + '\n';
  return lines;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::string TestFile(std::string_view name) {
  return std::string(POOLSHIFT_SOURCE_DIR) + "/tests/manifest/" + std::string(name);
}

}  // namespace poolshift
