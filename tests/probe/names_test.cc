#include "gmock/gmock.h"

#include "providers/probe/wire/certificate_names.h"

namespace poolshift::probe {
namespace {

using ::testing::ElementsAre;

struct Case {
  const char* name;
  CertificateNames names;
  const char* asked;
  bool sip, xmpp, tls;
};

CertificateNames Dns(std::vector<std::string> names) {
  CertificateNames certificate;
  certificate.common = "contoso.test";
  certificate.dns = std::move(names);
  return certificate;
}

TEST(Covers, ByUse) {
  CertificateNames common, service, address, uri;
  common.common = "contoso.test";
  service.services = {"_xmpp-server.contoso.test"};
  address.xmpp = {"contoso.test"};
  uri.uris = {"sip:contoso.test"};
  CertificateNames client = service;
  client.services = {"_xmpp-client.contoso.test"};
  const Case cases[] = {
      {"exact", Dns({"sip.contoso.test"}), "sip.contoso.test", true, true, true},
      {"letter case", Dns({"SIP.Contoso.Test"}), "sip.contoso.TEST", true, true, true},
      {"dot at the end", Dns({"sip.contoso.test."}), "sip.contoso.test", true, true, true},
      {"other name", Dns({"sip.fabrikam.test"}), "sip.contoso.test", false, false, false},
      {"parent", Dns({"contoso.test"}), "sip.contoso.test", false, false, false},
      {"wildcard", Dns({"*.contoso.test"}), "sip.contoso.test", false, true, true},
      {"wildcard is one label", Dns({"*.contoso.test"}), "a.sip.contoso.test", false, false, false},
      {"wildcard is no parent", Dns({"*.contoso.test"}), "contoso.test", false, false, false},
      {"wildcard within a label",
       Dns({"s*.contoso.test"}),
       "sip.contoso.test",
       false,
       false,
       false},
      {"wildcard further right", Dns({"sip.*.test"}), "sip.contoso.test", false, false, false},
      {"wildcard of a whole TLD", Dns({"*.test"}), "contoso.test", false, false, false},
      {"two wildcards", Dns({"*.*.test"}), "sip.contoso.test", false, false, false},
      {"asked with a star", Dns({"*.contoso.test"}), "*.contoso.test", false, false, false},
      {"NUL hides nothing",
       Dns({std::string("contoso.test\0.evil.test", 22)}),
       "contoso.test",
       false,
       false,
       false},
      {"common name alone", common, "contoso.test", true, true, true},
      {"common name beside others", Dns({"x.test"}), "contoso.test", false, false, false},
      {"SRVName", service, "contoso.test", false, true, false},
      {"SRVName of clients", client, "contoso.test", false, false, false},
      {"xmppAddr", address, "contoso.test", false, true, false},
      {"SIP URI", uri, "contoso.test", true, false, false},
      {"nothing", {}, "contoso.test", false, false, false},
      {"nothing asked", Dns({""}), "", false, false, false},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    EXPECT_EQ(Covers(each.names, each.asked, Use::kSip), each.sip);
    EXPECT_EQ(Covers(each.names, each.asked, Use::kXmpp), each.xmpp);
    EXPECT_EQ(Covers(each.names, each.asked, Use::kTls), each.tls);
  }
}

TEST(CertificateNames, AllOfThemOnce) {
  CertificateNames names = Dns({"sip.contoso.test", "contoso.test"});
  names.xmpp = {"contoso.test"};
  names.uris = {"sip:contoso.test"};
  EXPECT_THAT(names.All(), ElementsAre("contoso.test", "sip.contoso.test", "sip:contoso.test"));
}

}  // namespace
}  // namespace poolshift::probe
