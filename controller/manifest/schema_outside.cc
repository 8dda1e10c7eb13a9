#include "controller/manifest/schema.h"

namespace poolshift::manifest {
namespace {

using Type = Field::Type;

Field TtlField() {
  return {.name = "ttl",
          .type = Type::kDuration,
          .standard = "5m",
          .meaning = "time to live of the records; more than `1h` makes a failover slow",
          .minimum = 1,
          .maximum = 604800};
}

Field SipField() {
  return {
      .name = "sip",
      .type = Type::kRecord,
      .standard = "no SIP federation",
      .meaning = "how the domain's SIP federation is found; `{}` takes every default",
      .fields = {{.name = "dns",
                  .type = Type::kChoice,
                  .standard = "srvTarget",
                  .meaning = "`srvTarget`: the SRV record names the host pool's Access Edge, in "
                             "another domain than its own by the same label there; `gtm`: a global "
                             "traffic manager answers, and is only watched",
                  .choices = {"srvTarget", "gtm"}},
                 {.name = "gtm",
                  .type = Type::kDnsName,
                  .standard = "none",
                  .meaning = "the traffic manager's name; required with `dns: gtm`"},
                 TtlField()}};
}

Field XmppField() {
  return {.name = "xmpp",
          .type = Type::kRecord,
          .standard = "no XMPP federation",
          .meaning = "how the domain's XMPP federation is found; `{}` takes every default",
          .fields = {{.name = "dns",
                      .type = Type::kChoice,
                      .standard = "floatingA",
                      .meaning = "`floatingA`: one SRV record to one name whose addresses move; "
                                 "`staticSrv`: one SRV record per pool, in order",
                      .choices = {"floatingA", "staticSrv"}},
                     {.name = "host",
                      .type = Type::kDnsName,
                      .standard = "xmpp.<domain>",
                      .meaning = "the floating name, below the domain; with `floatingA` only"},
                     {.name = "order",
                      .type = Type::kReference,
                      .list = true,
                      .standard = "none",
                      .meaning = "the pools after the host, in order; with `staticSrv` only",
                      .targets = {kEdgePool}},
                     TtlField()}};
}

KindTable DomainTable() {
  return {.kind = kDomain,
          .meaning = "A SIP or XMPP domain of the organisation, and how its records are kept.",
          .name_type = Type::kDnsName,
          .name_meaning = "the domain",
          .fields = {{.name = "zone",
                      .type = Type::kDnsName,
                      .standard = "the domain",
                      .meaning = "the DNS zone that holds its records: the domain or one above it"},
                     SipField(),
                     XmppField(),
                     {.name = "remoteAccess",
                      .type = Type::kRecord,
                      .standard = "not watched",
                      .meaning = "records of remote clients: watched, never changed",
                      .fields = {{.name = "order",
                                  .type = Type::kReference,
                                  .list = true,
                                  .required = true,
                                  .meaning = "the pools behind `_sip._tls`, in order",
                                  .targets = {kEdgePool}}}}},
          .example = R"(apiVersion: poolshift/v1
kind: Domain
metadata: {name: contoso.com}
spec:
  zone: contoso.com
  sip: {dns: srvTarget, ttl: 5m}
  xmpp: {dns: floatingA, host: xmpp.contoso.com, ttl: 5m}
  remoteAccess: {order: [edgepool1, edgepool2]}
)"};
}

KindTable PartnerTable() {
  return {.kind = kPartner,
          .meaning =
              "A federated partner, and how it finds us: who pinned a name does not follow DNS "
              "and must be called.",
          .name_type = Type::kDnsName,
          .name_meaning = "the partner's domain",
          .fields =
              {{.name = "protocols",
                .type = Type::kChoice,
                .list = true,
                .required = true,
                .meaning = "what it federates by",
                .choices = {"sip", "xmpp"}},
               {.name = "discovery",
                .type = Type::kChoice,
                .standard = "dns",
                .meaning = "how it finds us: by our records, by a fixed name, or through a hybrid "
                           "deployment",
                .choices = {"dns", "direct", "hybrid"}},
               {.name = "pinnedName",
                .type = Type::kDnsName,
                .standard = "none",
                .meaning = "the proxy name that it configured; required with `discovery: direct`"},
               {.name = "acceptsNames",
                .type = Type::kDnsName,
                .list = true,
                .standard = "it keeps no list",
                .meaning = "the names of ours on its allow list, as it has confirmed them: a host "
                           "under another name is asked for first"},
               {.name = "contact",
                .type = Type::kText,
                .standard = "none",
                .meaning = "whom to call when it does not follow, or has to allow a name"}},
          .example = R"(apiVersion: poolshift/v1
kind: Partner
metadata: {name: fabrikam.com}
spec:
  protocols: [sip, xmpp]
  discovery: direct
  pinnedName: sip1.contoso.com
  acceptsNames: [sip1.contoso.com, sip2.contoso.com]
  contact: noc@fabrikam.com
)"};
}

}  // namespace

std::vector<KindTable> OutsideKindTables() { return {DomainTable(), PartnerTable()}; }

}  // namespace poolshift::manifest
