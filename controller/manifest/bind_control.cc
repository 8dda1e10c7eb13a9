#include <algorithm>
#include <array>

#include "controller/manifest/bind.h"
#include "controller/manifest/read_field.h"
#include "controller/manifest/signer_scalar.h"

namespace poolshift::manifest {
namespace {

constexpr int kDayMinutes = 24 * 60;

std::vector<Responsibility> BindServes(yaml::Node serves) {
  std::vector<Responsibility> all;
  if (!serves || !serves.is_list()) return all;
  for (yaml::Node item = serves.first(); item; item = item.next()) {
    all.push_back({Texts(item.Find("kinds")),
                   Texts(item.Find("sites")),
                   DnsNames(item.Find("zones")),
                   Texts(item.Find("vantages"))});
  }
  return all;
}

std::vector<absl::Weekday> Days(yaml::Node list) {
  constexpr std::array<std::string_view, 7> kNames = {
      "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  std::vector<absl::Weekday> days;
  for (const std::string& text : Texts(list)) {
    const auto found = std::find(kNames.begin(), kNames.end(), text);
    if (found != kNames.end()) days.push_back(static_cast<absl::Weekday>(found - kNames.begin()));
  }
  std::sort(days.begin(), days.end());
  return days;
}

std::vector<absl::Weekday> DaysAfter(std::vector<absl::Weekday> days) {
  for (absl::Weekday& day : days)
    day = static_cast<absl::Weekday>((static_cast<int>(day) + 1) % 7);
  std::sort(days.begin(), days.end());
  return days;
}

// One window, or two when it runs past midnight.
void BindWindow(const Document& document, yaml::Node node, std::vector<Window>& windows) {
  const std::vector<absl::Weekday> days = Days(node.Find("days"));
  const int from = MinuteOfDay(node.Find("from"), 0);
  const int to = MinuteOfDay(node.Find("to"), kDayMinutes);
  const Origin origin = document.OriginOf(node);
  if (from < to) {
    windows.push_back({days, from, to, origin});
    return;
  }
  windows.push_back({days, from, kDayMinutes, origin});
  if (to > 0) windows.push_back({DaysAfter(days), 0, to, origin});
}

SipOrder BindSipOrder(std::string_view name) {
  for (const SipOrder order : {SipOrder::kDetach,
                               SipOrder::kSwapThenRoute,
                               SipOrder::kMakeBeforeBreak,
                               SipOrder::kAtomic}) {
    if (Name(order) == name) return order;
  }
  return SipOrder::kAuto;
}

Automation::Mode BindMode(yaml::Node mode) {
  const std::string name = Text(mode);
  if (name == "auto") return Automation::Mode::kAuto;
  return name == "approve" ? Automation::Mode::kApprove : Automation::Mode::kReport;
}

void BindFreezes(const Document& document, yaml::Node list, Automation& automation) {
  for (yaml::Node item = list.first(); item; item = item.next()) {
    if (!item.is_map()) continue;
    Automation::Freeze freeze;
    freeze.from = CalendarTime(item.Find("from"));
    freeze.to = CalendarTime(item.Find("to"));
    freeze.reason = Text(item.Find("reason"));
    freeze.origin = document.OriginOf(item);
    automation.freezes.push_back(std::move(freeze));
  }
}

Automation BindAutomation(const Document& document, yaml::Node node) {
  Automation automation;
  if (!node || !node.is_map()) return automation;
  automation.origin = document.OriginOf(node);
  automation.mode = BindMode(node.Find("mode"));
  const auto seconds = [&](std::string_view name, absl::Duration standard) {
    return absl::Seconds(DurationSeconds(node.Find(name), absl::ToInt64Seconds(standard)));
  };
  automation.interval = seconds("interval", automation.interval);
  automation.drill = seconds("drill", automation.drill);
  automation.approval_for = seconds("approvalFor", automation.approval_for);
  automation.approvals = static_cast<int>(Integer(node.Find("approvals"), automation.approvals));
  const auto limit = [&](std::string_view path) {
    return static_cast<int>(Integer(document.At(path), 0));
  };
  automation.max_actions = limit("automation.limits.maxActions");
  automation.max_pools = limit("automation.limits.maxPools");
  const yaml::Node rules = node.Find("rules");
  for (yaml::Node item = rules && rules.is_list() ? rules.first() : yaml::Node(); item;
       item = item.next()) {
    automation.rules.push_back({Texts(item.Find("sites")),
                                Texts(item.Find("kinds")),
                                BindMode(item.Find("mode")),
                                document.OriginOf(item)});
  }
  automation.heal = Texts(node.Find("heal"));
  if (const std::string zone = Text(node.Find("timeZone")); !zone.empty())
    automation.time_zone = zone;
  const yaml::Node freezes = node.Find("freezes");
  if (freezes && freezes.is_list()) BindFreezes(document, freezes, automation);
  return automation;
}

// The place of a field that is there.
Origin Stated(const Document& document, std::string_view path) {
  return document.At(path) ? document.OriginAt(path) : Origin{};
}

}  // namespace

std::map<std::string, SecretRef> BindSecrets(yaml::Node secrets) {
  std::map<std::string, SecretRef> all;
  if (!secrets || !secrets.is_map()) return all;
  for (yaml::Node key = secrets.first(); key; key = key.next().next()) {
    auto reference = SecretRef::Parse(key.next().text());
    if (reference.ok()) all.emplace(std::string(key.text()), *std::move(reference));
  }
  return all;
}

ProviderDeclaration BindProvider(const Document& document, const Directory& directory) {
  ProviderDeclaration provider;
  provider.name = document.name;
  provider.type = Text(document.At("type"));
  provider.serves = BindServes(document.At("serves"));
  const yaml::Node configuration = document.At("config");
  if (configuration && configuration.is_map()) provider.configuration = FreeValue(configuration);
  provider.secrets = BindSecrets(document.At("secrets"));
  provider.observe_with = Referenced(document, directory, "observeWith");
  provider.max_concurrent =
      static_cast<int>(Integer(document.At("maxConcurrent"), provider.max_concurrent));
  provider.origin = document.origin();
  return provider;
}

namespace {

CommitSigner BindSigner(const Document& document, yaml::Node item) {
  CommitSigner signer;
  signer.name = Text(item.Find("name"));
  signer.ssh = ReadSshKey(Text(item.Find("ssh"))).value_or("");
  signer.openpgp = ReadOpenPgpKey(Text(item.Find("openpgp"))).value_or("");
  signer.paths = Texts(item.Find("paths"));
  signer.until = Text(item.Find("until"));
  signer.revoked = Boolean(item.Find("revoked"), false);
  signer.origin = document.OriginOf(item);
  return signer;
}

CommitTrust BindCommits(const Document& document) {
  CommitTrust commits;
  commits.required = Text(document.At("commits.signatures")) != "optional";
  commits.policy_signers =
      static_cast<int>(Integer(document.At("commits.policySigners"), commits.policy_signers));
  commits.origin = Stated(document, "commits");
  const yaml::Node signers = document.At("commits.signers");
  if (!signers || !signers.is_list()) return commits;
  for (yaml::Node item = signers.first(); item; item = item.next()) {
    if (item.is_map()) commits.signers.push_back(BindSigner(document, item));
  }
  return commits;
}

}  // namespace

Policy BindPolicy(const Document& document) {
  Policy policy;
  if (Text(document.At("procedure")) == "documented") {
    policy.procedure = Policy::Procedure::kDocumented;
  }
  policy.sip_order = BindSipOrder(Text(document.At("sipOrder")));
  policy.sip_order_origin = document.OriginAt("sipOrder");
  policy.fence_for = absl::Seconds(
      DurationSeconds(document.At("fenceFor"), absl::ToInt64Seconds(policy.fence_for)));
  policy.procedure_origin = Stated(document, "procedure");
  policy.divergent_origin = Stated(document, "allowDivergentRoutes");
  policy.two_flags_origin = Stated(document, "allowMultipleFederatedPools");
  policy.enable_origin = Stated(document, "enableTopology");
  policy.human_time = absl::Seconds(
      DurationSeconds(document.At("humanTime"), absl::ToInt64Seconds(policy.human_time)));
  policy.enable_after_routes = Text(document.At("enableTopology")) != "onPublish";
  policy.allow_divergent_routes = Boolean(document.At("allowDivergentRoutes"), false);
  policy.allow_multiple_federated_pools =
      Boolean(document.At("allowMultipleFederatedPools"), false);
  const auto number = [&](std::string_view path, int otherwise) {
    return static_cast<int>(Integer(document.At(path), otherwise));
  };
  policy.max_actions = number("limits.maxActions", policy.max_actions);
  policy.max_deletions = number("limits.maxDeletions", policy.max_deletions);
  policy.vantages = Texts(document.At("probes.vantages"));
  policy.vantages_required = number("probes.required", policy.vantages_required);
  policy.probes = number("probes.successes", policy.probes);
  const auto seconds = [&](std::string_view path, absl::Duration standard) {
    return absl::Seconds(DurationSeconds(document.At(path), absl::ToInt64Seconds(standard)));
  };
  policy.replication_timeout = seconds("replicationTimeout", policy.replication_timeout);
  policy.move_ttl = seconds("dns.moveTtl", policy.move_ttl);
  policy.unprepared_ttl = seconds("dns.unpreparedTtl", policy.unprepared_ttl);
  policy.negative_ttl = seconds("dns.negativeTtl", policy.negative_ttl);
  if (Text(document.At("onGateFailure")) == "back-out")
    policy.on_gate_failure = Policy::GateFailure::kBackOut;
  policy.automation = BindAutomation(document, document.At("automation"));
  policy.commits = BindCommits(document);
  const yaml::Node windows = document.At("windows");
  if (!windows || !windows.is_list()) return policy;
  for (yaml::Node item = windows.first(); item; item = item.next()) {
    if (item.is_map()) BindWindow(document, item, policy.windows);
  }
  return policy;
}

}  // namespace poolshift::manifest
