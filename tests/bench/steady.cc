#include "tests/bench/steady.h"

#include <stdexcept>

#include "controller/federation/kinds.h"
#include "controller/federation/observing.h"
#include "controller/model/digest.h"
#include "providers/sim/world/observe.h"
#include "providers/sim/world/world_file.h"
#include "tests/bench/move.h"

namespace poolshift::bench {
namespace {

void ReplaceAll(std::string_view from, std::string_view to, std::string& text) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to);
}

void Look(const sim::World& world,
          const std::vector<ObservationKey>& keys,
          ObservedState& observed) {
  for (const ObservationKey& key : keys) {
    Observation seen = sim::Observe(world, key, absl::UnixEpoch());
    seen.provider = "platform";
    if (seen.presence == Presence::kPresent) {
      const KindSchema& schema = *kinds::FindKindSchema(key.id.kind);
      seen.revision = RevisionOf(WritablePart(schema, seen.properties));
    }
    observed.observations.insert_or_assign(key, std::move(seen));
  }
}

Steady Seen(std::vector<TextFile> manifests, const TextFile& file) {
  Steady steady;
  steady.manifests = std::move(manifests);
  Diagnostics faults;
  const auto world = sim::ReadWorld(file.text, file.name, absl::UnixEpoch(), faults);
  if (!world.has_value()) throw std::logic_error(ToString(faults.items().front()));
  const LoadedOrganization loaded = LoadAnew(steady.manifests);
  if (!loaded.diagnostics.items().empty())
    throw std::logic_error(ToString(loaded.diagnostics.items().front()));
  Look(*world, DesignationsToObserve(loaded.organization), steady.observed);
  Look(*world, DetailsToObserve(loaded.organization, steady.observed), steady.observed);
  for (const KindSchema& schema : kinds::KindSchemas())
    steady.offered["platform"].push_back(schema.kind);
  return steady;
}

}  // namespace

Steady SteadyOrganisation(int sites) {
  std::vector<TextFile> manifests = MoveManifests(sites);
  for (TextFile& file : manifests) {
    ReplaceAll("hosts: {federation: edgepool2, xmpp: edgepool2}",
               "hosts: {federation: edgepool1, xmpp: edgepool1}",
               file.text);
    ReplaceAll("conferencing: edgepool2", "conferencing: edgepool1", file.text);
    ReplaceAll(
        "  condition: outOfService\n  reason: the building has lost its power\n", "", file.text);
  }
  TextFile world = MoveWorldFile(sites);
  ReplaceAll("power: off", "power: on", world.text);
  return Seen(std::move(manifests), world);
}

Steady MovingOrganisation(int sites) { return Seen(MoveManifests(sites), MoveWorldFile(sites)); }

LoadedOrganization LoadAnew(const std::vector<TextFile>& manifests) {
  std::vector<ParsedFile> files;
  for (const TextFile& file : manifests)
    files.push_back(ParseManifest(file.name, file.text));
  return AssembleOrganization(std::move(files));
}

}  // namespace poolshift::bench
