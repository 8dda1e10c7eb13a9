#include "controller/manifest/assembly.h"

#include <algorithm>

#include "controller/manifest/bind.h"
#include "controller/manifest/checks.h"
#include "controller/manifest/derive.h"
#include "controller/manifest/references.h"
#include "controller/manifest/text_check.h"
#include "controller/manifest/yaml_reader.h"

namespace poolshift::manifest {
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

void CheckTotals(const AssemblyInput& input, Diagnostics& diagnostics) {
  std::size_t bytes = 0;
  std::size_t alias_nodes = 0;
  for (const FileParts& file : input.files) {
    for (const ParsedDocuments* part : file.parts) {
      bytes += part->bytes;
      alias_nodes += part->alias_nodes;
    }
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

void CheckOneOrganization(const AssemblyInput& input,
                          const Directory& directory,
                          Diagnostics& diagnostics) {
  if (!directory.OfKind(kOrganization).empty() || !input.complete()) return;
  for (const FileParts& file : input.files) {
    if (file.diagnostics.has_errors()) return;  // it may be among what could not be read
  }
  const std::string where = input.files.empty() ? "" : input.files.front().name;
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
  CheckNotifications(input, diagnostics);
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

std::vector<std::string> PoolNames(const Organization& organization) {
  std::vector<std::string> names;
  for (const auto& [name, pool] : organization.front_end_pools)
    names.push_back(name);
  return names;
}

// Two nodes at `path` say the same, but for the values at `own`.
bool Agree(yaml::Node before,
           yaml::Node after,
           const std::string& path,
           const std::vector<std::string_view>& own) {
  if (before.is_scalar() && after.is_scalar() &&
      std::find(own.begin(), own.end(), path) != own.end())
    return true;
  if (!before.is_map() || !after.is_map()) return before.SaysTheSame(after);
  yaml::Node mine = before.first();
  yaml::Node theirs = after.first();
  for (; mine && theirs; mine = mine.next().next(), theirs = theirs.next().next()) {
    if (mine.text() != theirs.text()) return false;
    const std::string key(mine.text());
    if (!Agree(mine.next(), theirs.next(), path.empty() ? key : path + '.' + key, own))
      return false;
  }
  return !mine && !theirs;
}

// Reads the entity again, in its place.
void BindAgain(const Document& document, const Directory& directory, Organization& organization) {
  const std::string_view kind = document.table->kind;
  const std::string& name = document.name;
  if (kind == kSite) {
    organization.sites.at(name) = BindSite(document, directory);
  } else if (kind == kEdgePool) {
    organization.edge_pools.at(name) = BindEdgePool(document, directory);
  } else if (kind == kFrontEndPool) {
    organization.front_end_pools.at(name) = BindFrontEndPool(document, directory);
  } else if (kind == kDirector) {
    organization.directors.at(name) = BindDirector(document, directory);
  } else if (kind == kDomain) {
    organization.domains.at(name) = BindDomain(document, directory);
  } else if (kind == kPartner) {
    organization.partners.at(name) = BindPartner(document);
  } else if (kind == kProvider) {
    organization.providers.at(name) = BindProvider(document, directory);
  } else {
    BindDocument(document, directory, organization);
  }
}

}  // namespace

bool AssemblyInput::complete() const {
  return std::all_of(files.begin(), files.end(), [](const FileParts& file) {
    return std::all_of(
        file.parts.begin(), file.parts.end(), [](const auto* part) { return part->complete; });
  });
}

Assembly::Assembly(const AssemblyInput& input) {
  Collector collector(directory_, loaded_.diagnostics);
  for (const FileParts& file : input.files) {
    loaded_.diagnostics.Append(file.diagnostics);
    for (const ParsedDocuments* part : file.parts) {
      for (const Document& document : part->documents)
        collector.Add(document);
    }
  }
  CheckTotals(input, loaded_.diagnostics);
  CheckOneOrganization(input, directory_, loaded_.diagnostics);
  const bool complete = input.complete();
  ReferenceChecker references(directory_, loaded_.diagnostics);
  for (const KindTable& table : KindTables()) {
    for (const Document* document : directory_.OfKind(table.kind)) {
      if (complete) references.Check(*document);
      BindDocument(*document, directory_, loaded_.organization);
    }
  }
  DeriveHosts(directory_, loaded_.organization);
  if (complete) {
    DeriveConferencing(
        directory_, PoolNames(loaded_.organization), loaded_.organization, loaded_.diagnostics);
    RunChecks({loaded_.organization, directory_}, loaded_.diagnostics);
  }
  loaded_.diagnostics.Sort();
  KeepFirst(loaded_.diagnostics);
}

bool Assembly::MayReplace(const Document& before, const Document& after) {
  const std::string_view kind = before.table->kind;
  if (before.table != after.table || before.name != after.name) return false;
  if (kind == kOrganization || !before.spec != !after.spec) return false;
  return !before.spec || Agree(before.spec, after.spec, "", FieldsOfItsOwn(kind));
}

void Assembly::Replace(const Document& before, const Document& after) {
  if (&before != &after) directory_.Replace(before, after);
}

bool Assembly::Follow(const std::vector<const Document*>& documents) {
  if (!loaded_.diagnostics.items().empty()) return false;
  Diagnostics& found = loaded_.diagnostics;
  Organization& organization = loaded_.organization;
  std::vector<std::string> pools;
  ReferenceChecker references(directory_, found);
  for (const Document* document : documents) {
    references.Check(*document);
    BindAgain(*document, directory_, organization);
    if (document->table->kind == kFrontEndPool) pools.push_back(document->name);
  }
  DeriveHosts(directory_, organization);
  DeriveConferencing(directory_, pools, organization, found);
  for (const Document* document : documents)
    CheckAlone({organization, directory_}, *document, found);
  return found.items().empty();
}

}  // namespace poolshift::manifest
