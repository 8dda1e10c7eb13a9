#include "controller/provider/manual_steps.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "controller/model/covers.h"

namespace poolshift {
namespace {

using Steps = std::vector<std::string>;

// Part `index` of a name such as "edge1.contoso.com/xmppProxy".
std::string Part(const std::string& name, std::size_t index) {
  std::size_t begin = 0;
  for (; index > 0 && begin != std::string::npos; --index)
    begin = name.find('/', begin) + 1;
  return name.substr(begin, name.find('/', begin) - begin);
}

bool Changes(const Action& action, std::string_view property) {
  const Value* wanted = action.after.Find(property);
  if (wanted == nullptr) return false;
  const Value* before = action.before.Find(property);
  return before == nullptr || !(*before == *wanted);
}

std::string Route(std::string_view pool) {
  return pool.empty() ? "$null" : "\"EdgeServer:" + std::string(pool) + '"';
}

// The flags of an Edge pool have no cmdlet: Topology Builder is the supported way (domain.md c.2,
// A07).
Steps OfPoolInTopology(const std::string& pool, const Value& wanted) {
  Steps steps = {"Under \"Edge pools\" right-click " + pool + " and choose \"Edit Properties\"."};
  for (const auto& [flag, label] : {std::pair("federation", "Enable federation (Port 5061)"),
                                    std::pair("xmpp", "Enable XMPP federation (port 5269)")}) {
    if (wanted.Find(flag) == nullptr) continue;
    steps.push_back(std::string(wanted.BooleanOr(flag, false) ? "Select" : "Clear") + " \"" +
                    label + "\".");
  }
  const std::string_view hop = wanted.StringOr("nextHop", "");
  if (!hop.empty())
    steps.push_back("Under \"Next hop selection\" choose " + std::string(hop) + ".");
  steps.emplace_back("Choose OK.");
  return steps;
}

// The routes of a site, in the same document as the flags.
Steps OfSiteInTopology(const JointChange& change) {
  Steps steps = {"Right-click the site " + change.target.name +
                 ", choose \"Edit Properties\", then \"Federation route\"."};
  for (const auto& [property, label] : {std::pair("federation", "Enable SIP federation"),
                                        std::pair("xmpp", "Enable XMPP federation")}) {
    if (change.after.Find(property) == nullptr) continue;
    const std::string target(change.after.StringOr(property, ""));
    steps.push_back(target.empty()
                        ? std::string("Clear \"") + label + "\"."
                        : std::string("Select \"") + label + "\" and choose " + target + ".");
  }
  steps.emplace_back("Choose OK.");
  return steps;
}

Steps OfTopology(const Action& action) {
  Steps steps = {
      "On a Front End server open Topology Builder, choose \"Download Topology from existing "
      "deployment\", and keep the saved file as a backup."};
  const auto add = [&](Steps more) { steps.insert(steps.end(), more.begin(), more.end()); };
  const Value* pools = action.after.Find("pools");
  if (pools == nullptr || !pools->is_map()) return steps;
  for (const auto& [pool, wanted] : pools->map())
    add(OfPoolInTopology(pool, wanted));
  for (const JointChange& change : action.also)
    add(OfSiteInTopology(change));
  steps.push_back(std::string("When ") +
                  (action.also.empty() ? "every pool" : "every pool and site") +
                  " above is set, choose Action > Topology > Publish once, and wait for "
                  "\"Completed\".");
  return steps;
}

Steps OfSiteRoute(const Action& action) {
  Steps steps = {"Open the Management Shell with the right to change the topology."};
  for (const auto& [property, parameter] :
       {std::pair("federation", "FederationRoute"), std::pair("xmpp", "XmppFederationRoute")}) {
    if (!Changes(action, property)) continue;
    steps.push_back("Run: Set-CsSite -Identity " + action.target.name + " -" + parameter + " " +
                    Route(action.after.StringOr(property, "")));
  }
  steps.push_back("Run: Enable-CsTopology");
  steps.push_back("Check: Get-CsSite -Identity " + action.target.name +
                  " | Select-Object FederationRoute, XmppFederationRoute");
  return steps;
}

Steps OfEnablement(const Action&) {
  return {"Open the Management Shell with the right to change the topology.",
          "Run: Enable-CsTopology",
          "Check: Test-CsTopology"};
}

std::string ServiceName(const std::string& role) {
  static const std::map<std::string, std::string> names = {{"accessEdge", "RTCSRV"},
                                                           {"webConf", "RTCDATAPROXY"},
                                                           {"avAuth", "RTCMRAUTH"},
                                                           {"avRelay", "RTCMEDIARELAY"},
                                                           {"replica", "REPLICA"}};
  const auto found = names.find(role);
  if (found != names.end()) return found->second;
  // Its short name is not documented, its display name is.
  return "(Get-Service -DisplayName \"Lync Server XMPP Translating Gateway Proxy\").Name";
}

Steps OfEdgeService(const Action& action) {
  const std::string server = Part(action.target.name, 0);
  const std::string service = ServiceName(Part(action.target.name, 1));
  Steps steps = {"Log on to " + server +
                 " as a local administrator and open the Management Shell."};
  if (Changes(action, "startMode")) {
    steps.push_back("Run: Set-Service -Name " + service + " -StartupType " +
                    std::string(action.after.StringOr("startMode", "automatic")));
  }
  if (Changes(action, "state")) {
    const bool stop = action.after.StringOr("state", "") == "stopped";
    steps.push_back(std::string("Run: ") + (stop ? "Stop" : "Start") + "-CsWindowsService -Name " +
                    service + (stop ? " -Graceful" : ""));
  }
  steps.push_back("Do not leave out -Name: without it every service of the server is affected.");
  return steps;
}

Steps OfEdgeComponents(const Action& action) {
  return {"Make sure that the replica of " + action.target.name +
              " is current: Get-CsManagementStoreReplicationStatus -ReplicaFqdn " +
              action.target.name,
          "Log on to " + action.target.name +
              " as a local administrator and open the Deployment Wizard.",
          "Choose \"Install or Update Lync Server System\", then \"Setup or Remove Lync Server "
          "Components\" > \"Run "
          "Again\", and wait until it ends without errors.",
          "Take one server of a pool at a time."};
}

Steps OfStreams(const Action& action) {
  const std::string server = Part(action.target.name, 0);
  const bool sip = Part(action.target.name, 1) == "sip";
  if (sip) {
    return {"On " + server + " watch the peers on port 5061: netstat -ano | findstr :5061",
            "Wait until they are gone; do not stop RTCSRV, which also serves remote users on 443."};
  }
  return {"Either wait up to 600 seconds until idle streams are closed by " + server + ",",
          "or log on to " + server + " and run: Restart-Service -Name " + ServiceName("xmppProxy"),
          "Take one server of a pool at a time.",
          "Check: netstat -ano | findstr :5269"};
}

Steps OfFence(const Action& action) {
  const std::string place =
      "TCP port " + Part(action.target.name, 1) + " of " + Part(action.target.name, 0);
  const std::string_view mode = action.after.StringOr("mode", "none");
  if (mode == "none")
    return {"At the firewall in front of it remove the rule that blocks " + place + "."};
  Steps steps = {"At the firewall in front of it add a rule for connections to " + place + ": " +
                 (mode == "reset" ? "reject with TCP reset" : "drop without an answer") + "."};
  const std::string_view expires = action.after.StringOr("expires", "");
  if (!expires.empty()) steps.push_back("Let the rule expire at " + std::string(expires) + ".");
  return steps;
}

Steps OfEdgeAssociation(const Action& action) {
  const std::string edge = Route(action.after.StringOr("edgePool", ""));
  Steps steps = {"Open the Management Shell with the right to change the topology."};
  if (std::find(action.modes.begin(), action.modes.end(), "director") != action.modes.end()) {
    steps.push_back("Run: Set-CsDirector -Identity \"Director:" + action.target.name +
                    "\" -EdgeServer " + edge);
    steps.emplace_back("Run: Enable-CsTopology");
    return steps;
  }
  for (const auto& [cmdlet, service] : {std::pair("Set-CsRegistrar", "Registrar"),
                                        std::pair("Set-CsConferenceServer", "ConferencingServer"),
                                        std::pair("Set-CsMediationServer", "MediationServer")}) {
    steps.push_back(std::string("Run: ") + cmdlet + " -Identity \"" + service + ':' +
                    action.target.name + "\" -EdgeServer " + edge);
  }
  steps.push_back("Run: Enable-CsTopology");
  return steps;
}

Steps OfCentralStore(const Action& action) {
  const std::string target(action.after.StringOr("activeMaster", ""));
  const bool disaster =
      std::find(action.modes.begin(), action.modes.end(), "disaster") != action.modes.end();
  return {"Log on to a Front End server of " + target + " and open the Management Shell.",
          "Run: Invoke-CsManagementServerFailover -WhatIf",
          std::string("Run: Invoke-CsManagementServerFailover") + (disaster ? " -Force" : "") +
              " -Verbose",
          "With a mirrored SQL back end first find the principal: Get-CsDatabaseMirrorState "
          "-DatabaseType CentralMgmt -PoolFqdn " +
              target + "; then name it with -BackupSqlServerFqdn and -BackupSqlInstanceName.",
          "Check: Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus"};
}

Steps OfPoolFailover(const Action& action) {
  if (action.after.StringOr("servedBy", "") == "backup") {
    const bool disaster =
        std::find(action.modes.begin(), action.modes.end(), "disaster") != action.modes.end();
    return {"Make sure that the pool is nobody's next hop and that the central store is alive.",
            "Run: Invoke-CsPoolFailOver -PoolFqdn " + action.target.name +
                (disaster ? " -DisasterMode" : "") + " -Verbose"};
  }
  return {"Make sure that every server of " + action.target.name +
              " runs and its Edge pool is available.",
          "Run: Invoke-CsPoolFailBack -PoolFqdn " + action.target.name +
              " (without -DisasterMode: it loses data)"};
}

std::string RecordText(const Value& properties) {
  const Value* records = properties.Find("records");
  return records == nullptr ? "(none)" : DisplayText(*records);
}

Steps OfDnsRecordSet(const Action& action) {
  const std::string record = Part(action.target.name, 1) + ' ' + Part(action.target.name, 0);
  const std::string ttl = ", TTL " + std::to_string(action.after.IntegerOr("ttl", 0)) + " seconds";
  if (action.after.is_null()) {
    return {"At your DNS host, delete " + record + " (now " + RecordText(action.before) + ").",
            "Leave every other record as it is."};
  }
  if (action.before.is_null()) {
    return {"At your DNS host, add " + record + " with " + RecordText(action.after) + ttl + "."};
  }
  const std::string from = RecordText(action.before), to = RecordText(action.after);
  if (from == to) {
    return {"At your DNS host, change the TTL of " + record + " from " +
            std::to_string(action.before.IntegerOr("ttl", 0)) + " to " +
            std::to_string(action.after.IntegerOr("ttl", 0)) + " seconds and leave its content " +
            to + "."};
  }
  return {"At your DNS host, change " + record + " from " + from + " to " + to + ttl +
              ", in one step: never delete it first.",
          "Publish the zone, if your DNS host asks for that."};
}

Steps OfAnything(const Action& action) {
  if (action.after.is_null()) return {"Delete " + ToString(action.target) + "."};
  Steps steps;
  if (!action.after.is_map()) return steps;
  for (const auto& [property, wanted] : action.after.map()) {
    if (!Changes(action, property)) continue;
    const Value* before = action.before.Find(property);
    steps.push_back("Set " + property + " of " + ToString(action.target) + " from " +
                    (before == nullptr ? "(none)" : DisplayText(*before)) + " to " +
                    DisplayText(wanted) + ".");
  }
  return steps;
}

using Writer = Steps (*)(const Action&);

// Null for a kind without words of its own.
Writer WriterFor(const std::string& kind) {
  static const std::map<std::string, Writer> writers = {{"Topology", &OfTopology},
                                                        {"SiteRoute", &OfSiteRoute},
                                                        {"Enablement", &OfEnablement},
                                                        {"EdgeService", &OfEdgeService},
                                                        {"EdgeComponents", &OfEdgeComponents},
                                                        {"Streams", &OfStreams},
                                                        {"Fence", &OfFence},
                                                        {"EdgeAssociation", &OfEdgeAssociation},
                                                        {"PoolFailover", &OfPoolFailover},
                                                        {"CentralStore", &OfCentralStore},
                                                        {"DnsRecordSet", &OfDnsRecordSet}};
  const auto found = writers.find(kind);
  return found == writers.end() ? nullptr : found->second;
}

Steps StepsFor(const Action& action) {
  const Writer writer = WriterFor(action.target.kind);
  const bool deletes = action.after.is_null() && writer != &OfDnsRecordSet;
  return writer == nullptr || deletes ? OfAnything(action) : writer(action);
}

void AppendDifferences(const std::string& path,
                       const Value* seen,
                       const Value& wanted,
                       Steps& out) {
  if (seen != nullptr && Covers(*seen, wanted)) return;
  if (seen == nullptr || !seen->is_map() || !wanted.is_map()) {
    out.push_back(path + " is " + (seen == nullptr ? "missing" : DisplayText(*seen)) + ", wanted " +
                  DisplayText(wanted));
    return;
  }
  for (const auto& [name, member] : wanted.map()) {
    AppendDifferences(path.empty() ? name : path + '.' + name, seen->Find(name), member, out);
  }
}

}  // namespace

bool HasManualSteps(const std::string& kind) { return WriterFor(kind) != nullptr; }

std::string DoneWhen(const Action& action) {
  if (action.after.is_null()) return ToString(action.target) + " is observed to be absent";
  std::string text = ToString(action.target) + " is observed with " + DisplayText(action.after);
  for (const JointChange& change : action.also)
    text += ", and " + ToString(change.target) + " with " + DisplayText(change.after);
  return text;
}

Steps ManualSteps(const Action& action) {
  Steps lines;
  for (const std::string& step : StepsFor(action)) {
    lines.push_back(std::to_string(lines.size() + 1) + ". " + step);
  }
  lines.push_back("done when: " + DoneWhen(action));
  return lines;
}

Steps StillDifferent(const Observation& seen, const Value& after) {
  if (Shows(seen, after)) return {};
  if (seen.presence == Presence::kUnreachable) {
    return {"it cannot be looked at" + (seen.reason.empty() ? "" : ": " + seen.reason)};
  }
  if (after.is_null()) return {"it is still there"};
  if (seen.presence == Presence::kAbsent) return {"it is not there yet"};
  Steps differences;
  AppendDifferences("", &seen.properties, after, differences);
  return differences;
}

Steps StillDifferent(const std::vector<Observation>& seen, const Action& action) {
  Steps differences = StillDifferent(seen.front(), action.after);
  for (std::size_t i = 0; i < action.also.size(); ++i) {
    const JointChange& change = action.also[i];
    for (const std::string& text : StillDifferent(seen[i + 1], change.after))
      differences.push_back(ToString(change.target) + ": " + text);
  }
  return differences;
}

}  // namespace poolshift
