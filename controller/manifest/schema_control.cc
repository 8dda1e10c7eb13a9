#include "controller/manifest/schema.h"

namespace poolshift::manifest {
namespace {

using Type = Field::Type;

Field ServesField() {
  return {.name = "serves",
          .type = Type::kRecord,
          .list = true,
          .standard = "everything that it offers",
          .meaning = "what it is responsible for; in each entry an absent list means any",
          .fields = {{.name = "kinds",
                      .type = Type::kResourceKind,
                      .list = true,
                      .standard = "any",
                      .meaning = "resource kinds, such as `DnsRecordSet`; `\"*\"` for all"},
                     {.name = "sites",
                      .type = Type::kReference,
                      .list = true,
                      .standard = "any",
                      .meaning = "sites",
                      .targets = {kSite}},
                     {.name = "zones",
                      .type = Type::kDnsName,
                      .list = true,
                      .standard = "any",
                      .meaning = "DNS zones"},
                     {.name = "vantages",
                      .type = Type::kText,
                      .list = true,
                      .standard = "any",
                      .meaning = "places that it probes from"}}};
}

KindTable ProviderTable() {
  return {
      .kind = kProvider,
      .meaning = "A provider: the program through which a part of the world is seen and changed.",
      .name_meaning = "name of the provider in these manifests",
      .fields = {{.name = "type",
                  .type = Type::kProviderType,
                  .required = true,
                  .meaning =
                      "`sim`, `dns`, `manual` or another plugin's name; never a path: programs "
                      "are found in the plugin folder"},
                 ServesField(),
                 {.name = "config",
                  .type = Type::kFree,
                  .standard = "empty",
                  .meaning = "settings of the provider type, checked by the provider"},
                 {.name = "secrets",
                  .type = Type::kSecrets,
                  .standard = "none",
                  .meaning = "name → where the secret is kept: `file:/absolute/path` or "
                             "`env:VARIABLE`; never the secret"},
                 {.name = "observeWith",
                  .type = Type::kReference,
                  .standard = "none",
                  .meaning = "the provider whose eyes it uses; required with `type: manual`, and "
                             "only there",
                  .targets = {kProvider}},
                 {.name = "maxConcurrent",
                  .type = Type::kInteger,
                  .standard = "8",
                  .meaning = "actions that it carries out at a time; what people do is not counted",
                  .minimum = 1,
                  .maximum = 1000}},
      .example = R"(apiVersion: poolshift/v1
kind: Provider
metadata: {name: public-zone}
spec:
  type: dns
  serves:
    - {kinds: [DnsRecordSet], zones: [contoso.com]}
  config:
    zones:
      - {zone: contoso.com, servers: [{address: 192.0.2.53}], adopt: declared}
    tsig: {name: poolshift-key, algorithm: hmac-sha256}
  secrets:
    tsig: file:/etc/poolshift/tsig.key
)"};
}

// How many of something there may be; 0 is no limit.
Field CountField(std::string_view name, std::string_view meaning) {
  return {.name = name,
          .type = Type::kInteger,
          .standard = "0",
          .meaning = meaning,
          .minimum = 0,
          .maximum = 1'000'000};
}

Field LimitsField() {
  return {.name = "limits",
          .type = Type::kRecord,
          .standard = "no limits",
          .meaning = "a plan above a limit is refused",
          .fields = {CountField("maxActions", "actions in a plan; 0 is no limit"),
                     CountField("maxDeletions", "deletions in a plan; 0 is no limit")}};
}

Field WindowsField() {
  return {.name = "windows",
          .type = Type::kRecord,
          .list = true,
          .standard = "any time",
          .meaning = "when changes are allowed (UTC)",
          .fields = {{.name = "days",
                      .type = Type::kChoice,
                      .list = true,
                      .standard = "every day",
                      .meaning = "days on which the window opens",
                      .choices = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}},
                     {.name = "from",
                      .type = Type::kTimeOfDay,
                      .standard = "\"00:00\"",
                      .meaning = "when it opens"},
                     {.name = "to",
                      .type = Type::kTimeOfDay,
                      .standard = "\"24:00\"",
                      .meaning = "when it closes; earlier than `from` means on the next day"}}};
}

Field AutomationRulesField() {
  return {.name = "rules",
          .type = Type::kRecord,
          .list = true,
          .standard = "`mode` everywhere",
          .meaning =
              "modes for some sites and kinds of resources; of several that fit, the last "
              "one counts",
          .fields = {{.name = "sites",
                      .type = Type::kReference,
                      .list = true,
                      .standard = "every site",
                      .meaning = "sites of what is changed",
                      .targets = {kSite}},
                     {.name = "kinds",
                      .type = Type::kResourceKind,
                      .list = true,
                      .standard = "every kind",
                      .meaning = "kinds of what is changed (docs/kinds.md)"},
                     {.name = "mode",
                      .type = Type::kChoice,
                      .required = true,
                      .meaning = "what holds for them",
                      .choices = {"report", "approve", "auto"}}}};
}

Field FreezesField() {
  return {
      .name = "freezes",
      .type = Type::kRecord,
      .list = true,
      .standard = "none",
      .meaning = "when nothing is begun",
      .fields = {
          {.name = "from",
           .type = Type::kCalendarTime,
           .required = true,
           .meaning = "when it begins, in `timeZone`"},
          {.name = "to", .type = Type::kCalendarTime, .required = true, .meaning = "when it ends"},
          {.name = "reason", .required = true, .meaning = "why; shown to whoever asks"}}};
}

Field AutomationLimitsField() {
  return {.name = "limits",
          .type = Type::kRecord,
          .standard = "no limits",
          .meaning = "a plan above a limit waits for people",
          .fields = {CountField("maxActions", "actions in a plan; 0 is no limit"),
                     CountField("maxPools", "pools that a plan changes; 0 is no limit")}};
}

Field AutomationField() {
  return {
      .name = "automation",
      .type = Type::kRecord,
      .standard = "only reports",
      .meaning = "what `poolshift serve` may do by itself (docs/serve.md)",
      .fields = {
          {.name = "mode",
           .type = Type::kChoice,
           .standard = "report",
           .meaning = "`report` tells what it would do, `approve` does it once people "
                      "have agreed to that plan, `auto` does it",
           .choices = {"report", "approve", "auto"}},
          {.name = "interval",
           .type = Type::kDuration,
           .standard = "5m",
           .meaning = "between two looks at the world",
           .minimum = 5,
           .maximum = 86400},
          {.name = "drill",
           .type = Type::kDuration,
           .standard = "never",
           .meaning = "between two drills: if a pool or a site dies now, is there a plan, and what "
                      "is not ready (docs/drill.md)",
           .minimum = 3600,
           .maximum = 2592000},
          {.name = "approvals",
           .type = Type::kInteger,
           .standard = "1",
           .meaning = "how many people must agree to a plan",
           .minimum = 1,
           .maximum = 9},
          {.name = "approvalFor",
           .type = Type::kDuration,
           .standard = "4h",
           .meaning = "how long an approval holds",
           .minimum = 60,
           .maximum = 604800},
          AutomationLimitsField(),
          AutomationRulesField(),
          {.name = "heal",
           .type = Type::kResourceKind,
           .list = true,
           .standard = "nothing",
           .meaning = "kinds whose drift may be mended in mode `auto`; who hosts is never "
                      "changed back (D13)"},
          {.name = "timeZone", .standard = "UTC", .meaning = "of `freezes`, as in `Europe/Berlin`"},
          FreezesField()}};
}

Field ProbesField() {
  return {.name = "probes",
          .type = Type::kRecord,
          .standard = "one vantage, three successes",
          .meaning = "when a probe is believed",
          .fields = {
              {.name = "vantages",
               .type = Type::kText,
               .list = true,
               .standard = "the provider's own",
               .meaning = "places outside to probe from"},
              {.name = "required",
               .type = Type::kInteger,
               .standard = "1",
               .meaning = "vantages that must agree: that a pool is dead, and that a host answers",
               .minimum = 1,
               .maximum = 100},
              {.name = "successes",
               .type = Type::kInteger,
               .standard = "3",
               .meaning = "successes in a row before a record moves",
               .minimum = 1,
               .maximum = 100}}};
}

Field TtlField(std::string_view name, std::string_view standard, std::string_view meaning) {
  return {.name = name,
          .type = Type::kDuration,
          .standard = standard,
          .meaning = meaning,
          .minimum = 1,
          .maximum = 604800};
}

Field DnsField() {
  return {
      .name = "dns",
      .type = Type::kRecord,
      .standard = "one minute, five minutes, five minutes",
      .meaning = "times to live of planned moves",
      .fields = {
          TtlField(
              "moveTtl", "60s", "what `--phase prepare` lowers the TTL of records that move to"),
          TtlField("unpreparedTtl", "5m", "up to this TTL a planned move in one run is no danger"),
          TtlField("negativeTtl",
                   "5m",
                   "SOA minimum of the zones: how long resolvers remember that there "
                   "was no such record")}};
}

Field SipOrderField() {
  return {.name = "sipOrder",
          .type = Type::kChoice,
          .standard = "auto",
          .meaning =
              "how flags and site routes change when SIP federation moves: `detach` (routes "
              "cleared, flags swapped, routes set), `swapThenRoute` (only when the former pool is "
              "dead), `makeBeforeBreak` (both pools flagged for a while), `atomic` (a person "
              "publishes all of it at once); `auto` takes what fits the situation, and the plan "
              "says why",
          .choices = {"auto", "detach", "swapThenRoute", "makeBeforeBreak", "atomic"}};
}

KindTable PolicyTable() {
  return {
      .kind = kPolicy,
      .meaning = "How careful to be: at most one in an input.",
      .name_meaning = "name of the policy",
      .fields = {{.name = "procedure",
                  .type = Type::kChoice,
                  .standard = "serve-first",
                  .meaning = "`serve-first` probes the host before records move and drains the old "
                             "one; `documented` keeps the order of the published pages",
                  .choices = {"serve-first", "documented"}},
                 SipOrderField(),
                 {.name = "humanTime",
                  .type = Type::kDuration,
                  .standard = "10m",
                  .meaning = "how long a step takes that a person carries out, for estimates",
                  .minimum = 1,
                  .maximum = 86400},
                 {.name = "fenceFor",
                  .type = Type::kDuration,
                  .standard = "168h",
                  .meaning = "how long a fence stands before a pool that is out of service, unless "
                             "it is lifted or renewed",
                  .minimum = 3600,
                  .maximum = 31536000},
                 {.name = "enableTopology",
                  .type = Type::kChoice,
                  .standard = "afterRoutes",
                  .meaning = "`afterRoutes` runs Enable-CsTopology once more after the last site "
                             "route, which may need wider rights; `onPublish` only where a "
                             "topology is published",
                  .choices = {"afterRoutes", "onPublish"}},
                 {.name = "allowDivergentRoutes",
                  .type = Type::kBoolean,
                  .standard = "false",
                  .meaning = "sites may have different hosts (during a migration)"},
                 {.name = "allowMultipleFederatedPools",
                  .type = Type::kBoolean,
                  .standard = "false",
                  .meaning = "two pools may carry the federation flag while SIP moves"},
                 LimitsField(),
                 {.name = "onGateFailure",
                  .type = Type::kChoice,
                  .standard = "hold",
                  .meaning =
                      "what follows when a gate does not open in time: `hold` stops and lets "
                      "people look, `back-out` takes the proven way back from what was "
                      "reached",
                  .choices = {"hold", "back-out"}},
                 WindowsField(),
                 AutomationField(),
                 ProbesField(),
                 DnsField(),
                 {.name = "replicationTimeout",
                  .type = Type::kDuration,
                  .standard = "15m",
                  .meaning = "how long to wait for replicas of the central store",
                  .minimum = 1,
                  .maximum = 86400},
                 CommitsField()},
      .example = R"(apiVersion: poolshift/v1
kind: Policy
metadata: {name: production}
spec:
  procedure: serve-first
  sipOrder: auto
  humanTime: 10m
  fenceFor: 168h
  limits: {maxActions: 40, maxDeletions: 0}
  windows:
    - {days: [sat, sun], from: "22:00", to: "04:00"}
  automation: {mode: approve, interval: 5m, approvals: 2, rules: [{kinds: [DnsRecordSet], mode: auto}]}
  probes: {vantages: [berlin, dublin, oslo], required: 2, successes: 3}
  dns: {moveTtl: 60s, unpreparedTtl: 5m}
  replicationTimeout: 15m
  commits:
    signatures: required
    signers:
      - name: alice
        ssh: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHifUkkgUZPudqgUyYBIE+Y8GJT1SlZlDklsM2SYlVyq
      - name: Berlin desk
        ssh: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5VQO+65+2QeZezB1HaL/I6zsVCYo26BC1kuAqyt8a2
        paths: [sites/berlin/**]
        until: 2027-12-31
)"};
}

}  // namespace

std::vector<KindTable> ControlKindTables() {
  return {ProviderTable(), PolicyTable(), NotificationTable()};
}

}  // namespace poolshift::manifest
