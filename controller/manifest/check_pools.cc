#include "controller/manifest/checks.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

bool IsOut(const EdgePool& pool) { return pool.condition == EdgePool::Condition::kOutOfService; }

void CheckStandIn(const CheckInput& input,
                  const Document& document,
                  const EdgePool& pool,
                  Diagnostics& diagnostics) {
  if (pool.stand_in.empty()) return;
  const Origin origin = document.OriginAt("standIn");
  if (pool.stand_in == pool.name) {
    return diagnostics.Error(
        origin, "pool `" + pool.name + "` is its own stand-in", "name another Edge pool");
  }
  const auto stand_in = input.organization.edge_pools.find(pool.stand_in);
  if (stand_in == input.organization.edge_pools.end() || !IsOut(stand_in->second)) return;
  if (IsOut(pool)) {
    diagnostics.Error(origin,
                      "the stand-in `" + pool.stand_in + "` is out of service itself",
                      "name an Edge pool that is in service");
  } else {
    diagnostics.Warning(origin,
                        "the stand-in `" + pool.stand_in + "` is out of service",
                        "`" + pool.name + "` could not be replaced now");
  }
}

void CheckEdgePool(const CheckInput& input,
                   const Document& document,
                   const EdgePool& pool,
                   Diagnostics& diagnostics) {
  if (IsOut(pool) && !document.At("reason")) {
    diagnostics.Error(document.OriginAt("condition"),
                      "pool `" + pool.name + "` is out of service without a reason",
                      "add `reason:`, so that everybody knows who took it out and why");
  }
  if (!IsOut(pool) && document.At("reason")) {
    diagnostics.Warning(document.OriginAt("reason"),
                        "`reason` is given, but pool `" + pool.name + "` is in service",
                        "remove it, or set `condition: outOfService`");
  }
  CheckStandIn(input, document, pool, diagnostics);
}

void CheckFrontEndPool(const CheckInput& input,
                       const Document& document,
                       const FrontEndPool& pool,
                       Diagnostics& diagnostics) {
  if (!pool.backup_pool.empty() && pool.backup_pool == pool.name) {
    diagnostics.Error(document.OriginAt("backupPool"),
                      "pool `" + pool.name + "` is its own backup",
                      "name another Front End pool");
  }
  if (pool.served_by == FrontEndPool::ServedBy::kBackup && !document.At("backupPool")) {
    diagnostics.Error(document.OriginAt("servedBy"),
                      "`servedBy: backup` needs `backupPool`",
                      "name the Front End pool that serves");
  }
  const bool out = pool.condition == FrontEndPool::Condition::kOutOfService;
  if (out && !document.At("reason")) {
    diagnostics.Error(document.OriginAt("condition"),
                      "pool `" + pool.name + "` is out of service without a reason",
                      "add `reason:`, so that everybody knows who took it out and why");
  }
  if (!out && document.At("reason")) {
    diagnostics.Warning(document.OriginAt("reason"),
                        "`reason` is given, but pool `" + pool.name + "` is in service",
                        "remove it, or set `condition: outOfService`");
  }
  const auto edge = input.organization.edge_pools.find(pool.conferencing);
  if (edge == input.organization.edge_pools.end() || !IsOut(edge->second)) return;
  if (pool.conferencing_is_temporary || edge->second.site == pool.site) return;  // said elsewhere
  diagnostics.Warning(
      pool.conferencing_origin,
      "conferencing uses Edge pool `" + pool.conferencing + "`, which is out of service",
      "name one that is in service");
}

}  // namespace

void CheckPools(const CheckInput& input, Diagnostics& diagnostics) {
  for (const auto& [name, pool] : input.organization.edge_pools) {
    if (name == "local") {
      diagnostics.Error(pool.origin,
                        "an Edge pool cannot be named `local`",
                        "`conferencing: local` means the Edge pool of the site");
    }
    CheckEdgePool(input, *input.directory.FindNamed(kEdgePool, name), pool, diagnostics);
  }
  for (const auto& [name, pool] : input.organization.front_end_pools) {
    CheckFrontEndPool(input, *input.directory.FindNamed(kFrontEndPool, name), pool, diagnostics);
  }
}

const std::vector<std::string_view>& FieldsOfItsOwn(std::string_view kind) {
  static const std::vector<std::string_view> kPool = {"conferencing", "servedBy"};
  static const std::vector<std::string_view> kRecords = {"sip.ttl", "xmpp.ttl"};
  static const std::vector<std::string_view> kEdge = {"nextHop"};
  static const std::vector<std::string_view> kNone;
  if (kind == kFrontEndPool) return kPool;
  if (kind == kEdgePool) return kEdge;
  return kind == kDomain ? kRecords : kNone;
}

void CheckAlone(const CheckInput& input, const Document& document, Diagnostics& diagnostics) {
  const std::string& name = document.name;
  if (document.table->kind == kFrontEndPool) {
    CheckFrontEndPool(input, document, input.organization.front_end_pools.at(name), diagnostics);
  } else if (document.table->kind == kEdgePool) {
    CheckEdgePool(input, document, input.organization.edge_pools.at(name), diagnostics);
  } else if (document.table->kind == kDomain) {
    CheckTimesToLive(input.organization.domains.at(name), document, diagnostics);
  }
}

}  // namespace poolshift::manifest
