#include "providers/lync/platform/preview.h"

#include "controller/federation/kinds.h"
#include "providers/lync/platform/order.h"

namespace poolshift::lync {
namespace {

using Lines = std::vector<std::string>;

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// What is clear only when the topology is read (Director or pool) is shown by its usual name.
std::string Identity(std::string_view role, std::string_view fqdn) {
  return fqdn.empty() ? "$null" : Quoted(std::string(role) + ':' + std::string(fqdn));
}

Lines On(const std::string& machine, Lines commands) {
  for (std::string& command : commands)
    command = machine + "> " + command;
  return commands;
}

std::string FlagText(const std::string& pool, std::string_view name, const Value& flag) {
  return "# topology.xml, EdgeServer:" + pool + ": " + std::string(name) + ' ' +
         (flag.is_bool() && flag.boolean() ? "on" : "off");
}

Lines OfTopology(const Action& action) {
  Lines edits, hops;
  const Value* pools = action.after.Find("pools");
  const Value* before = action.before.Find("pools");
  if (pools == nullptr || !pools->is_map()) return {};
  for (const auto& [pool, members] : pools->map()) {
    const Value* was = before == nullptr ? nullptr : before->Find(pool);
    const auto differs = [&](const char* member) -> const Value* {
      const Value* wanted = members.Find(member);
      const Value* old = was == nullptr ? nullptr : was->Find(member);
      return wanted == nullptr || (old != nullptr && *old == *wanted) ? nullptr : wanted;
    };
    if (const Value* flag = differs("federation"))
      edits.push_back(FlagText(pool, "port 5061 of the Access Edge", *flag));
    if (const Value* flag = differs("xmpp"))
      edits.push_back(FlagText(pool, "ports 5269 and 23456 of the XMPP proxy", *flag));
    if (const Value* hop = differs("nextHop")) {
      hops.push_back("Set-CsEdgeServer -Identity " + Identity("EdgeServer", pool) + " -Registrar " +
                     Identity("Registrar", hop->string()));
    }
  }
  Lines lines;
  if (!edits.empty()) {
    lines.emplace_back(
        "(Get-CsTopology -AsXml).ToString()  # compared by SHA-256 with what was read");
    lines.insert(lines.end(), edits.begin(), edits.end());
    lines.emplace_back(
        "Publish-CsTopology -FileName topology.xml -BackupFileName topology-before.xml");
  }
  lines.insert(lines.end(), hops.begin(), hops.end());
  lines.emplace_back("Enable-CsTopology");
  return lines;
}

Lines OfSiteRoute(const Action& action) {
  std::string line = "Set-CsSite -Identity " + Quoted(action.target.name);
  if (const Value* wanted = Changed(action, "federation"))
    line += " -FederationRoute " + Identity("EdgeServer", wanted->string());
  if (const Value* wanted = Changed(action, "xmpp"))
    line += " -XmppFederationRoute " + Identity("EdgeServer", wanted->string());
  return {std::move(line)};
}

Lines OfAssociation(const Action& action) {
  const std::string edge =
      " -EdgeServer " + Identity("EdgeServer", action.after.StringOr("edgePool", ""));
  const std::string& pool = action.target.name;
  if (HasMode(action, "director"))
    return {"Set-CsDirector -Identity " + Identity("Director", pool) + edge};
  return {"Set-CsRegistrar -Identity " + Identity("Registrar", pool) + edge,
          "Set-CsConferenceServer -Identity " + Identity("ConferencingServer", pool) + edge,
          "Set-CsMediationServer -Identity " + Identity("MediationServer", pool) + edge};
}

Lines OfCentralStore(const Action& action, const Settings& settings) {
  std::string line = "Invoke-CsManagementServerFailover";
  const std::string target(action.after.StringOr("activeMaster", ""));
  if (HasMode(action, "disaster")) {
    const auto database = settings.backup_databases.find(target);
    line += " -Force -BackupSqlServerFqdn " + (database == settings.backup_databases.end()
                                                   ? "(backupSql is not declared)"
                                                   : Quoted(database->second.server));
  }
  return On("a server of " + target, {line + " -WhatIf", line + " -Confirm:$false"});
}

std::string ShownService(const ServiceKey& key) {
  return key.name.empty()
             ? "(Get-CsWindowsService | Where-Object DisplayName -like '" + key.display + "').Name"
             : key.name;
}

Lines OfService(const Action& action) {
  const auto key = ServiceOf(RestOf(action.target.name));
  if (!key) return {};
  Lines lines;
  if (const Value* mode = Changed(action, "startMode"))
    lines.push_back("Set-Service -Name " + ShownService(*key) + " -StartupType " + mode->string());
  if (const Value* state = Changed(action, "state")) {
    const bool start = state->string() == "running";
    lines.push_back(std::string(start ? "Start" : "Stop") + "-CsWindowsService -Name " +
                    ShownService(*key) + (start ? "" : " -Graceful"));
  }
  return On(ServerOf(action.target.name), std::move(lines));
}

Lines OfStreams(const Action& action) {
  const std::string server = ServerOf(action.target.name);
  if (RestOf(action.target.name) == "xmpp") {
    const std::string name = ShownService(*ServiceOf("xmppProxy"));
    return On(server,
              {"Stop-CsWindowsService -Name " + name + " -Graceful",
               "Start-CsWindowsService -Name " + name});
  }
  return On(server,
            {"New-NetFirewallRule -DisplayName poolshift-drain-5061 -Direction Inbound -Protocol "
             "TCP -LocalPort "
             "5061 -LocalAddress (its external addresses) -Action Block",
             "# until Get-NetTCPConnection shows no peer on 5061 outside",
             "Remove-NetFirewallRule -DisplayName poolshift-drain-5061"});
}

}  // namespace

Lines PreviewOf(const Action& action, const Settings& settings, const std::string& admin) {
  const std::string_view kind = action.target.kind;
  if (kind == kinds::kEdgeService) return OfService(action);
  if (kind == kinds::kStreams) return OfStreams(action);
  if (kind == kinds::kCentralStore) return OfCentralStore(action, settings);
  if (kind == kinds::kEdgeComponents) {
    return On(action.target.name,
              {"& \"$env:ProgramFiles\\*\\Deployment\\Bootstrapper.exe\"  # when the local copy is "
               "the master's"});
  }
  Lines lines;
  if (kind == kinds::kTopology) lines = OfTopology(action);
  if (kind == kinds::kSiteRoute) lines = OfSiteRoute(action);
  if (kind == kinds::kEdgeAssociation) lines = OfAssociation(action);
  if (kind == kinds::kEnablement || HasMode(action, "closing"))
    lines.emplace_back("Enable-CsTopology");
  return On(admin, std::move(lines));
}

}  // namespace poolshift::lync
