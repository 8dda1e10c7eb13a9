// Manifests: YAML texts in, one complete Organization (or all of its faults) out.
//
//   std::vector<ParsedFile> files;
//   for (auto& [name, text] : texts) files.push_back(ParseManifest(name, text));  // each on its
//   own LoadedOrganization loaded = AssembleOrganization(std::move(files)); if
//   (loaded.diagnostics.has_errors()) ...
//
// Both are pure functions: no disk, no clock, no threads, no state between calls, so that files can
// be parsed on several threads and several organisations can live in one process. Whoever reads the
// disk takes the files that IsManifestName accepts, in the order of their names, and stops at the
// limits below.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/diagnostics.h"

namespace poolshift {

namespace manifest {
struct ParsedDocuments;
}  // namespace manifest

struct ManifestLimits {
  static constexpr std::size_t kFileBytes = 4U << 20U;
  static constexpr std::size_t kTotalBytes = 64U << 20U;
  static constexpr std::size_t kFiles = 20'000;
};

// One text, checked as far as it can be on its own: YAML, kinds, keys, types, forms.
class ParsedFile {
 public:
  ParsedFile();
  ~ParsedFile();
  ParsedFile(ParsedFile&&) noexcept;
  ParsedFile& operator=(ParsedFile&&) noexcept;

  const std::string& name() const;
  const Diagnostics& diagnostics() const;

 private:
  friend ParsedFile ParseManifest(std::string name, std::string_view text);
  friend struct manifest::ParsedDocuments;
  std::unique_ptr<manifest::ParsedDocuments> documents_;
};

// `name` is shown in messages: a path, or "-" for the standard input. `text` is not kept.
ParsedFile ParseManifest(std::string name, std::string_view text);

struct LoadedOrganization {
  Organization organization;  // complete only when `diagnostics` has no errors
  Diagnostics diagnostics;    // all faults of all files, ordered by file, line and column
};

LoadedOrganization AssembleOrganization(std::vector<ParsedFile> files);

// Whether a file found in a manifest folder is read: "*.yaml" and "*.yml", but nothing hidden
// (".x.yaml").
bool IsManifestName(std::string_view file_name);

}  // namespace poolshift
