#include <algorithm>

#include "controller/manifest/bind.h"
#include "controller/manifest/checks.h"
#include "controller/manifest/derive.h"
#include "controller/manifest/directory.h"
#include "controller/manifest/document.h"
#include "controller/manifest/manifest.h"
#include "controller/manifest/references.h"
#include "controller/manifest/text_check.h"
#include "controller/manifest/yaml_reader.h"

namespace poolshift {
namespace manifest {
namespace {

// Registers documents and reports the ones that are there twice.
class Collector {
 public:
  Collector(Directory& directory, Diagnostics& diagnostics)
      : directory_(directory), diagnostics_(diagnostics) {}

  void Add(const Document& document) {
    const std::string_view kind = document.table->kind;
    if ((kind == kOrganization || kind == kPolicy) && !directory_.OfKind(kind).empty()) {
      return RefuseSecond(*directory_.OfKind(kind).front(), document);
    }
    const Document* first = directory_.Add(document);
    if (first == nullptr && kind == kFrontEndPool)
      first = directory_.FindNamed(kDirector, document.name);
    if (first == nullptr && kind == kDirector)
      first = directory_.FindNamed(kFrontEndPool, document.name);
    if (first == nullptr) return;
    diagnostics_.Error(
        document.origin(),
        std::string(kind) + " " + Quoted(document.name) + " is declared twice",
        "first as " + std::string(first->table->kind) + " at " + ToString(first->origin()));
  }

 private:
  void RefuseSecond(const Document& first, const Document& second) {
    const std::string kind(second.table->kind);
    const std::string hint =
        kind == kOrganization ? "load each organisation on its own" : "merge them";
    diagnostics_.Error(second.origin(),
                       "a second " + kind + ' ' + Quoted(second.name) + "; the first is " +
                           Quoted(first.name) + " at " + ToString(first.origin()),
                       hint);
  }

  Directory& directory_;
  Diagnostics& diagnostics_;
};

struct Input {
  std::vector<const ParsedDocuments*> files;  // ordered by name
  bool complete = true;                       // no file was cut off by an error
};

Input Ordered(const std::vector<ParsedFile>& files) {
  Input input;
  for (const ParsedFile& file : files) {
    input.files.push_back(&ParsedDocuments::Of(file));
    input.complete = input.complete && input.files.back()->complete;
  }
  std::stable_sort(input.files.begin(), input.files.end(), [](const auto* a, const auto* b) {
    return a->file < b->file;
  });
  return input;
}

void CheckTotals(const Input& input, Diagnostics& diagnostics) {
  std::size_t bytes = 0;
  std::size_t alias_nodes = 0;
  for (const ParsedDocuments* file : input.files) {
    bytes += file->bytes;
    alias_nodes += file->alias_nodes;
  }
  if (input.files.size() > ManifestLimits::kFiles) {
    diagnostics.Error({}, "more than 20000 manifest files", "give fewer at once");
  }
  if (bytes > ManifestLimits::kTotalBytes) {
    diagnostics.Error({}, "the manifests are larger than 64 MiB together", "give fewer at once");
  }
  if (alias_nodes > kMaxAliasNodes) {
    diagnostics.Error(
        {}, "aliases of all files stand for more than 100000 nodes", "write them out");
  }
}

void CheckOneOrganization(const Input& input,
                          const Directory& directory,
                          Diagnostics& diagnostics) {
  if (!directory.OfKind(kOrganization).empty() || !input.complete) return;
  for (const ParsedDocuments* file : input.files) {
    if (file->diagnostics.has_errors()) return;  // it may be among what could not be read
  }
  const std::string where = input.files.empty() ? "" : input.files.front()->file;
  diagnostics.Error(
      {where, 0, 0}, "no Organization is declared", "add a document with `kind: Organization`");
}

void RunChecks(const CheckInput& input, Diagnostics& diagnostics) {
  CheckUniqueNames(input, diagnostics);
  CheckPools(input, diagnostics);
  CheckHosts(input, diagnostics);
  CheckProducts(input, diagnostics);
  CheckDomains(input, diagnostics);
  CheckPartners(input, diagnostics);
  CheckProviders(input, diagnostics);
  CheckPolicy(input, diagnostics);
}

// What the checks of one kind would repeat a thousand times is cut here.
void KeepFirst(Diagnostics& diagnostics) {
  constexpr std::size_t kMost = 10'000;
  if (diagnostics.items().size() <= kMost) return;
  Diagnostics kept;
  for (std::size_t i = 0; i < kMost; ++i)
    kept.Add(diagnostics.items()[i]);
  kept.Error({}, "more findings are not shown");
  diagnostics = std::move(kept);
}

LoadedOrganization Assemble(const Input& input) {
  LoadedOrganization loaded;
  Directory directory;
  Collector collector(directory, loaded.diagnostics);
  for (const ParsedDocuments* file : input.files) {
    loaded.diagnostics.Append(file->diagnostics);
    for (const Document& document : file->documents)
      collector.Add(document);
  }
  CheckTotals(input, loaded.diagnostics);
  CheckOneOrganization(input, directory, loaded.diagnostics);
  if (input.complete) {
    ReferenceChecker references(directory, loaded.diagnostics);
    for (const KindTable& table : KindTables()) {
      for (const Document* document : directory.OfKind(table.kind))
        references.Check(*document);
    }
  }
  for (const KindTable& table : KindTables()) {
    for (const Document* document : directory.OfKind(table.kind)) {
      BindDocument(*document, directory, loaded.organization);
    }
  }
  DeriveHosts(directory, loaded.organization);
  if (input.complete) {
    DeriveConferencing(directory, loaded.organization, loaded.diagnostics);
    RunChecks({loaded.organization, directory}, loaded.diagnostics);
  }
  loaded.diagnostics.Sort();
  KeepFirst(loaded.diagnostics);
  return loaded;
}

}  // namespace
}  // namespace manifest

LoadedOrganization AssembleOrganization(std::vector<ParsedFile> files) {
  return manifest::Assemble(manifest::Ordered(files));
}

}  // namespace poolshift
