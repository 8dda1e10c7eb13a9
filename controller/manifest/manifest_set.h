// ManifestSet: the manifests of one organisation while people edit them. What was read stays read:
// of an edited file only the documents that differ are parsed again, and a small edit is followed
// instead of assembling the organisation anew.
//
//   ManifestSet manifests;
//   for (auto& [name, text] : texts) manifests.Set(name, text);
//   manifests.Load().loaded.organization
//
// The result is always what ParseManifest and AssembleOrganization make of the same texts
// (tests/engine/replanning_test.cc). Pure, no global state; not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controller/manifest/manifest.h"

namespace poolshift {

class ManifestSet {
 public:
  ManifestSet();
  ~ManifestSet();
  ManifestSet(ManifestSet&&) noexcept;
  ManifestSet& operator=(ManifestSet&&) noexcept;

  // The text of a file from now on. `text` is copied.
  void Set(const std::string& name, std::string_view text);
  void Remove(const std::string& name);

  // What became different since the Load before.
  enum class Difference {
    kNone,
    kPlaces,  // lines moved, comments, layout: every entity says what it said
    kFields,  // some fields of some entities; the same entities with the same names
    kAnything,
  };
  struct Entity {
    std::string kind, name;
  };
  struct Result {
    const LoadedOrganization& loaded;  // borrowed until the next Load
    Difference difference = Difference::kAnything;
    // kPlaces, kFields: the entities that were read anew. They are where they were in memory, and
    // so is all else.
    std::vector<Entity> read_anew;
  };
  Result Load();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace poolshift
