#include "controller/federation/kinds.h"

#include <algorithm>

namespace poolshift::kinds {
namespace {

using Type = PropertySchema::Type;

ResourceId Make(std::string_view kind, std::string_view name) {
  return {std::string(kind), std::string(name)};
}

ResourceId Make(std::string_view kind, std::string_view first, std::string_view second) {
  return {std::string(kind), std::string(first) + '/' + std::string(second)};
}

PropertySchema Required(std::string name, Type type, std::string meaning) {
  return {std::move(name), type, true, false, std::move(meaning)};
}

PropertySchema Computed(std::string name, Type type, std::string meaning) {
  return {std::move(name), type, false, true, std::move(meaning)};
}

PropertySchema Watermark() {
  return Computed("watermark", Type::kInteger, "newest central store write that this reflects");
}

KindSchema Writable(std::string_view kind,
                    std::string form,
                    std::string meaning,
                    std::vector<PropertySchema> properties) {
  return {std::string(kind), true, std::move(form), std::move(meaning), std::move(properties)};
}

KindSchema Observed(std::string_view kind,
                    std::string form,
                    std::string meaning,
                    std::vector<PropertySchema> properties) {
  return {std::string(kind), false, std::move(form), std::move(meaning), std::move(properties)};
}

std::vector<KindSchema> CentralStoreKinds() {
  return {
      Writable(
          kTopology,
          "<organisation>",
          "flags and next hop of every Edge pool, one document",
          {Required("pools", Type::kMap, "pool FQDN -> {federation, xmpp, nextHop}"), Watermark()}),
      Writable(kSiteRoute,
               "<site>",
               "the site's federation routes; mode `closing`: the last of several, "
               "Enable-CsTopology follows",
               {Required("federation", Type::kString, "Edge pool or Director FQDN, empty = unset"),
                Required("xmpp", Type::kString, "Edge pool FQDN, empty = unset"),
                Watermark()}),
      Writable(
          kEnablement,
          "<organisation>",
          "whether what is published and written takes effect; a change to true runs "
          "Enable-CsTopology",
          {Required("enabled", Type::kBoolean, "everything takes effect"),
           Computed("waiting", Type::kString, "what does not yet: empty | routes | document")}),
      Writable(kEdgeAssociation,
               "<Front End pool or Director FQDN>",
               "Edge pool for media components, or that a Director hands federation to; modes "
               "`director`, `closing`: Enable-CsTopology follows",
               {Required("edgePool", Type::kString, "Edge pool FQDN, empty = none"),
                Computed("consistent",
                         Type::kBoolean,
                         "all three services agree; a change to true writes all of them"),
                Watermark()}),
      Writable(kPoolFailover,
               "<Front End pool FQDN>",
               "who serves the pool's users; mode `disaster`: the pool is dead, -DisasterMode",
               {Required("servedBy", Type::kString, "home | backup"),
                Computed("backupPool", Type::kString, "FQDN of the paired pool, empty = none")}),
      Writable(
          kCentralStore,
          "<organisation>",
          "the Central Management store; a change fails it over to that pool; mode `disaster`: "
          "the former master is dead, -Force",
          {Required("activeMaster", Type::kString, "pool FQDN, empty = none"),
           Computed("alive", Type::kBoolean, "writes are possible"),
           Computed("pool", Type::kString, "pool FQDN that holds it, alive or not"),
           Watermark()}),
      Observed(kAccessConfig,
               "<organisation>",
               "federation switches",
               {Required("allowFederatedUsers", Type::kBoolean, "master switch"),
                Required("enableFederationAccess", Type::kBoolean, "users may talk to partners"),
                Required("enableXmppAccess", Type::kBoolean, "XMPP switch")}),
      Observed(kXmppPartner,
               "<domain>",
               "an allowed XMPP partner",
               {Required("tls", Type::kString, "required | optional | notSupported"),
                Required("sasl", Type::kString, "required | optional | notSupported"),
                Required("dialback", Type::kBoolean, "dialback is offered"),
                Required("usable", Type::kBoolean, "the three can authenticate a stream")}),
      Observed(kPartnerAcceptance,
               "<domain>/<name of ours>",
               "whether a partner's allow list has the name, by the newest declaration",
               {Required("accepted", Type::kBoolean, "it is declared to have it")}),
  };
}

std::vector<KindSchema> ServerKinds() {
  return {
      Writable(kEdgeService,
               "<server FQDN>/<role>",
               "one service of an Edge server",
               {Required("state", Type::kString, "running | stopped | starting | stopping"),
                Required("startMode", Type::kString, "automatic | manual | disabled"),
                Computed("listening",
                         Type::kBoolean,
                         "its external port is bound; of Lync's xmppProxy 23456 inside, too"),
                Computed("waysInside",
                         Type::kInteger,
                         "servers inside that it takes for alive, of those that it hands calls to; "
                         "not there where the platform cannot tell")}),
      Writable(kEdgeComponents,
               "<server FQDN>",
               "what the installed components match",
               {Required("federation", Type::kBoolean, "5061 installed"),
                Required("xmpp", Type::kBoolean, "5269 installed"),
                Required("nextHop", Type::kString, "internal pool FQDN")}),
      Observed(kReplica,
               "<server FQDN>",
               "local copy of the central store",
               {Required("watermark", Type::kInteger, "newest write that it holds")}),
      Writable(kStreams,
               "<server FQDN>/<sip|xmpp>",
               "established peer streams",
               {Required("state", Type::kString, "open | closed; a change to closed closes them"),
                Computed("count", Type::kInteger, "streams"),
                Computed("oldestSeconds", Type::kInteger, "age of the oldest")}),
      Writable(kFence,
               "<address>/<port>",
               "traffic turned away in front of a server",
               {Required("mode", Type::kString, "none | reset | drop"),
                Required("expires", Type::kString, "RFC 3339 time, empty = none")}),
      Observed(kCertificate,
               "<server FQDN>/<use>",
               "an installed certificate",
               {Required("names", Type::kList, "subject and alternative names"),
                Required("notAfter", Type::kString, "RFC 3339 time"),
                Required("thumbprint", Type::kString, "hexadecimal")}),
  };
}

std::vector<KindSchema> OutsideKinds() {
  return {
      Writable(
          kDnsRecordSet,
          "<name>/<type>",
          "an RRset at its authoritative servers",
          {Required("records", Type::kList, "record data as text, sorted"),
           Required("ttl", Type::kInteger, "seconds"),
           Computed("owner",
                    Type::kString,
                    "organisation in the ownership marker; a change that names it sets the mark "
                    "alone"),
           Computed("serial", Type::kInteger, "SOA serial"),
           Computed("alias",
                    Type::kString,
                    "of an A or AAAA set: where a CNAME at the owner leads; with one the set is "
                    "present without records, without one this is not there"),
           Computed("disagreement", Type::kString, "which authoritative servers differ")}),
      Observed(kReachability,
               "<address>/<port>",
               "what a vantage gets when it connects",
               {Required("state", Type::kString, "open | refused | filtered | unreachable"),
                Computed("protocol", Type::kString, "sip | xmpp when it answered so"),
                Computed("certificateNames", Type::kList, "names in the certificate shown"),
                Computed("certificateNotAfter", Type::kString, "RFC 3339 time")}),
  };
}

}  // namespace

bool CanAuthenticate(std::string_view tls, std::string_view sasl, bool dialback) {
  return dialback || (tls != "notSupported" && sasl != "notSupported");
}

ResourceId Topology(std::string_view organization) { return Make(kTopology, organization); }
ResourceId SiteRoute(std::string_view site) { return Make(kSiteRoute, site); }
ResourceId EdgeService(std::string_view server, std::string_view role) {
  return Make(kEdgeService, server, role);
}
ResourceId EdgeComponents(std::string_view server) { return Make(kEdgeComponents, server); }
ResourceId Replica(std::string_view server) { return Make(kReplica, server); }
ResourceId Streams(std::string_view server, std::string_view protocol) {
  return Make(kStreams, server, protocol);
}
ResourceId Fence(std::string_view address, int port) {
  return Make(kFence, address, std::to_string(port));
}
ResourceId Enablement(std::string_view organization) { return Make(kEnablement, organization); }
ResourceId EdgeAssociation(std::string_view pool) { return Make(kEdgeAssociation, pool); }
ResourceId PoolFailover(std::string_view pool) { return Make(kPoolFailover, pool); }
ResourceId CentralStore(std::string_view organization) { return Make(kCentralStore, organization); }
ResourceId AccessConfig(std::string_view organization) { return Make(kAccessConfig, organization); }
ResourceId XmppPartner(std::string_view domain) { return Make(kXmppPartner, domain); }
ResourceId PartnerAcceptance(std::string_view domain, std::string_view name) {
  return Make(kPartnerAcceptance, domain, name);
}
ResourceId Certificate(std::string_view server, std::string_view use) {
  return Make(kCertificate, server, use);
}
ResourceId DnsRecordSet(std::string_view name, std::string_view type) {
  return Make(kDnsRecordSet, name, type);
}
ResourceId Reachability(std::string_view address, int port) {
  return Make(kReachability, address, std::to_string(port));
}

const std::vector<KindSchema>& KindSchemas() {
  static const std::vector<KindSchema> schemas = [] {
    std::vector<KindSchema> all = CentralStoreKinds();
    for (std::vector<KindSchema> more : {ServerKinds(), OutsideKinds()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return schemas;
}

const KindSchema* FindKindSchema(std::string_view kind) {
  const auto& schemas = KindSchemas();
  const auto found = std::find_if(schemas.begin(), schemas.end(), [&](const KindSchema& schema) {
    return schema.kind == kind;
  });
  return found == schemas.end() ? nullptr : &*found;
}

}  // namespace poolshift::kinds
