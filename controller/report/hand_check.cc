#include "controller/report/hand_check.h"

#include <set>

#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

std::string First(const std::string& name) { return name.substr(0, name.find('/')); }
std::string Last(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::string ReachabilityCheck(const ObservationKey& key) {
  const std::string where = First(key.id.name), port = Last(key.id.name);
  const std::string from = key.vantage.empty() ? "from outside" : "from " + key.vantage;
  std::string command = "Test-NetConnection -ComputerName " + where + " -Port " + port;
  if (port == std::to_string(kinds::kXmppPort))
    command = "openssl s_client -connect " + where + ':' + port + " -starttls xmpp-server";
  if (port == std::to_string(kinds::kSipPort) &&
      where.find_first_not_of("0123456789.:") == std::string::npos)
    command = "openssl s_client -connect " + where + ':' + port;
  return command + "   # " + from;
}

std::string RecordCheck(const ResourceId& id) {
  return "nslookup -type=" + Last(id.name) + ' ' + First(id.name) +
         ". <each name server of the zone>";
}

std::string CheckOf(const ObservationKey& key) {
  const ResourceId& id = key.id;
  const std::string first = First(id.name);
  if (id.kind == kinds::kTopology)
    return "Get-CsService -EdgeServer | Format-List PoolFqdn, AccessEdgeExternalSipPort, "
           "XmppListeningPort, XmppInternalPort, Registrar   # 5061: SIP flag on; 5269 and 23456: "
           "XMPP flag on";
  if (id.kind == kinds::kEnablement) return "Test-CsTopology   # no error about activation";
  if (id.kind == kinds::kSiteRoute)
    return "Get-CsSite -Identity \"" + first +
           "\" | Format-List FederationRoute, XmppFederationRoute";
  if (id.kind == kinds::kEdgeService)
    return "Get-CsWindowsService -ExcludeActivityLevel   # on " + first;
  if (id.kind == kinds::kEdgeComponents)
    return "(Get-CsTopology -LocalStore -AsXml).ToString()   # on " + first;
  if (id.kind == kinds::kReplica)
    return "Get-CsManagementStoreReplicationStatus -ReplicaFqdn " + first;
  if (id.kind == kinds::kStreams)
    return std::string("netstat -ano | findstr :") + (Last(id.name) == "sip" ? "5061" : "5269") +
           "   # on " + first;
  if (id.kind == kinds::kEdgeAssociation)
    return "Get-CsService -ConferencingServer -PoolFqdn " + first + " | Format-List EdgeServer";
  if (id.kind == kinds::kPoolFailover) return "Get-CsPoolFabricState -PoolFqdn " + first;
  if (id.kind == kinds::kCentralStore)
    return "Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus";
  if (id.kind == kinds::kDnsRecordSet) return RecordCheck(id);
  if (id.kind == kinds::kReachability) return ReachabilityCheck(key);
  return "";
}

}  // namespace

std::vector<std::string> HandChecks(const Action& action, std::size_t most) {
  std::vector<std::string> checks;
  std::set<std::string> known;
  std::size_t more = 0;
  const auto add = [&](const ObservationKey& key) {
    const std::string check = CheckOf(key);
    if (check.empty() || !known.insert(check).second) return;
    if (checks.size() < most) {
      checks.push_back(check);
    } else {
      ++more;
    }
  };
  if (!action.gate.has_value()) add({action.target, ""});
  if (action.gate.has_value()) {
    for (const Expectation& expectation : action.gate->expectations)
      add(expectation.subject);
  }
  if (more > 0) checks.push_back("# and " + std::to_string(more) + " more of the kind");
  return checks;
}

}  // namespace poolshift
