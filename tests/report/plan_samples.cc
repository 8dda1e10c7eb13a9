#include "tests/report/plan_samples.h"

#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

constexpr const char* kOldPool = "edgepool1.contoso.net";
constexpr const char* kNewPool = "edgepool2.contoso.net";
constexpr const char* kServer = "edge2a.contoso.net";

Action Make(ActionId id, Verb verb, ResourceId target, std::string title) {
  Action action;
  action.id = std::move(id);
  action.verb = verb;
  action.target = std::move(target);
  action.title = std::move(title);
  action.provider = "lync";
  return action;
}

Action RouteAction() {
  Action action = Make("a0000000000000001",
                       Verb::kUpdate,
                       kinds::SiteRoute("Site1"),
                       "route XMPP of Site1 to edgepool2");
  action.before = Value::Map{{"federation", kOldPool}, {"xmpp", kOldPool}};
  action.after = Value::Map{{"federation", kOldPool}, {"xmpp", kNewPool}};
  action.precondition_revision = "5f2c";
  action.why = {{"goal", "edgepool2 is declared to host XMPP", "004 step 3"},
                {"I-2", "an organisation has one XMPP gateway, so every site routes to it", "I-2"}};
  action.commands = {
      "Set-CsSite -Identity Site1 -XmppFederationRoute EdgeServer:edgepool2.contoso.net"};
  action.locks = {"cms"};
  action.sources = {"004 step 3"};
  return action;
}

Action ReplicaGate() {
  Action action = Make("g0000000000000002",
                       Verb::kGate,
                       kinds::Replica(kServer),
                       "wait until edge2a holds the new topology");
  Expectation reached;
  reached.subject = {kinds::Replica(kServer), ""};
  reached.property = "watermark";
  reached.compare = Expectation::Compare::kAtLeastProduced;
  action.gate = Gate{.expectations = {reached}, .produced_by = {"a0000000000000001"}};
  action.needs = {"a0000000000000001"};
  action.why = {{"I-14", "a server acts on its local copy of the configuration", "I-14, F12"}};
  return action;
}

Action ServiceStart(ActionId id, std::string_view role, std::vector<ActionId> needs) {
  Action action = Make(std::move(id),
                       Verb::kStart,
                       kinds::EdgeService(kServer, role),
                       "start " + std::string(role) + " on edge2a");
  action.before = Value::Map{{"state", "stopped"}};
  action.after = Value::Map{{"state", "running"}};
  action.needs = std::move(needs);
  action.why = {{"D5", "a restored server starts its replica first, then the rest", "D5"}};
  action.commands = {"Start-CsWindowsService -Name " + std::string(role) +
                     " -ComputerName edge2a.contoso.net"};
  action.duration = absl::Seconds(30);
  return action;
}

Action ProbeGate() {
  Action action = Make("g0000000000000005",
                       Verb::kGate,
                       kinds::Reachability("203.0.113.21", kinds::kXmppPort),
                       "probe XMPP of edge2a from outside");
  Gate gate;
  for (const char* vantage : {"partner", "office", "cloud"}) {
    Expectation open;
    open.subject = {kinds::Reachability("203.0.113.21", kinds::kXmppPort), vantage};
    open.property = "state";
    open.value = "open";
    gate.expectations.push_back(open);
  }
  gate.quorum = 2;
  gate.consecutive = 3;
  gate.interval = absl::Seconds(5);
  gate.timeout = absl::Minutes(2);
  action.gate = gate;
  action.needs = {"a0000000000000003", "a0000000000000004"};
  return action;
}

Action RecordUpdate() {
  Action action = Make("a0000000000000006",
                       Verb::kUpdate,
                       kinds::DnsRecordSet("xmpp.contoso.com", "A"),
                       "point xmpp.contoso.com to edgepool2");
  action.provider = "dns";
  action.before =
      Value::Map{{"records", Value::List{"203.0.113.11", "203.0.113.12"}}, {"ttl", 3600}};
  action.after = Value::Map{{"records", Value::List{"203.0.113.21"}}, {"ttl", 300}};
  action.needs = {"g0000000000000005"};
  action.why = {{"I-10", "the record leads to a pool that serves", "RFC 2782"}};
  action.commands = {
      "update delete xmpp.contoso.com. A\nupdate add xmpp.contoso.com. 300 A 203.0.113.21"};
  return action;
}

Action RecordCreate() {
  Action action = Make("a0000000000000007",
                       Verb::kCreate,
                       kinds::DnsRecordSet("_xmpp-server._tcp.contoso.com", "SRV"),
                       "add the missing SRV record of XMPP");
  action.provider = "zone-by-hand";
  action.human = true;
  action.after = Value::Map{{"records", Value::List{"0 0 5269 xmpp.contoso.com"}}, {"ttl", 300}};
  action.needs = {"a0000000000000006"};
  action.commands = {
      "Sign in to the registrar and add _xmpp-server._tcp.contoso.com SRV 0 0 5269 "
      "xmpp.contoso.com"};
  action.duration = absl::Minutes(10);
  return action;
}

Action TtlWait() {
  Action action = Make("g0000000000000008",
                       Verb::kGate,
                       kinds::DnsRecordSet("xmpp.contoso.com", "A"),
                       "wait until resolvers have forgotten the old record");
  action.gate.emplace();
  action.gate->hold = absl::Hours(1) + absl::Minutes(5);
  action.needs = {"a0000000000000006"};
  return action;
}

Action ServiceStop() {
  Action action = Make("a0000000000000009",
                       Verb::kStop,
                       kinds::EdgeService("edge1a.contoso.net", "xmppProxy"),
                       "stop xmppProxy on edge1a");
  action.before = Value::Map{{"state", "running"}};
  action.after = Value::Map{{"state", "stopped"}};
  action.needs = {"g0000000000000008"};
  action.commands = {
      "Stop-CsWindowsService -Name RTCXMPPTGWPROXY -ComputerName edge1a.contoso.net -Graceful"};
  return action;
}

Action RecordDelete() {
  Action action = Make("a0000000000000010",
                       Verb::kDelete,
                       kinds::DnsRecordSet("stray.contoso.com", "A"),
                       "delete the stray record that poolshift made");
  action.provider = "dns";
  action.before = Value::Map{{"records", Value::List{"203.0.113.99"}}, {"ttl", 60}};
  action.needs = {"a0000000000000009"};
  return action;
}

Action Failover() {
  Action action = Make("a0000000000000011",
                       Verb::kUpdate,
                       kinds::PoolFailover("fe1.contoso.net"),
                       "fail the users of fe1 back home");
  action.before = Value::Map{{"servedBy", "backup"}};
  action.after = Value::Map{{"servedBy", "home"}};
  action.needs_approval = true;
  action.needs = {"a0000000000000001",
                  "a0000000000000003",
                  "a0000000000000004",
                  "a0000000000000006",
                  "a0000000000000007"};
  action.commands = {"Invoke-CsPoolFailback -PoolFqdn fe1.contoso.net"};
  action.duration = absl::Minutes(20);
  return action;
}

std::vector<Note> EveryTreatment() {
  using Treatment = Note::Treatment;
  return {
      {"004", "2", Treatment::kNotNeeded, "", "nothing runs on the new pool yet", {}, {}},
      {"004",
       "3",
       Treatment::kCorrected,
       "F1",
       "the page names a parameter that does not exist",
       {"a0000000000000001"},
       {}},
      {"004",
       "4",
       Treatment::kMoved,
       "",
       "records move after the new pool answers",
       {"a0000000000000006"},
       {}},
      {"004", "7", Treatment::kDone, "", "", {"a0000000000000003", "a0000000000000004"}, {}},
      {"D20",
       "export first",
       Treatment::kBefore,
       "",
       "export the central store",
       {},
       {"Export-CsConfiguration -FileName configuration.zip"}},
      {"004",
       "8",
       Treatment::kFollowUp,
       "",
       "tell fabrikam.com: it pinned the old proxy and will not follow DNS",
       {},
       {}},
  };
}

}  // namespace

Plan EverySymbolPlan() {
  Plan plan;
  plan.organization = "contoso";
  plan.situations = {
      {"sip", "steady", "edgepool1", "edgepool1", "all sites and records agree"},
      {"xmpp",
       "failover",
       "edgepool1",
       "edgepool2",
       "edgepool1 is declared out of service (power lost) and 3 of 3 vantages cannot reach it"}};
  plan.choices = {{"order of the SIP move",
                   "detach",
                   "one pool at a time carries the flag",
                   {{"atomic", "nobody publishes"}, {"swapThenRoute", "edgepool1 is alive"}}}};
  plan.actions = {RouteAction(),
                  ReplicaGate(),
                  ServiceStart("a0000000000000003", "replica", {"g0000000000000002"}),
                  ServiceStart("a0000000000000004", "xmppProxy", {"a0000000000000003"}),
                  ProbeGate(),
                  RecordUpdate(),
                  RecordCreate(),
                  TtlWait(),
                  ServiceStop(),
                  RecordDelete(),
                  Failover()};
  plan.notes = EveryTreatment();
  plan.warnings.Warning({"contoso.yaml", 12, 5},
                        "provider dns is unfenced: it keeps no ownership record");
  plan.warnings.Note({}, "expected loss window: about 40 s of inbound XMPP");
  plan.certificate = {.actions = 8, .lower_bound = 8, .method = "bound", .states = 0};
  plan.basis = {{{kinds::SiteRoute("Site1"), ""}, "5f2c"}};
  return plan;
}

Plan RefusedPlan() {
  Plan plan;
  plan.organization = "contoso";
  plan.situations = {{"xmpp", "unknown", "edgepool1", "edgepool2", "edgepool1 does not answer"}};
  Refusal refusal;
  refusal.rule = "D3";
  refusal.text = "edgepool1 does not answer, and nobody has declared that it is out of service";
  refusal.hint = "commit in EdgePool/edgepool1:\n  condition: outOfService\n  reason: \"...\"";
  refusal.source = "D3";
  refusal.origin = {"contoso.yaml", 31, 3};
  plan.refusals = {refusal,
                   {.rule = "004",
                    .text = "there is no second Edge pool",
                    .hint = "",
                    .source = "004 step 1",
                    .origin = {}}};
  return plan;
}

Plan EmptyPlan() {
  Plan plan;
  plan.organization = "contoso";
  plan.situations = {{"sip", "steady", "edgepool1", "edgepool1", "all agree"},
                     {"xmpp", "steady", "edgepool1", "edgepool1", ""}};
  plan.certificate.method = "bound";
  return plan;
}

Plan HostilePlan() {
  Plan plan;
  plan.organization = "con\x1b[2Jtoso";
  Action action = Make("a0000000000000001",
                       Verb::kUpdate,
                       {"SiteRoute", "Site\r\n1"},
                       "route \u202Egnihton\u202C of \xFF");
  action.before = Value::Map{{"xmpp\x07", "a\x1b]0;owned\x07"}};
  action.after = Value::Map{{"xmpp\x07", "b\u200B"}};
  action.why = {{"goal", "line\nbreak", "\u2066x\u2069"}};
  action.commands = {"Set-CsSite \x9b"};
  plan.actions = {action};
  plan.certificate = {.actions = 1, .lower_bound = 0, .method = "unproven", .states = 1};
  return plan;
}

}  // namespace poolshift
