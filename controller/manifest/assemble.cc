#include <algorithm>

#include "controller/manifest/assembly.h"
#include "controller/manifest/manifest.h"

namespace poolshift {

LoadedOrganization AssembleOrganization(std::vector<ParsedFile> files) {
  manifest::AssemblyInput input;
  for (const ParsedFile& file : files) {
    const auto& parsed = manifest::ParsedDocuments::Of(file);
    input.files.push_back({parsed.file, {&parsed}, parsed.diagnostics});
  }
  std::stable_sort(input.files.begin(), input.files.end(), [](const auto& a, const auto& b) {
    return a.name < b.name;
  });
  return manifest::Assembly(input).TakeLoaded();
}

}  // namespace poolshift
