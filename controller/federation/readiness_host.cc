#include <algorithm>

#include "controller/federation/certificates.h"
#include "controller/federation/inside_paths.h"
#include "controller/federation/readiness_parts.h"
#include "controller/federation/records.h"
#include "controller/federation/roles.h"
#include "controller/federation/silence.h"
#include "controller/federation/way_inside.h"

namespace poolshift {
namespace {

constexpr absl::Duration kCertificateMargin = absl::Hours(24 * 30);

std::string Days(absl::Duration duration) {
  const std::int64_t days = absl::ToInt64Hours(duration) / 24;
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

class HostInspection {
 public:
  HostInspection(const Successor& successor, ShortfallList& found)
      : view_(successor.view),
        supposition_(successor.supposition),
        pool_(successor.pool),
        protocol_(successor.protocol),
        now_(successor.now),
        found_(found) {}

  void Run() {
    for (const EdgeServer& server : pool_.servers) {
      InspectCertificate(server);
      InspectServices(server);
      if (pool_.in_topology()) InspectReplica(server);
    }
    InspectSameness();
    InspectFirewall();
    InspectNextHop();
    if (protocol_ == Protocol::kSip) InspectInside();
  }

 private:
  void InspectCertificate(const EdgeServer& server) {
    const ResourceId id = kinds::Certificate(server.fqdn, CertificateUse(pool_, protocol_));
    const Value* certificate = view_.observed().Properties(id);
    const Value* names = certificate == nullptr ? nullptr : certificate->Find("names");
    if (names == nullptr || !names->is_list()) {
      const std::string why = Blind(view_, id);
      if (!why.empty()) return found_.CannotLook("the certificate of " + server.fqdn, why);
      return found_.Lacks("certificate",
                          server.fqdn + " has no external certificate",
                          "request one, assign it",
                          "I-13",
                          pool_.origin);
    }
    for (const auto& [name, domain] : view_.organization().domains) {
      const std::string needed = protocol_ == Protocol::kSip ? PoolNameIn(pool_, name) : name;
      if (!Speaks(domain, protocol_) ||
          std::count(names->list().begin(), names->list().end(), Value(needed)) > 0)
        continue;
      found_.Lacks("certificate",
                   "the certificate of " + server.fqdn + " does not cover " + needed,
                   "request one with that name, assign it",
                   "I-13",
                   pool_.origin);
    }
    InspectExpiry(server, std::string(certificate->StringOr("notAfter", "")));
  }

  void InspectExpiry(const EdgeServer& server, const std::string& not_after) {
    absl::Time end;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, not_after, &end, &error)) {
      return found_.CannotLook("the end of the certificate of " + server.fqdn,
                               "`" + not_after + "` is no time");
    }
    if (end >= now_ + kCertificateMargin) return;
    const std::string when = end <= now_ ? " ended on " : " ends on ";
    const std::string in = end <= now_ ? "" : ", in " + Days(end - now_);
    found_.Lacks("certificate",
                 "the certificate of " + server.fqdn + when +
                     absl::FormatTime("%Y-%m-%d", end, absl::UTCTimeZone()) + in,
                 "renew it, assign it",
                 "I-13");
  }

  void InspectSameness() {
    const std::string differing =
        DifferingCertificates(view_, pool_, CertificateUse(pool_, protocol_));
    if (differing.empty()) return;
    found_.Lacks("certificate",
                 "the servers of " + pool_.name + " show different certificates: " + differing,
                 "import one certificate with its key on all of them, and assign it",
                 "I-13",
                 pool_.origin);
  }

  // Only hosting needs it.
  bool MayRest(std::string_view role) const {
    const std::vector<std::string_view> standing = StandingRoles(pool_);
    return std::find(standing.begin(), standing.end(), role) == standing.end();
  }

  // A stopped XMPP proxy of a pool that hosts no XMPP yet is how a standby looks: the plan starts
  // it. Everything else should run, and nothing that is disabled can be started.
  void InspectServices(const EdgeServer& server) {
    for (const std::string_view role : RolesOf(pool_)) {
      if (MayRest(role) && role != Role(protocol_)) continue;
      const ResourceId id = kinds::EdgeService(server.fqdn, role);
      const std::string why = Blind(view_, id);
      if (!why.empty()) {
        found_.CannotLook("the services of " + server.fqdn, why);
        return;
      }
      const Value* service = view_.observed().Properties(id);
      if (service == nullptr) {
        found_.Lacks("services",
                     std::string(role) + " is not installed on " + server.fqdn,
                     pool_.in_topology() ? "run the Deployment Wizard there" : "install it there",
                     "I-19",
                     pool_.origin);
      } else if (service->StringOr("startMode", "") == "disabled") {
        found_.Lacks(
            "services",
            std::string(role) + " on " + server.fqdn + " is disabled: no plan can start it",
            "set its start mode to automatic",
            "I-19",
            pool_.origin);
      } else if (!MayRest(role) && service->StringOr("state", "") != "running") {
        found_.Lacks("services",
                     std::string(role) + " on " + server.fqdn + " is " +
                         std::string(service->StringOr("state", "in an unknown state")),
                     "start it and see why it does not run",
                     "I-19",
                     pool_.origin);
      }
    }
  }

  void InspectReplica(const EdgeServer& server) {
    const std::string why = Blind(view_, kinds::Replica(server.fqdn));
    if (!why.empty()) return found_.CannotLook("the local replica of " + server.fqdn, why);
    if (view_.IsCurrent(server.fqdn).value_or(false)) return;
    found_.Lacks("replica",
                 "the local replica of " + server.fqdn + " does not hold the newest topology",
                 "see that REPLICA runs there and that the central store reaches port 4443; then "
                 "Invoke-CsManagementStoreReplication",
                 "I-14");
  }

  void InspectFirewall() {
    for (const std::string& address : pool_.addresses()) {
      for (const std::string& vantage : view_.vantages())
        InspectPath(kinds::Reachability(address, Port(protocol_)), vantage);
    }
    // Nobody can look from a Front End server unless a provider offers its eyes; that is no fault.
    // What dies too is out of service as supposed, and looks nowhere.
    if (!pool_.in_topology()) return;
    for (const ObservationKey& path : LookInside(view_, pool_, protocol_).seen)
      InspectPath(path.id, path.vantage);
  }

  // A closed port refuses; only something in between is silent or sends back.
  void InspectPath(const ResourceId& id, const std::string& from) {
    std::string at = id.name;
    at.at(at.rfind('/')) = ':';
    const std::string seen_from = from.empty() ? "" : " from " + from;
    const std::string why = Blind(view_, id, from);
    if (!why.empty()) return found_.CannotLook(at + seen_from, why);
    const Value* seen = view_.observed().Properties(id, from);
    if (seen == nullptr || !IsWalled(*seen)) return;
    found_.Lacks("firewall",
                 at + " is " + std::string(seen->StringOr("state", "")) + seen_from,
                 "open the port in the firewall: a closed service would refuse",
                 "I-7");
  }

  void InspectNextHop() {
    const std::string hop = view_.WantedNextHop(pool_);
    for (const auto& [name, front_end] : view_.organization().front_end_pools) {
      if (front_end.fqdn != hop) continue;
      const bool died = supposition_.front_end_pools.contains(name);
      const bool up = std::any_of(
          front_end.servers.begin(), front_end.servers.end(), [&](const std::string& server) {
            return view_.observed().Properties(kinds::Replica(server)) != nullptr;
          });
      if (!died && up) continue;
      found_.Lacks("next hop",
                   "the next hop of " + pool_.name + ", " + name +
                       (died ? ", dies too and has no backup that lives" : ", does not answer"),
                   "declare another `nextHop`",
                   "I-18",
                   pool_.origin);
    }
  }

  // One server with a way inside is enough. A stopped one tells when it runs.
  void InspectInside() {
    const EdgeServer* without = nullptr;
    const EdgeServer* unread = nullptr;
    for (const EdgeServer& server : pool_.servers) {
      if (!view_.IsRunning(server.fqdn, Role(protocol_)).value_or(false)) continue;
      const WayInside way = WayInsideOf(view_, server.fqdn);
      if (way == WayInside::kOpen) return;
      if (way == WayInside::kNone) without = &server;
      if (way == WayInside::kUnread) unread = &server;
    }
    if (without != nullptr && unread == nullptr) {
      found_.Lacks(
          "inside",
          "no server of " + pool_.name + " has a way inside; " + without->fqdn +
              RemarkOnInside(view_, without->fqdn),
          "see what it lists (of Kamailio: `kamcmd dispatcher.list`) and why these servers "
          "do not answer it",
          "k.5",
          pool_.origin);
    } else if (unread != nullptr) {
      const std::string remark = RemarkOnInside(view_, unread->fqdn);
      found_.CannotLook("the way inside of " + unread->fqdn,
                        remark.empty() ? "no reason given" : remark.substr(2));
    }
  }

  const View& view_;
  const Supposition& supposition_;
  const EdgePool& pool_;
  const Protocol protocol_;
  const absl::Time now_;
  ShortfallList& found_;
};

}  // namespace

void InspectSuccessor(const Successor& successor, ShortfallList& found) {
  HostInspection(successor, found).Run();
}

}  // namespace poolshift
