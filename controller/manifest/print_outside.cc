#include "controller/manifest/print_outside.h"

#include <array>

#include "absl/strings/str_split.h"

#include "controller/manifest/schema.h"

namespace poolshift::manifest {
namespace {

std::string Seconds(absl::Duration duration) {
  return std::to_string(absl::ToInt64Seconds(duration)) + 's';
}

// In the greatest unit of which it is a whole number: "168h", "15m", "90s".
std::string WholeUnits(absl::Duration duration) {
  const std::int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds > 0 && seconds % 3600 == 0) return std::to_string(seconds / 3600) + 'h';
  if (seconds > 0 && seconds % 60 == 0) return std::to_string(seconds / 60) + 'm';
  return Seconds(duration);
}

std::string TextOrNothing(const std::string& text) { return text.empty() ? "" : Scalar(text); }

std::string ListOrNothing(const std::vector<std::string>& items) {
  return items.empty() ? "" : FlowList(items);
}

std::string TimeOfDay(int minutes) {
  const auto two = [](int number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  return '"' + two(minutes / 60) + ':' + two(minutes % 60) + '"';
}

std::string WindowText(const Window& window) {
  constexpr std::array<const char*, 7> kNames = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  std::vector<std::string> days;
  for (const absl::Weekday day : window.days)
    days.emplace_back(kNames.at(static_cast<std::size_t>(day)));
  return FlowMap({{"days", ListOrNothing(days)},
                  {"from", TimeOfDay(window.from_minute)},
                  {"to", TimeOfDay(window.to_minute)}});
}

std::string Braced(std::vector<std::string> items) {
  if (items.empty()) return "";
  std::string list;
  for (const std::string& item : items)
    list += (list.empty() ? "[" : ", ") + item;
  return list + ']';
}

std::string FreezesText(const Automation& automation) {
  std::vector<std::string> freezes;
  const auto quoted = [](absl::CivilMinute minute) {
    std::string text = absl::FormatCivilTime(minute);
    text[text.find('T')] = ' ';
    return '"' + text + '"';
  };
  for (const Automation::Freeze& freeze : automation.freezes) {
    freezes.push_back(FlowMap({{"from", quoted(freeze.from)},
                               {"to", quoted(freeze.to)},
                               {"reason", TextOrNothing(freeze.reason)}}));
  }
  return Braced(std::move(freezes));
}

std::string AutomationText(const Automation& automation) {
  std::vector<std::string> rules;
  for (const Automation::Rule& rule : automation.rules) {
    rules.push_back(FlowMap({{"sites", ListOrNothing(rule.sites)},
                             {"kinds", ListOrNothing(rule.kinds)},
                             {"mode", std::string(Name(rule.mode))}}));
  }
  return FlowMap(
      {{"mode", std::string(Name(automation.mode))},
       {"interval", WholeUnits(automation.interval)},
       {"drill", automation.drill > absl::ZeroDuration() ? WholeUnits(automation.drill) : ""},
       {"approvals", std::to_string(automation.approvals)},
       {"approvalFor", WholeUnits(automation.approval_for)},
       {"limits",
        FlowMap({{"maxActions", std::to_string(automation.max_actions)},
                 {"maxPools", std::to_string(automation.max_pools)}})},
       {"rules", Braced(std::move(rules))},
       {"heal", ListOrNothing(automation.heal)},
       {"timeZone", Scalar(automation.time_zone)},
       {"freezes", FreezesText(automation)}});
}

void PrintSecrets(const std::map<std::string, SecretRef>& references, Emitter& out) {
  std::vector<std::pair<std::string_view, std::string>> secrets;
  for (const auto& [name, reference] : references)
    secrets.emplace_back(name, Scalar(reference.Reference()));
  if (!secrets.empty()) out.Member("secrets", FlowMap(secrets));
}

void PrintWay(const Notification& notification, Emitter& out) {
  switch (notification.way) {
    case Notification::Way::kWebhook:
      return out.Member("webhook", FlowMap({{"url", Scalar(notification.url)}}));
    case Notification::Way::kMail:
      return out.Member("mail",
                        FlowMap({{"server", Scalar(notification.url)},
                                 {"from", Scalar(notification.from)},
                                 {"to", FlowList(notification.to)},
                                 {"user", TextOrNothing(notification.user)}}));
    case Notification::Way::kCommand:
      return out.Member("command", FlowList(notification.command));
    case Notification::Way::kCommitStatus:
      return out.Member("commitStatus",
                        FlowMap({{"forge", std::string(Name(notification.forge))},
                                 {"url", Scalar(notification.url)},
                                 {"context", Scalar(notification.context)}}));
  }
}

}  // namespace

void PrintNotification(const Notification& notification, Emitter& out) {
  out.Document(kNotification, notification.name);
  if (!notification.events.empty()) out.Member("events", FlowList(notification.events));
  PrintWay(notification, out);
  if (notification.secret.has_value())
    PrintSecrets({{std::string(SecretName(notification.way)), *notification.secret}}, out);
  if (!notification.subject.empty()) out.Member("subject", Scalar(notification.subject));
  if (!notification.text.empty())
    out.Member("text", FlowList(absl::StrSplit(notification.text, '\n')));
}

void PrintDomain(const Domain& domain, Emitter& out) {
  out.Document(kDomain, domain.name);
  out.Text("zone", domain.zone);
  if (domain.sip) {
    const bool gtm = domain.sip->style == SipDnsStyle::kGtm;
    out.Member("sip",
               FlowMap({{"dns", gtm ? "gtm" : "srvTarget"},
                        {"gtm", TextOrNothing(domain.sip->gtm_name)},
                        {"ttl", Seconds(domain.sip->ttl)}}));
  }
  if (domain.xmpp) {
    const bool floating = domain.xmpp->style == XmppDnsStyle::kFloatingA;
    out.Member("xmpp",
               FlowMap({{"dns", floating ? "floatingA" : "staticSrv"},
                        {"host", TextOrNothing(domain.xmpp->host)},
                        {"order", ListOrNothing(domain.xmpp->order)},
                        {"ttl", Seconds(domain.xmpp->ttl)}}));
  }
  if (!domain.remote_access_order.empty()) {
    out.Member("remoteAccess", FlowMap({{"order", FlowList(domain.remote_access_order)}}));
  }
}

void PrintPartner(const Partner& partner, Emitter& out) {
  out.Document(kPartner, partner.domain);
  std::vector<std::string> protocols;
  if (partner.sip) protocols.emplace_back("sip");
  if (partner.xmpp) protocols.emplace_back("xmpp");
  out.List("protocols", protocols);
  const bool dns = partner.discovery == Partner::Discovery::kDns;
  const bool direct = partner.discovery == Partner::Discovery::kDirect;
  out.Text("discovery", dns ? "dns" : direct ? "direct" : "hybrid");
  out.Text("pinnedName", partner.pinned_name);
  if (!partner.accepts_names.empty()) out.Member("acceptsNames", FlowList(partner.accepts_names));
  out.Text("contact", partner.contact);
}

void PrintProvider(const ProviderDeclaration& provider, Emitter& out) {
  out.Document(kProvider, provider.name);
  out.Text("type", provider.type);
  if (!provider.serves.empty()) out.Member("serves", "");
  for (const Responsibility& part : provider.serves) {
    out.Entry(FlowMap({{"kinds", ListOrNothing(part.kinds)},
                       {"sites", ListOrNothing(part.sites)},
                       {"zones", ListOrNothing(part.zones)},
                       {"vantages", ListOrNothing(part.vantages)}}));
  }
  out.Member("config", Flow(provider.configuration));
  PrintSecrets(provider.secrets, out);
  out.Text("observeWith", provider.observe_with);
  if (provider.max_concurrent != ProviderDeclaration().max_concurrent)
    out.Member("maxConcurrent", std::to_string(provider.max_concurrent));
}

namespace {

std::string SignerText(const CommitSigner& signer) {
  return FlowMap({{"name", Scalar(signer.name)},
                  {"ssh", signer.ssh.empty() ? "" : Scalar(signer.ssh)},
                  {"openpgp", signer.openpgp.empty() ? "" : Scalar(signer.openpgp)},
                  {"paths", ListOrNothing(signer.paths)},
                  {"until", signer.until.empty() ? "" : Scalar(signer.until)},
                  {"revoked", signer.revoked ? "true" : ""}});
}

// Nothing where all is as it is without a word.
void PrintCommits(const CommitTrust& commits, Emitter& out) {
  if (commits.required && commits.signers.empty()) return;
  std::string signers;
  for (const CommitSigner& signer : commits.signers)
    signers += (signers.empty() ? "" : ", ") + SignerText(signer);
  out.Member("commits",
             FlowMap({{"signatures", commits.required ? "required" : "optional"},
                      {"policySigners",
                       commits.policy_signers > 1 ? std::to_string(commits.policy_signers) : ""},
                      {"signers", signers.empty() ? "" : '[' + signers + ']'}}));
}

}  // namespace

void PrintPolicy(const Policy& policy, Emitter& out) {
  out.Document(kPolicy, "policy");
  const bool documented = policy.procedure == Policy::Procedure::kDocumented;
  out.Text("procedure", documented ? "documented" : "serve-first");
  out.Text("sipOrder", std::string(Name(policy.sip_order)));
  out.Member("humanTime", WholeUnits(policy.human_time));
  out.Member("fenceFor", WholeUnits(policy.fence_for));
  out.Text("enableTopology", policy.enable_after_routes ? "afterRoutes" : "onPublish");
  out.Member("allowDivergentRoutes", policy.allow_divergent_routes ? "true" : "false");
  out.Member("allowMultipleFederatedPools",
             policy.allow_multiple_federated_pools ? "true" : "false");
  out.Member("limits",
             FlowMap({{"maxActions", std::to_string(policy.max_actions)},
                      {"maxDeletions", std::to_string(policy.max_deletions)}}));
  if (policy.on_gate_failure == Policy::GateFailure::kBackOut)
    out.Text("onGateFailure", "back-out");
  if (!policy.windows.empty()) out.Member("windows", "");
  for (const Window& window : policy.windows)
    out.Entry(WindowText(window));
  if (!policy.automation.origin.file.empty())
    out.Member("automation", AutomationText(policy.automation));
  out.Member("probes",
             FlowMap({{"vantages", ListOrNothing(policy.vantages)},
                      {"required", std::to_string(policy.vantages_required)},
                      {"successes", std::to_string(policy.probes)}}));
  out.Member("dns",
             FlowMap({{"moveTtl", Seconds(policy.move_ttl)},
                      {"unpreparedTtl", Seconds(policy.unprepared_ttl)},
                      {"negativeTtl", Seconds(policy.negative_ttl)}}));
  out.Member("replicationTimeout", WholeUnits(policy.replication_timeout));
  PrintCommits(policy.commits, out);
}

}  // namespace poolshift::manifest
