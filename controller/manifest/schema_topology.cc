#include "controller/federation/product.h"
#include "controller/manifest/schema.h"

namespace poolshift::manifest {
namespace {

using Type = Field::Type;

Field HostsField(std::string_view standard) {
  return {.name = "hosts",
          .type = Type::kRecord,
          .standard = standard,
          .meaning = "which Edge pool hosts each protocol",
          .fields = {{.name = "federation",
                      .type = Type::kReference,
                      .standard = "not managed",
                      .meaning = "the pool that carries SIP federation (TCP 5061)",
                      .targets = {kEdgePool}},
                     {.name = "xmpp",
                      .type = Type::kReference,
                      .standard = "not managed",
                      .meaning = "the pool that carries XMPP federation (TCP 5269)",
                      .targets = {kEdgePool}}}};
}

Field SiteField() {
  return {.name = "site",
          .type = Type::kReference,
          .required = true,
          .meaning = "the site that it stands in",
          .targets = {kSite}};
}

Field ServerNamesField(std::string_view meaning) {
  return {.name = "servers",
          .type = Type::kDnsName,
          .list = true,
          .required = true,
          .meaning = meaning};
}

// Means nothing of a pool that no topology stands behind.
Field OfTopology(Field field) {
  field.foreign_key = "product";
  for (const std::string_view name : ProductNames()) {
    if (!IsInTopology(*ProductNamed(name))) field.foreign_to.push_back(name);
  }
  return field;
}

Field ExternalNameField(std::string_view name, bool required, std::string_view meaning) {
  return {.name = name,
          .type = Type::kRecord,
          .required = required,
          .standard = required ? "" : "none",
          .meaning = meaning,
          .fields = {{.name = "fqdn",
                      .type = Type::kDnsName,
                      .required = true,
                      .meaning = "external name, of this pool alone"}}};
}

KindTable OrganizationTable() {
  return {.kind = kOrganization,
          .meaning =
              "The organisation: exactly one in an input. Its name is the id that every record, "
              "request and ownership marker carries.",
          .name_meaning = "the organisation's id",
          .fields = {HostsField("each site says its own"),
                     {.name = "centralStore",
                      .type = Type::kReference,
                      .standard = "not managed",
                      .meaning = "the Front End pool that holds the Central Management store",
                      .targets = {kFrontEndPool}}},
          .example = R"(apiVersion: poolshift/v1
kind: Organization
metadata: {name: contoso}
spec:
  hosts: {federation: edgepool1, xmpp: edgepool1}
  centralStore: pool1
)"};
}

KindTable SiteTable() {
  return {.kind = kSite,
          .meaning = "A site of the topology.",
          .name_type = Type::kSiteName,
          .name_meaning = "the site's name as the platform knows it",
          .fields = {HostsField("Organization.spec.hosts")},
          .example = R"(apiVersion: poolshift/v1
kind: Site
metadata: {name: Site1}
)"};
}

std::vector<Field> EdgePoolFields() {
  return {
      SiteField(),
      {.name = "product",
       .type = Type::kChoice,
       .one_or_list = true,
       .standard = Name(Product::kLyncServer2013),
       .meaning = "what the pool runs; XMPP federation needs one that has it, which Skype for "
                  "Business Server 2019 and Subscription Edition do not. A list where one machine "
                  "runs one for each protocol: `[prosody, kamailio]`",
       .choices = ProductNames()},
      OfTopology(
          {.name = "internalFqdn",
           .type = Type::kDnsName,
           .required = true,
           .meaning =
               "internal name of the pool: its service identity is `EdgeServer:<internalFqdn>`"}),
      ExternalNameField(
          "accessEdge", true, "the Access Edge service, which carries both federations"),
      OfTopology(ExternalNameField(
          "webConferencing", false, "the Web Conferencing service; never changed")),
      OfTopology(ExternalNameField("av", false, "the A/V service; never changed")),
      {.name = "servers",
       .type = Type::kRecord,
       .list = true,
       .required = true,
       .meaning = "the machines of the pool",
       .fields = {{.name = "fqdn",
                   .type = Type::kDnsName,
                   .required = true,
                   .meaning = "internal machine name; of a pool of one machine, the pool's name"},
                  {.name = "addresses",
                   .type = Type::kAddress,
                   .list = true,
                   .required = true,
                   .meaning = "public Access Edge addresses (IPv4 or IPv6): the topology does not "
                              "know them behind NAT"}}},
      OfTopology({.name = "nextHop",
                  .type = Type::kReference,
                  .required = true,
                  .meaning = "the Front End pool or Director that inbound SIP is handed to",
                  .targets = {kFrontEndPool, kDirector}}),
      {.name = "condition",
       .type = Type::kChoice,
       .standard = "inService",
       .meaning =
           "what people say about the pool: a failover starts with a person's `outOfService`",
       .choices = {"inService", "outOfService"}},
      {.name = "reason",
       .type = Type::kText,
       .standard = "none",
       .meaning = "why; required when out of service"},
      OfTopology({.name = "standIn",
                  .type = Type::kReference,
                  .standard = "none",
                  .meaning = "the Edge pool that `conferencing: local` means while this one is out "
                             "of service",
                  .targets = {kEdgePool}})};
}

KindTable EdgePoolTable() {
  return {.kind = kEdgePool,
          .meaning = "An Edge pool: machines in the perimeter network that share one set of names.",
          .name_meaning = "name of the pool in these manifests",
          .fields = EdgePoolFields(),
          .example = R"(apiVersion: poolshift/v1
kind: EdgePool
metadata: {name: edgepool1}
spec:
  site: Site1
  internalFqdn: edgepool1.contoso.net
  accessEdge: {fqdn: sip1.contoso.com}
  webConferencing: {fqdn: webcon1.contoso.com}
  av: {fqdn: av1.contoso.com}
  servers:
    - {fqdn: edge11.contoso.net, addresses: [203.0.113.11]}
    - {fqdn: edge12.contoso.net, addresses: [203.0.113.12]}
  nextHop: pool1
  condition: inService
  standIn: edgepool2
)"};
}

KindTable FrontEndPoolTable() {
  return {.kind = kFrontEndPool,
          .meaning = "A Front End pool: registrar, user services and conferencing of a site.",
          .name_meaning = "name of the pool in these manifests",
          .fields = {SiteField(),
                     {.name = "fqdn",
                      .type = Type::kDnsName,
                      .required = true,
                      .meaning = "internal name of the pool: `Registrar:<fqdn>`"},
                     ServerNamesField("machine names; of a pool of one machine, the pool's name"),
                     {.name = "conferencing",
                      .type = Type::kReference,
                      .standard = "kept as observed",
                      .meaning =
                          "the Edge pool for Web Conferencing and A/V Conferencing; `local` is the "
                          "one of the site, or its stand-in while it is out of service",
                      .choices = {"local"},
                      .targets = {kEdgePool}},
                     {.name = "servedBy",
                      .type = Type::kChoice,
                      .standard = "kept as observed",
                      .meaning = "who serves the pool's users",
                      .choices = {"home", "backup"}},
                     {.name = "backupPool",
                      .type = Type::kReference,
                      .standard = "none",
                      .meaning = "the Front End pool that this one is paired with",
                      .targets = {kFrontEndPool}},
                     {.name = "condition",
                      .type = Type::kChoice,
                      .standard = "inService",
                      .meaning = "what people say about the pool: only a pool that is "
                                 "`outOfService` and answers nobody is failed over in disaster "
                                 "mode, which loses data",
                      .choices = {"inService", "outOfService"}},
                     {.name = "reason",
                      .type = Type::kText,
                      .standard = "none",
                      .meaning = "why; required when out of service"}},
          .example = R"(apiVersion: poolshift/v1
kind: FrontEndPool
metadata: {name: pool1}
spec:
  site: Site1
  fqdn: pool1.contoso.net
  servers: [fe11.contoso.net, fe12.contoso.net]
  conferencing: local
  servedBy: home
  backupPool: pool2
)"};
}

KindTable DirectorTable() {
  return {
      .kind = kDirector,
      .meaning = "A Director: an internal SIP redirector that can be the next hop of Edge pools.",
      .name_meaning = "name of the Director in these manifests",
      .fields = {SiteField(),
                 {.name = "fqdn",
                  .type = Type::kDnsName,
                  .required = true,
                  .meaning = "internal name of the pool"},
                 ServerNamesField("machine names"),
                 {.name = "edgePool",
                  .type = Type::kReference,
                  .required = true,
                  .meaning = "the Edge pool that it hands federation to",
                  .targets = {kEdgePool}}},
      .example = R"(apiVersion: poolshift/v1
kind: Director
metadata: {name: director1}
spec:
  site: Site1
  fqdn: director1.contoso.net
  servers: [director1.contoso.net]
  edgePool: edgepool1
)"};
}

}  // namespace

std::vector<KindTable> TopologyKindTables() {
  return {OrganizationTable(), SiteTable(), EdgePoolTable(), FrontEndPoolTable(), DirectorTable()};
}

}  // namespace poolshift::manifest
