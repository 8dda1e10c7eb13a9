// libFuzzer target: the manifest loader and formatter on any bytes. Beyond crashes, leaks,
// undefined behaviour and time it checks what must hold for every input:
//   - what loads without errors loads again from what PrintManifest makes of it, to the same
//   organisation
//   - where the short way to a tree gives one, the long way gives the same
//   - formatting twice is formatting once, and formatting changes no finding of a readable text
//   into another count
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/manifest/format.h"
#include "controller/manifest/manifest.h"
#include "controller/manifest/print.h"
#include "tests/manifest/same_tree.h"

namespace {

using poolshift::LoadedOrganization;

LoadedOrganization Load(std::string_view text) {
  std::vector<poolshift::ParsedFile> files;
  files.push_back(poolshift::ParseManifest("f.yaml", text));
  return poolshift::AssembleOrganization(std::move(files));
}

void Require(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::fprintf(stderr, "%s\n%s\n", what, text.c_str());
  std::abort();
}

void CheckPrinting(const LoadedOrganization& loaded) {
  if (loaded.diagnostics.has_errors()) return;
  const std::string printed = poolshift::PrintManifest(loaded.organization);
  const LoadedOrganization again = Load(printed);
  Require(!again.diagnostics.has_errors(), "a printed organisation does not load", printed);
  Require(poolshift::PrintManifest(again.organization) == printed, "printing changed it", printed);
}

void CheckFormatting(std::string_view text, const LoadedOrganization& loaded) {
  const poolshift::FormatResult once = poolshift::FormatManifest(text);
  Require(poolshift::FormatManifest(once.text).text == once.text, "formatting twice", once.text);
  if (!once.changed) return;
  const LoadedOrganization again = Load(once.text);
  Require(again.diagnostics.has_errors() == loaded.diagnostics.has_errors(),
          "formatting changed the meaning",
          once.text);
  if (loaded.diagnostics.has_errors()) return;
  Require(
      poolshift::PrintManifest(again.organization) == poolshift::PrintManifest(loaded.organization),
      "formatting changed the organisation",
      once.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const LoadedOrganization loaded = Load(text);
  for (const poolshift::Diagnostic& item : loaded.diagnostics.items())
    ToString(item);
  Require(poolshift::manifest::CompareWays(text) != poolshift::manifest::Ways::kDiffer,
          "two ways of reading give two trees",
          std::string(text));
  CheckPrinting(loaded);
  CheckFormatting(text, loaded);
  return 0;
}
