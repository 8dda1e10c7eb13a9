#include "providers/lync/platform/lync_service.h"

#include <optional>
#include <set>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "providers/lync/platform/preview.h"
#include "providers/lync/platform/probe.h"
#include "providers/lync/platform/show_server.h"
#include "providers/lync/platform/show_store.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

constexpr std::string_view kServed[] = {kinds::kTopology,
                                        kinds::kSiteRoute,
                                        kinds::kEnablement,
                                        kinds::kEdgeService,
                                        kinds::kEdgeComponents,
                                        kinds::kReplica,
                                        kinds::kStreams,
                                        kinds::kEdgeAssociation,
                                        kinds::kCentralStore,
                                        kinds::kAccessConfig,
                                        kinds::kXmppPartner,
                                        kinds::kCertificate};

bool IsOfStore(std::string_view kind) { return !StoreFactsFor(kind).empty(); }

}  // namespace

// What one Observe brought.
struct LyncService::Look {
  std::optional<Facts> store;
  std::map<std::string, Facts> servers;
};

std::vector<std::string> LyncService::Configure(const sdk::Configuration& configuration) {
  std::vector<std::string> problems = ReadSettings(configuration, settings_, machines_);
  if (!problems.empty()) return problems;
  const absl::Status opened = books_.Open(configuration.state_directory);
  if (!opened.ok()) return {std::string(opened.message())};
  changer_ = std::make_unique<Changer>(settings_, machines_, books_);
  return {};
}

sdk::Description LyncService::Describe() {
  // A person who carries every command can export as well, and is told so by the plan.
  const bool exports = !machines_.admin->by_hand();
  sdk::Description description{"lync", "1.0", {}, false, {}, exports};
  const Abilities abilities = ProbeAtStart(*machines_.admin, absl::Now() + settings_.timeouts.look);
  for (const std::string_view kind : kServed) {
    KindSchema schema = *kinds::FindKindSchema(kind);
    if (kind == kinds::kTopology && settings_.flags == FlagMode::kManual) schema.writable = false;
    if (kind == kinds::kXmppPartner && !abilities.xmpp) continue;
    description.kinds.push_back(std::move(schema));
  }
  description.remarks = abilities.remarks;
  // One change writes all three services of a pool.
  description.settable = {std::string(kinds::kEdgeAssociation) + ".consistent"};
  if (settings_.flags == FlagMode::kManual) {
    description.remarks.emplace_back(
        "`flags: manual`: the flags of Edge pools have no cmdlet, so Topology is for a person; "
        "give "
        "the kind to a provider of type `manual` that observes with this one");
  }
  return description;
}

void LyncService::Ask(const std::vector<ObservationKey>& keys, absl::Time deadline, Look& look) {
  FactNames of_store;
  std::map<std::string, FactNames> of_servers;
  for (const ObservationKey& key : keys) {
    of_store.merge(StoreFactsFor(key.id.kind));
    const FactNames names = ServerFactsFor(key.id.kind);
    const std::string server = ServerOf(key.id.name);
    if (!names.empty() && machines_.servers.contains(server))
      of_servers[server].insert(names.begin(), names.end());
  }
  const absl::Time until = std::min(deadline, absl::Now() + settings_.timeouts.look);
  std::map<std::string, std::optional<Facts>> seen;
  std::vector<std::jthread> threads;
  if (!of_store.empty()) {
    threads.emplace_back([&] { look.store = LookAtStore(*machines_.admin, of_store, {}, until); });
  }
  for (const auto& [server, names] : of_servers) {
    std::optional<Facts>& place = seen[server];
    Shell& shell = *machines_.servers.at(server);
    threads.emplace_back(
        [&place, &shell, &names, until] { place = LookAtServer(shell, names, until); });
  }
  threads.clear();
  for (auto& [server, facts] : seen)
    look.servers.emplace(server, *std::move(facts));
}

std::vector<Observation> LyncService::Observe(const std::vector<ObservationKey>& keys,
                                              absl::Time deadline) {
  Look look;
  Ask(keys, deadline, look);
  std::vector<Observation> observations;
  for (const ObservationKey& key : keys)
    observations.push_back(Show(key.id, look));
  return observations;
}

Observation LyncService::Show(const ResourceId& id, const Look& look) const {
  if (id.kind == kinds::kReplica) return ShowReplica(id.name, look);
  if (IsOfStore(id.kind)) return ShowFromStore(id, settings_.organization, *look.store, books_);
  const auto server = look.servers.find(ServerOf(id.name));
  if (server == look.servers.end()) {
    return Unreachable("no session is declared for " + ServerOf(id.name) +
                       ": add it to `servers` of the provider's configuration");
  }
  return ShowFromServer(id, server->second);
}

Observation LyncService::ShowReplica(const std::string& server, const Look& look) const {
  const auto own = look.servers.find(server);
  std::optional<bool> equal;
  if (own != look.servers.end()) {
    if (own->second.document() == nullptr) return Unreachable(own->second.Why("document"));
    if (look.store->document() == nullptr) return Unreachable(look.store->Why("document"));
    equal = own->second.document()->digest() == look.store->document()->digest();
  } else if (look.store->Find("replicas") == nullptr) {
    return Unreachable(look.store->Why("replicas"));
  }
  const auto watermark = ReplicaWatermark(books_, CreatedOf(*look.store, server), equal);
  if (!watermark) {
    return Unreachable("the replication status of " + server +
                       " has no LastUpdateCreation, and no session is declared for it");
  }
  return Present({{"watermark", *watermark}});
}

absl::StatusOr<std::vector<Listed>> LyncService::List(absl::Time deadline) {
  FactNames names = {"document", "associations", "replicas", "domains"};
  Facts store = LookAtStore(*machines_.admin, names, {}, deadline);
  if (store.document() == nullptr) return absl::UnavailableError(store.Why("document"));
  std::vector<std::string> pools;
  for (const auto& [name, pool] : store.document()->internal_pools()) {
    if (!pool.director) pools.push_back(name);
  }
  // The XMPP cmdlets, and pairing, are not in every generation: what cannot be read is left out.
  names.insert({"partners", "backups"});
  return ListFromStore(LookAtStore(*machines_.admin, names, pools, deadline));
}

absl::StatusOr<std::vector<ExportedFile>> LyncService::Export(absl::Time deadline) {
  if (machines_.admin->by_hand())
    return absl::UnimplementedError("a person exports: Export-CsConfiguration, on " +
                                    machines_.admin_name);
  const Answer answer = RunScript(*machines_.admin, "export", Value::Map{}, deadline);
  if (answer.fault) return absl::UnavailableError(answer.fault->text);
  std::string configuration, document;
  if (!absl::Base64Unescape(std::string(answer.value.StringOr("configuration", "")),
                            &configuration) ||
      !absl::Base64Unescape(std::string(answer.value.StringOr("document", "")), &document) ||
      configuration.empty() || document.empty()) {
    return absl::InternalError("the exported configuration or topology is empty");
  }
  return std::vector<ExportedFile>{{"cs-configuration.zip", std::move(configuration)},
                                   {"topology.xml", std::move(document)}};
}

std::vector<std::string> LyncService::Preview(const Action& action) {
  return PreviewOf(action, settings_, machines_.admin_name);
}

sdk::Result LyncService::Apply(const Action& action,
                               std::string_view key,
                               std::int64_t,
                               sdk::Call& call) {
  return changer_->Change(action, key, call);
}

std::optional<sdk::Result> LyncService::Lookup(std::string_view key) {
  return changer_->Recall(key);
}

}  // namespace poolshift::lync
