#include "controller/engine/import.h"

#include "controller/engine/planning.h"
#include "controller/federation/import.h"
#include "controller/federation/observing.h"
#include "controller/manifest/manifest.h"
#include "controller/manifest/print.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr absl::Duration kListDeadline = absl::Seconds(60);

// What every provider lists. One that is away is an error: what it would have listed must not be
// missing.
absl::StatusOr<Listings> ListAll(const Workspace& workspace, std::vector<std::string>& silent) {
  Listings listings;
  for (const auto& [name, provider] : workspace.providers()) {
    if (name == kDeclarationEyes) continue;  // the seed is kept as it is
    absl::StatusOr<std::vector<Listed>> entities = provider->List(kListDeadline);
    if (absl::IsUnimplemented(entities.status())) {
      silent.push_back(name);
      continue;
    }
    if (!entities.ok()) return entities.status();
    listings[name] = *std::move(entities);
  }
  if (!listings.empty()) return listings;
  return absl::FailedPreconditionError(
      "no provider of the seed can list what there is; write sites and pools by hand "
      "(`poolshift init` shows how), or declare a provider that can");
}

std::string HeadRemark(const std::vector<std::string>& silent) {
  std::string text =
      "Written by `poolshift import` from what is observed; comments are left for a person.";
  if (silent.empty()) return text;
  text += " Not listed, since they cannot:";
  for (const std::string& name : silent)
    text += ' ' + name;
  return text;
}

absl::StatusOr<Imported> Import(Workspace& workspace, ImportedManifests& result) {
  const Organization& seed = workspace.organization();
  POOLSHIFT_ASSIGN(const Listings listings, ListAll(workspace, result.silent));
  POOLSHIFT_ASSIGN(Imported imported, ImportEntities(seed, listings));
  // Nobody is asked for what they are not responsible for, and that depends on sites and pools.
  const Organization entities = imported.organization;
  const Assignment assignment(entities, workspace.offered());
  ObservedState observed;
  POOLSHIFT_TRY(workspace.ObserveAs(assignment, ImportToObserve(entities), observed));
  POOLSHIFT_TRY(
      workspace.ObserveAs(assignment, ImportRecordsToObserve(entities, observed), observed));
  ImportMachines(observed, imported);
  ImportDesignations(observed, imported);
  ImportDomains(observed, imported);
  ImportHosts(observed, imported);
  result.undecided = imported.undecided;
  result.remarks = static_cast<int>(imported.remarks.size());
  imported.remarks.push_back({"Organization", seed.name, "", HeadRemark(result.silent)});
  return imported;
}

absl::StatusOr<Plan> PlanFor(Workspace& workspace, const Organization& organization) {
  const Assignment assignment(organization, workspace.offered());
  ObservedState observed;
  POOLSHIFT_TRY(workspace.ObserveAs(assignment, DesignationsToObserve(organization), observed));
  POOLSHIFT_TRY(
      workspace.ObserveAs(assignment, DetailsToObserve(organization, observed), observed));
  return MakePlanWithoutCommands(organization, observed, assignment);
}

}  // namespace

absl::StatusOr<ImportedManifests> ImportManifests(Workspace& workspace) {
  ImportedManifests result;
  POOLSHIFT_ASSIGN(const Imported imported, Import(workspace, result));
  result.text = PrintManifest(imported.organization, imported.remarks);
  result.files = PrintManifestFiles(imported.organization, imported.remarks);
  std::vector<ParsedFile> parsed;
  for (const auto& [name, text] : result.files)
    parsed.push_back(ParseManifest(name, text));
  LoadedOrganization loaded = AssembleOrganization(std::move(parsed));
  result.diagnostics = std::move(loaded.diagnostics);
  result.organization = std::move(loaded.organization);
  if (result.diagnostics.has_errors()) return result;
  POOLSHIFT_ASSIGN(result.plan, PlanFor(workspace, result.organization));
  return result;
}

}  // namespace poolshift
