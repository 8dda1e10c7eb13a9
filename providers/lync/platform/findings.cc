#include "providers/lync/platform/findings.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "providers/lync/platform/facts.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

using Kind = Finding::Kind;

constexpr const char* kCmdlets[] = {"Get-CsSite",
                                    "Set-CsSite",
                                    "Get-CsTopology",
                                    "Publish-CsTopology",
                                    "Enable-CsTopology",
                                    "Get-CsService",
                                    "Set-CsEdgeServer",
                                    "Set-CsRegistrar",
                                    "Set-CsConferenceServer",
                                    "Set-CsMediationServer",
                                    "Set-CsDirector",
                                    "Get-CsManagementStoreReplicationStatus",
                                    "Get-CsAccessEdgeConfiguration",
                                    "Get-CsExternalAccessPolicy",
                                    "Get-CsAllowedDomain",
                                    "Get-CsPoolBackupRelationship",
                                    "Export-CsConfiguration",
                                    "Invoke-CsManagementServerFailover"};

class Report {
 public:
  explicit Report(std::string machine) : machine_(std::move(machine)) {}

  void Say(Kind kind, std::string text) { findings_.push_back({kind, machine_, std::move(text)}); }
  void SayIf(bool fine, std::string good, std::string bad) {
    Say(fine ? Kind::kFine : Kind::kFault, fine ? std::move(good) : std::move(bad));
  }
  std::vector<Finding> Take() { return std::move(findings_); }

 private:
  const std::string machine_;
  std::vector<Finding> findings_;
};

void SayWay(const Shell& machine, Report& report) {
  report.Say(Kind::kNote, "is spoken to over " + machine.transport());
  if (!machine.by_hand()) return;
  report.Say(Kind::kNote,
             "is reached by a person: what follows is what the last answer says, and who ran it; "
             "that the next request is run, when, and by whom, nothing can prove");
}

// What each try of check-admin proves, and whether the work depends on it.
struct Try {
  std::string_view name, meaning;
  bool needed;
};
constexpr Try kTries[] = {
    {"read", "reads the central store (second hop to SQL)", true},
    {"master", "sees the store's master", true},
    {"write", "may write: Set-CsSite -WhatIf", true},
    {"enable", "may enable: Enable-CsTopology -WhatIf", true},
    {"clear", "clears a route: Set-CsSite -FederationRoute $null -WhatIf (U2)", false},
    {"publish",
     "publishes: Publish-CsTopology -WhatIf, of the unchanged document (U3 stays open)",
     false},
};

void CheckTries(const Value& answer, Report& report) {
  const Value::List tries = ItemsOf(answer.Find("tries"));
  for (const Try& known : kTries) {
    const auto found = std::ranges::find_if(
        tries, [&](const Value& one) { return one.StringOr("name", "") == known.name; });
    if (found == tries.end()) {
      report.Say(Kind::kFault, std::string(known.meaning) + ": not tried");
      continue;
    }
    const Value* fault = found->Find("fault");
    const bool failed = fault != nullptr && fault->is_map();
    report.Say(!failed        ? Kind::kFine
               : known.needed ? Kind::kFault
                              : Kind::kNote,
               std::string(known.meaning) + (failed ? ": " + FaultOf(*fault).text : ""));
  }
}

void CheckParameters(const Value& answer, Report& report) {
  const Value* parameters = answer.Find("parameters");
  std::vector<std::string> missing;
  for (const char* cmdlet : kCmdlets) {
    const Value* known = parameters == nullptr ? nullptr : parameters->Find(cmdlet);
    if (known == nullptr || known->is_null()) missing.emplace_back(cmdlet);
  }
  report.SayIf(
      missing.empty(), "has every cmdlet that is used", "lacks " + absl::StrJoin(missing, ", "));
  const Value* site = parameters == nullptr ? nullptr : parameters->Find("Set-CsSite");
  const std::vector<std::string> names = TextsOf(site);
  const auto has = [&](const char* name) { return std::ranges::count(names, name) > 0; };
  if (has("XmppFederationRoute")) {
    report.Say(Kind::kFine, "XMPP routes are set with -XmppFederationRoute (F1)");
  } else {
    report.Say(Kind::kNote,
               has("XmppExternalFederationRoute")
                   ? "XMPP routes are set with -XmppExternalFederationRoute (F1): tell the project"
                   : "Set-CsSite has no parameter for an XMPP route: this generation has no XMPP");
  }
}

// A clock that is ahead lets gates wait in vain; a status report from the future shows it.
void CheckClock(const Facts& store, Report& report) {
  const Value* now = store.Find("now");
  const auto here = now != nullptr && now->is_string() ? Milliseconds(now->string()) : std::nullopt;
  std::int64_t newest = 0;
  for (const Value& replica : ItemsOf(store.Find("replicas")))
    newest = std::max(newest, Milliseconds(replica.StringOr("reported", "")).value_or(0));
  if (!here || newest == 0) {
    report.Say(Kind::kFault,
               "no replica has reported, or the time is not told: " + store.Why("replicas"));
    return;
  }
  constexpr std::int64_t kTolerance = 2000;
  report.SayIf(newest <= *here + kTolerance,
               "its clock is not behind the newest status report of a replica",
               "a replica has reported in its future: clocks differ, or dates are in another time "
               "zone than they say");
}

std::vector<Finding> CheckAdmin(Shell& admin, absl::Duration each) {
  Report report(admin.name());
  SayWay(admin, report);
  const Answer answer =
      RunScript(admin,
                "check-admin",
                Value::Map{{"deep", true},
                           {"cmdlets", Value::List(std::begin(kCmdlets), std::end(kCmdlets))}},
                absl::Now() + each);
  if (answer.fault) {
    report.Say(Kind::kFault, answer.fault->text);
    return report.Take();
  }
  report.Say(Kind::kFine,
             "logged on as " + std::string(answer.value.StringOr("account", "")) + ", PowerShell " +
                 std::string(answer.value.StringOr("shell", "")) + ", groups " +
                 absl::StrJoin(TextsOf(answer.value.Find("groups")), ", "));
  CheckParameters(answer.value, report);
  CheckTries(answer.value, report);
  CheckClock(LookAtStore(admin, {"replicas"}, {}, absl::Now() + each), report);
  return report.Take();
}

std::vector<Finding> CheckServer(const std::string& fqdn,
                                 Shell& server,
                                 const TopologyDocument* master,
                                 absl::Duration each) {
  Report report(fqdn);
  SayWay(server, report);
  const Answer answer = RunScript(server, "check-server", Value::Map{}, absl::Now() + each);
  if (answer.fault) {
    report.Say(Kind::kFault, answer.fault->text);
    return report.Take();
  }
  const std::string account(answer.value.StringOr("account", ""));
  const std::string host = absl::AsciiStrToLower(std::string(answer.value.StringOr("host", "")));
  report.SayIf(answer.value.BooleanOr("administrator", false),
               "logged on as " + account + ", a local administrator",
               "logged on as " + account + ", which is no local administrator (or not elevated)");
  report.SayIf(
      host == fqdn,
      "calls itself as the topology does",
      "calls itself `" + host + "`: Bootstrapper would find no roles (set the DNS suffix)");
  if (master != nullptr) {
    const bool current = answer.value.StringOr("local", "") == master->digest();
    report.Say(
        current ? Kind::kFine : Kind::kNote,
        current ? "its local copy is the master's topology"
                : "its local copy is not the master's topology: replication is behind or broken");
    const bool edge = master->edge_pools().contains(master->PoolOf(fqdn));
    if (edge) {
      const std::vector<std::string> proxies = TextsOf(answer.value.Find("proxy"));
      report.Say(proxies.size() < 2 ? Kind::kNote : Kind::kFault,
                 proxies.empty()
                     ? "no XMPP proxy is installed"
                     : "the XMPP proxy is " + absl::StrJoin(proxies, " and ") + " (U5)");
      const std::vector<std::string> programs = TextsOf(answer.value.Find("bootstrapper"));
      report.SayIf(programs.size() == 1,
                   "has " + absl::StrJoin(programs, ""),
                   std::to_string(programs.size()) + " Bootstrapper.exe are there, one must be");
    }
  }
  return report.Take();
}

}  // namespace

std::vector<Finding> CheckEverything(const Machines& machines, absl::Duration each) {
  std::vector<Finding> findings = CheckAdmin(*machines.admin, each);
  const Facts store = LookAtStore(*machines.admin, {"document"}, {}, absl::Now() + each);
  for (const auto& [fqdn, server] : machines.servers) {
    std::vector<Finding> more = CheckServer(fqdn, *server, store.document(), each);
    findings.insert(findings.end(), more.begin(), more.end());
  }
  return findings;
}

}  // namespace poolshift::lync
