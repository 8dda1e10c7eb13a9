#include "providers/sim/world/commands.h"

#include <algorithm>

#include "controller/federation/kinds.h"

namespace poolshift::sim {
namespace {

using Lines = std::vector<std::string>;

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string Service(std::string_view role, std::string_view fqdn) {
  return fqdn.empty() ? "$null" : Quoted(std::string(role) + ':' + std::string(fqdn));
}

std::string On(std::string_view server, std::string_view block) {
  return "Invoke-Command -ComputerName " + std::string(server) + " -ScriptBlock { " +
         std::string(block) + " }";
}

// Whether the change names `member` with another value than before.
bool Changes(const Action& action, std::string_view member) {
  const Value* after = action.after.Find(member);
  const Value* before = action.before.Find(member);
  return after != nullptr && (before == nullptr || *before != *after);
}

bool HasMode(const Action& action, std::string_view mode) {
  return std::ranges::find(action.modes, mode) != action.modes.end();
}

std::string OnOff(const Value* flag) {
  return flag != nullptr && flag->is_bool() && flag->boolean() ? "on" : "off";
}

// "federation (port 5061) on -> off, XMPP federation (port 5269) off -> on"
std::string FlagChanges(const Value* before, const Value& after) {
  constexpr std::pair<std::string_view, std::string_view> kFlags[] = {
      {"federation", "Enable federation (Port 5061)"},
      {"xmpp", "Enable XMPP federation (port 5269)"}};
  std::string out;
  for (const auto& [member, label] : kFlags) {
    const Value* wanted = after.Find(member);
    const Value* old = before == nullptr ? nullptr : before->Find(member);
    if (wanted == nullptr || (old != nullptr && *old == *wanted)) continue;
    if (!out.empty()) out += ", ";
    out += '"' + std::string(label) + "\" " + OnOff(old) + " -> " + OnOff(wanted);
  }
  return out;
}

Lines ForTopology(const World& world, const Action& action) {
  const Value* pools = action.after.Find("pools");
  const Value* before = action.before.Find("pools");
  Lines edits, hops;
  if (pools == nullptr || !pools->is_map()) return {};
  for (const auto& [pool, members] : pools->map()) {
    const Value* old = before == nullptr ? nullptr : before->Find(pool);
    const std::string flags = FlagChanges(old, members);
    if (!flags.empty()) edits.push_back("# edit topology.xml, EdgeServer:" + pool + ": " + flags);
    const std::string hop(members.StringOr("nextHop", ""));
    if (members.Find("nextHop") != nullptr &&
        (old == nullptr || old->StringOr("nextHop", "") != hop)) {
      hops.push_back("Set-CsEdgeServer -Identity " + Service("EdgeServer", pool) + " -Registrar " +
                     Service(world.directors.contains(hop) ? "Director" : "Registrar", hop));
    }
  }
  Lines lines;
  if (!edits.empty()) {
    lines.emplace_back(
        "(Get-CsTopology -AsXml).ToString() | Set-Content -Path topology-before.xml -Encoding "
        "UTF8");
    lines.emplace_back("Copy-Item -Path topology-before.xml -Destination topology.xml");
    lines.insert(lines.end(), edits.begin(), edits.end());
    lines.emplace_back(
        "Publish-CsTopology -FileName topology.xml -BackupFileName topology-published-before.xml");
  }
  lines.insert(lines.end(), hops.begin(), hops.end());
  lines.emplace_back("Enable-CsTopology");
  if (!edits.empty()) {
    lines.emplace_back(
        "# the same in Topology Builder: Edge pool > Edit Properties > General, then Publish "
        "Topology");
  }
  return lines;
}

Lines ForSiteRoute(const World& world, const Action& action) {
  std::string line = "Set-CsSite -Identity " + Quoted(action.target.name);
  if (Changes(action, "federation")) {
    const std::string_view target = action.after.StringOr("federation", "");
    const bool director = world.directors.find(target) != world.directors.end();
    line += " -FederationRoute " + Service(director ? "Director" : "EdgeServer", target);
  }
  if (Changes(action, "xmpp")) {
    line += " -XmppFederationRoute " + Service("EdgeServer", action.after.StringOr("xmpp", ""));
  }
  if (HasMode(action, "closing")) return {line, "Enable-CsTopology"};
  return {line};
}

Lines ForEdgeAssociation(const Action& action) {
  const std::string& pool = action.target.name;
  const std::string edge =
      " -EdgeServer " + Service("EdgeServer", action.after.StringOr("edgePool", ""));
  if (HasMode(action, "director")) {
    Lines lines = {"Set-CsDirector -Identity " + Service("Director", pool) + edge};
    if (HasMode(action, "closing")) lines.emplace_back("Enable-CsTopology");
    return lines;
  }
  Lines lines = {"Set-CsConferenceServer -Identity " + Service("ConferencingServer", pool) + edge,
                 "Set-CsRegistrar -Identity " + Service("Registrar", pool) + edge,
                 "Set-CsMediationServer -Identity " + Service("MediationServer", pool) + edge};
  if (HasMode(action, "closing")) lines.emplace_back("Enable-CsTopology");
  return lines;
}

Lines ForPoolFailover(const Action& action) {
  const std::string pool = Quoted(action.target.name);
  if (action.after.StringOr("servedBy", "") == "home")
    return {"Invoke-CsPoolFailBack -PoolFqdn " + pool + " -Verbose"};
  const std::string mode = HasMode(action, "disaster") ? " -DisasterMode" : "";
  return {"Invoke-CsPoolFailOver -PoolFqdn " + pool + mode + " -Verbose"};
}

// Run on the pool that takes over. A mirrored SQL back end has to be named (F25).
Lines ForCentralStore(const World& world, const Action& action) {
  const std::string target(action.after.StringOr("activeMaster", ""));
  const auto pool = world.front_end_pools.find(target);
  const bool known = pool != world.front_end_pools.end() && !pool->second.servers.empty();
  const std::string server = known ? pool->second.servers.front() : target;
  return {On(server, "Invoke-CsManagementServerFailover -WhatIf"),
          "Get-CsPoolBackupRelationship -PoolFqdn " + Quoted(world.store.pool),
          "# mirrored SQL: Get-CsDatabaseMirrorState -DatabaseType CentralMgmt -PoolFqdn " +
              Quoted(target) + ", then add -BackupSqlServerFqdn and -BackupSqlInstanceName",
          On(server,
             std::string("Invoke-CsManagementServerFailover") +
                 (HasMode(action, "disaster") ? " -Force" : "") + " -Verbose"),
          "Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus"};
}

std::string StartTypeWord(std::string_view mode) {
  return mode == "disabled" ? "Disabled" : mode == "manual" ? "Manual" : "Automatic";
}

Lines ForEdgeService(const Action& action) {
  const auto [server, role_name] = SplitLast(action.target.name);
  const auto role = ParseRole(role_name);
  if (!role) return {};
  const bool by_display_name = *role == Role::kXmppProxy;
  const std::string name(ServiceName(*role));
  Lines lines;
  if (Changes(action, "startMode")) {
    const std::string type =
        " -StartupType " + StartTypeWord(action.after.StringOr("startMode", ""));
    lines.push_back(On(server,
                       by_display_name
                           ? "Get-Service -DisplayName " + Quoted(name) + " | Set-Service" + type
                           : "Set-Service -Name " + name + type));
  }
  if (Changes(action, "state")) {
    const bool start = action.after.StringOr("state", "") == "running";
    const std::string cmdlet =
        start ? "Start-CsWindowsService -Name " : "Stop-CsWindowsService -Name ";
    lines.push_back(On(server,
                       by_display_name ? "Get-Service -DisplayName " + Quoted(name) +
                                             " | ForEach-Object { " + cmdlet + "$_.Name }"
                                       : cmdlet + name));
  }
  return lines;
}

Lines ForEdgeComponents(const Action& action) {
  return {
      On(action.target.name,
         "cmd /c '\"%ProgramFiles%\\Microsoft Lync Server 2013\\Deployment\\Bootstrapper.exe\"'")};
}

Lines ForStreams(const Action& action) {
  const std::string& name = action.target.name;
  const std::string server = name.substr(0, name.find('/'));
  const bool xmpp = name.find("/xmpp") != std::string::npos;
  if (xmpp) {
    return {On(server,
               "Get-Service -DisplayName " + Quoted(ServiceName(Role::kXmppProxy)) +
                   " | Restart-Service")};
  }
  return {On(server,
             "New-NetFirewallRule -DisplayName poolshift-drain-5061 -Direction Inbound -Protocol "
             "TCP -LocalPort 5061 "
             "-Action Block"),
          On(server,
             "while (Get-NetTCPConnection -LocalPort 5061 -State Established -ErrorAction "
             "SilentlyContinue) { "
             "Start-Sleep 5 }"),
          On(server, "Remove-NetFirewallRule -DisplayName poolshift-drain-5061")};
}

// nftables sets "reset" and "drop" on the router in front of the Edge servers.
Lines ForFence(const Action& action) {
  const auto [address, port] = SplitLast(action.target.name);
  const std::string element = " { " + std::string(address) + " . " + std::string(port) + " }";
  const std::string old_mode(action.before.StringOr("mode", "none"));
  const std::string mode(action.after.StringOr("mode", "none"));
  const std::string expires(action.after.StringOr("expires", ""));
  Lines lines;
  if (old_mode != "none" && old_mode != mode) {
    lines.push_back("nft delete element inet poolshift " + old_mode + element);
  }
  if (mode != "none") {
    lines.push_back("nft add element inet poolshift " + mode + element +
                    (expires.empty() ? "" : "  # until " + expires));
  }
  return lines;
}

// The longest domain of the world that the name is in; the name's last two labels when there is
// none.
std::string ZoneOf(const World& world, std::string_view name) {
  std::size_t begin = 0;
  while (begin < name.size()) {
    const auto domain = world.domains.find(name.substr(begin));
    if (domain != world.domains.end()) return domain->first;
    begin = std::min(name.find('.', begin), name.size() - 1) + 1;
  }
  const std::size_t last = name.rfind('.');
  const std::size_t second = last == std::string_view::npos ? last : name.rfind('.', last - 1);
  return std::string(second == std::string_view::npos ? name : name.substr(second + 1));
}

// dnscmd wants the host names in record data with a trailing dot.
std::string RecordText(std::string_view type, const std::string& record) {
  if (type == "SRV") return record + '.';
  return type == "TXT" ? Quoted(record) : record;
}

// Adds before it removes: there is always an answer.
Lines ForDnsRecordSet(const World& world, const Action& action) {
  const auto [name, type] = SplitLast(action.target.name);
  const std::string zone = ZoneOf(world, name);
  const std::string node =
      name == zone ? "@" : std::string(name.substr(0, name.size() - zone.size() - 1));
  const auto records = [](const Value& value) {
    const Value* list = value.Find("records");
    return list != nullptr && list->is_list() ? list->list() : Value::List();
  };
  const Value::List before = records(action.before), after = records(action.after);
  const bool ttl = Changes(action, "ttl");
  Lines lines;
  if (action.after.Find("owner") != nullptr)
    lines.push_back("# mark " + action.target.name + " as " + world.organization +
                    "'s; its records stay");
  for (const Value& record : after) {
    if (!ttl && std::ranges::find(before, record) != before.end()) continue;
    lines.push_back("dnscmd . /RecordAdd " + zone + ' ' + node + ' ' +
                    std::to_string(action.after.IntegerOr("ttl", world.dns.ttl)) + ' ' +
                    std::string(type) + ' ' + RecordText(type, record.string()));
  }
  for (const Value& record : before) {
    if (std::ranges::find(after, record) != after.end()) continue;
    lines.push_back("dnscmd . /RecordDelete " + zone + ' ' + node + ' ' + std::string(type) + ' ' +
                    RecordText(type, record.string()) + " /f");
  }
  return lines;
}

}  // namespace

std::string_view ServiceName(Role role) {
  constexpr std::string_view kNames[] = {
      "REPLICA", "RTCSRV", "RTCDATAPROXY", "RTCMRAUTH", "RTCMEDIARELAY", "*XMPP*Proxy*"};
  return kNames[static_cast<std::size_t>(role)];
}

Lines Commands(const World& world, const Action& action) {
  const std::string_view kind = action.target.kind;
  if (kind == kinds::kTopology) return ForTopology(world, action);
  if (kind == kinds::kSiteRoute) return ForSiteRoute(world, action);
  if (kind == kinds::kEnablement) return {"Enable-CsTopology"};
  if (kind == kinds::kEdgeAssociation) return ForEdgeAssociation(action);
  if (kind == kinds::kPoolFailover) return ForPoolFailover(action);
  if (kind == kinds::kCentralStore) return ForCentralStore(world, action);
  if (kind == kinds::kEdgeService) return ForEdgeService(action);
  if (kind == kinds::kEdgeComponents) return ForEdgeComponents(action);
  if (kind == kinds::kStreams) return ForStreams(action);
  if (kind == kinds::kFence) return ForFence(action);
  if (kind == kinds::kDnsRecordSet) return ForDnsRecordSet(world, action);
  return {};
}

}  // namespace poolshift::sim
