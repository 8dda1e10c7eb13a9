#include "providers/lync/platform/show_server.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "controller/federation/kinds.h"
#include "providers/lync/platform/show_store.h"
#include "providers/lync/platform/sockets.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower({text.data(), text.size()});
}

bool IsService(const Value& service, const ServiceKey& key) {
  if (!key.name.empty())
    return absl::EqualsIgnoreCase(std::string(service.StringOr("name", "")), key.name);
  // "*XMPP*Proxy*"
  const std::string shown = Lower(service.StringOr("display", ""));
  const std::size_t xmpp = shown.find("xmpp");
  return xmpp != std::string::npos && shown.find("proxy", xmpp) != std::string::npos;
}

std::vector<Value> ServicesOf(const Facts& server, const ServiceKey& key) {
  std::vector<Value> found;
  for (const Value& service : ItemsOf(server.Find("services"))) {
    if (IsService(service, key)) found.push_back(service);
  }
  return found;
}

// ServiceControllerStatus; "" for a state that none of ours is.
std::string StateOf(std::string_view status) {
  if (status == "Running") return "running";
  if (status == "Stopped") return "stopped";
  if (status == "StartPending" || status == "ContinuePending") return "starting";
  if (status == "StopPending") return "stopping";
  return "";
}

std::string ModeOf(std::string_view mode) {
  const std::string lower = Lower(mode);
  return lower.starts_with("auto") ? "automatic"
         : lower == "manual"       ? "manual"
         : lower == "disabled"     ? "disabled"
                                   : "";
}

constexpr int kGatewaysPort = 23456;  // inside, for the XMPP gateways (domain.md §b.6, I7)

int PortOf(std::string_view role) {
  return role == "accessEdge" ? kinds::kSipPort : role == "xmppProxy" ? kinds::kXmppPort : 443;
}

Observation ShowService(const ResourceId& id, const Facts& server) {
  const std::string role = RestOf(id.name);
  const auto key = ServiceOf(role);
  if (!key) return Absent("an Edge server has no role `" + role + "`");
  if (server.Find("services") == nullptr) return Unreachable(server.Why("services"));
  const std::vector<Value> found = ServicesOf(server, *key);
  if (found.size() > 1)
    return Unreachable("more than one service fits " + key->name + key->display);
  if (found.empty()) {
    if (role != "xmppProxy") return Absent("there is no service " + key->name);
    // As it will be once Bootstrapper has installed it.
    Observation seen =
        Present({{"state", "stopped"}, {"startMode", "automatic"}, {"listening", false}});
    seen.reason =
        "the XMPP proxy is not installed; Bootstrapper installs it when the pool has the flag";
    return seen;
  }
  const std::string state = StateOf(found[0].StringOr("status", ""));
  const std::string mode = ModeOf(found[0].StringOr("mode", ""));
  if (state.empty() || mode.empty()) {
    return Unreachable("its service is in state `" + std::string(found[0].StringOr("status", "")) +
                       "`, start mode `" + std::string(found[0].StringOr("mode", "")) +
                       "`, which is none that we know");
  }
  Observation seen = Present({{"state", state}, {"startMode", mode}});
  const auto machine = MachineOf(server, ServerOf(id.name));
  const auto sockets = SocketsOf(server);
  if (!sockets || (role == "accessEdge" && !machine)) {
    seen.unknown.emplace_back("listening");
  } else if (role == "replica") {
    seen.properties.Set("listening", state == "running");
  } else {
    const std::vector<std::string> inside = machine ? machine->inside : std::vector<std::string>{};
    // The proxy hands on what comes in outside to who connects to it inside.
    const bool complete = role != "xmppProxy" || Listens(*sockets, kGatewaysPort);
    seen.properties.Set(
        "listening",
        state == "running" && ListensOutside(*sockets, PortOf(role), inside) && complete);
  }
  return seen;
}

// There is no command for what is installed. XMPP: its proxy is there as a service. Federation: the
// Access Edge listens on 5061 outside; while it is stopped, what its own copy of the topology says.
// The next hop: what that copy says, which the services read.
Observation ShowComponents(const ResourceId& id, const Facts& server) {
  if (server.Find("services") == nullptr) return Unreachable(server.Why("services"));
  if (server.document() == nullptr) return Unreachable(server.Why("document"));
  const auto sockets = SocketsOf(server);
  if (!sockets) return Unreachable(server.Why("sockets"));
  const auto machine = MachineOf(server, id.name);
  const std::string pool = server.document()->PoolOf(id.name);
  const auto own = server.document()->edge_pools().find(pool);
  if (!machine || own == server.document()->edge_pools().end())
    return Unreachable("its own copy of the topology has no Edge server " + id.name);
  const std::vector<Value> access = ServicesOf(server, *ServiceOf("accessEdge"));
  const bool running = !access.empty() && access[0].StringOr("status", "") == "Running";
  const std::vector<Value> proxies = ServicesOf(server, *ServiceOf("xmppProxy"));
  const bool proxy_runs = !proxies.empty() && proxies[0].StringOr("status", "") == "Running";
  return Present({{"federation",
                   running ? ListensOutside(*sockets, kinds::kSipPort, machine->inside)
                           : own->second.federation},
                  {"xmpp",
                   proxy_runs ? ListensOutside(*sockets, kinds::kXmppPort, machine->inside)
                              : !proxies.empty()},
                  {"nextHop", own->second.next_hop}});
}

Observation ShowStreams(const ResourceId& id, const Facts& server) {
  const std::string protocol = RestOf(id.name);
  if (protocol != "sip" && protocol != "xmpp") return Absent("streams are of `sip` or `xmpp`");
  const auto sockets = SocketsOf(server);
  if (!sockets) return Unreachable(server.Why("sockets"));
  const auto machine = MachineOf(server, ServerOf(id.name));
  // Without knowing the inside, connections of Front End servers would count as peers.
  if (!machine && protocol == "sip") return Unreachable(server.Why("document"));
  const StreamsSeen streams = StreamsOn(*sockets,
                                        protocol == "sip" ? kinds::kSipPort : kinds::kXmppPort,
                                        machine ? machine->inside : std::vector<std::string>{});
  Observation seen =
      Present({{"state", streams.count == 0 ? "closed" : "open"}, {"count", streams.count}});
  const auto now = server.Find("now");
  const auto at = now != nullptr && now->is_string() ? Milliseconds(now->string()) : std::nullopt;
  if (streams.count == 0) {
    seen.properties.Set("oldestSeconds", 0);
  } else if (streams.oldest && at) {
    seen.properties.Set("oldestSeconds", std::max<std::int64_t>(0, (*at - *streams.oldest) / 1000));
  } else {
    seen.unknown.emplace_back("oldestSeconds");
  }
  return seen;
}

Observation ShowCertificate(const ResourceId& id, const Facts& server) {
  const std::string use = RestOf(id.name);
  if (server.Find("certificates") == nullptr) return Unreachable(server.Why("certificates"));
  // Names of uses are misprinted here and there: they are compared as far as they go.
  const std::string wanted = use == "accessEdgeExternal" ? "accessedgeexternal" : Lower(use);
  for (const Value& certificate : ItemsOf(server.Find("certificates"))) {
    if (Lower(certificate.StringOr("use", "")) != wanted) continue;
    std::vector<std::string> names = TextsOf(certificate.Find("names"));
    std::string subject(certificate.StringOr("subject", ""));
    if (absl::StartsWithIgnoreCase(subject, "CN=")) {
      subject = subject.substr(3, subject.find(',') - 3);
      if (std::ranges::find(names, subject) == names.end()) names.insert(names.begin(), subject);
    }
    const auto until = Milliseconds(certificate.StringOr("notAfter", ""));
    if (!until) return Unreachable("the end of its certificate is no date");
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return Present(
        {{"names", Value::List(names.begin(), names.end())},
         {"notAfter",
          absl::FormatTime(absl::RFC3339_sec, absl::FromUnixMillis(*until), absl::UTCTimeZone())},
         {"thumbprint", certificate.StringOr("thumbprint", "")}});
  }
  return Absent("Get-CsCertificate has none for " + use);
}

}  // namespace

FactNames ServerFactsFor(std::string_view kind) {
  if (kind == kinds::kEdgeService || kind == kinds::kEdgeComponents)
    return {"services", "sockets", "document"};
  if (kind == kinds::kStreams) return {"sockets", "document"};
  if (kind == kinds::kCertificate) return {"certificates"};
  if (kind == kinds::kReplica) return {"document"};
  return {};
}

Observation ShowFromServer(const ResourceId& id, const Facts& server) {
  if (id.kind == kinds::kEdgeService) return ShowService(id, server);
  if (id.kind == kinds::kEdgeComponents) return ShowComponents(id, server);
  if (id.kind == kinds::kStreams) return ShowStreams(id, server);
  return ShowCertificate(id, server);
}

std::optional<ServiceKey> ServiceOf(std::string_view role) {
  if (role == "replica") return ServiceKey{"REPLICA", ""};
  if (role == "accessEdge") return ServiceKey{"RTCSRV", ""};
  if (role == "webConf") return ServiceKey{"RTCDATAPROXY", ""};
  if (role == "avAuth") return ServiceKey{"RTCMRAUTH", ""};
  if (role == "avRelay") return ServiceKey{"RTCMEDIARELAY", ""};
  if (role == "xmppProxy") return ServiceKey{"", "*XMPP*Proxy*"};
  return std::nullopt;
}

std::optional<MachineInDocument> MachineOf(const Facts& server, std::string_view fqdn) {
  if (server.document() == nullptr) return std::nullopt;
  for (const auto& [name, pool] : server.document()->edge_pools()) {
    for (const MachineInDocument& machine : pool.machines) {
      if (machine.fqdn == Lower(fqdn)) return machine;
    }
  }
  return std::nullopt;
}

std::string ServerOf(std::string_view name) { return std::string(name.substr(0, name.find('/'))); }

std::string RestOf(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash == std::string_view::npos ? "" : std::string(name.substr(slash + 1));
}

}  // namespace poolshift::lync
