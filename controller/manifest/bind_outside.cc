#include <algorithm>

#include "controller/manifest/bind.h"
#include "controller/manifest/read_field.h"

namespace poolshift::manifest {
namespace {

constexpr std::int64_t kDefaultTtl = 300;

std::vector<std::string> PoolNames(yaml::Node list, const Directory& directory) {
  std::vector<std::string> names;
  for (const std::string& text : Texts(list)) {
    const auto found = directory.Find({kEdgePool}, text);
    if (found.document != nullptr) names.push_back(found.document->name);
  }
  return names;
}

absl::Duration Ttl(yaml::Node record) {
  return absl::Seconds(DurationSeconds(record.Find("ttl"), kDefaultTtl));
}

SipDomain BindSip(yaml::Node sip) {
  SipDomain bound;
  if (Text(sip.Find("dns")) == "gtm") bound.style = SipDnsStyle::kGtm;
  bound.gtm_name = DnsName(sip.Find("gtm"));
  bound.ttl = Ttl(sip);
  return bound;
}

XmppDomain BindXmpp(yaml::Node xmpp, const std::string& domain, const Directory& directory) {
  XmppDomain bound;
  if (Text(xmpp.Find("dns")) == "staticSrv") bound.style = XmppDnsStyle::kStaticSrv;
  bound.host = DnsName(xmpp.Find("host"));
  if (bound.host.empty() && bound.style == XmppDnsStyle::kFloatingA) bound.host = "xmpp." + domain;
  bound.order = PoolNames(xmpp.Find("order"), directory);
  bound.ttl = Ttl(xmpp);
  return bound;
}

}  // namespace

Domain BindDomain(const Document& document, const Directory& directory) {
  Domain domain;
  domain.name = document.name;
  domain.zone = DnsName(document.At("zone"));
  if (domain.zone.empty()) domain.zone = domain.name;
  const yaml::Node sip = document.At("sip");
  if (sip && sip.is_map()) domain.sip = BindSip(sip);
  const yaml::Node xmpp = document.At("xmpp");
  if (xmpp && xmpp.is_map()) domain.xmpp = BindXmpp(xmpp, domain.name, directory);
  domain.remote_access_order = PoolNames(document.At("remoteAccess.order"), directory);
  domain.origin = document.origin();
  domain.sip_origin = document.OriginAt("sip");
  domain.xmpp_origin = document.OriginAt("xmpp");
  return domain;
}

Partner BindPartner(const Document& document) {
  Partner partner;
  partner.domain = document.name;
  const std::vector<std::string> protocols = Texts(document.At("protocols"));
  partner.sip = std::find(protocols.begin(), protocols.end(), "sip") != protocols.end();
  partner.xmpp = std::find(protocols.begin(), protocols.end(), "xmpp") != protocols.end();
  const std::string discovery = Text(document.At("discovery"));
  if (discovery == "direct") partner.discovery = Partner::Discovery::kDirect;
  if (discovery == "hybrid") partner.discovery = Partner::Discovery::kHybrid;
  partner.pinned_name = DnsName(document.At("pinnedName"));
  partner.contact = Text(document.At("contact"));
  partner.origin = document.origin();
  partner.accepts_names = DnsNames(document.At("acceptsNames"));
  partner.accepts_origin = document.OriginAt("acceptsNames");
  return partner;
}

}  // namespace poolshift::manifest
