#include "controller/daemon/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/daemon/host_port.h"
#include "controller/daemon/open_connections.h"
#include "controller/daemon/remote_callers.h"
#include "tests/daemon/made_certificate.h"
#include <sys/socket.h>
#include <unistd.h>

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CertificateTest, TellsWhoseItIs) {
  const auto facts = ReadCertificate("a comment\n" + MakeCertificate({"alice"}).certificate);
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_THAT(facts->common_names, ElementsAre("alice"));
  EXPECT_EQ(facts->ends - facts->begins, absl::Hours(1));
  EXPECT_EQ(HolderName(*facts).value(), "alice");
  for (const char* text :
       {"", "alice", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    EXPECT_TRUE(absl::IsInvalidArgument(ReadCertificate(text).status())) << text;
}

TEST(CertificateTest, StandsForNamesAndAddresses) {
  const auto names = [](const std::string& alternative) {
    return ReadCertificate(MakeCertificate({"pages.contoso.com"}, alternative).certificate)->names;
  };
  EXPECT_THAT(names(""), testing::IsEmpty()) << "a common name is no such name";
  EXPECT_THAT(names("DNS:pages.contoso.com,email:noc@contoso.com,DNS:*.contoso.net,IP:192.0.2.10,"
                    "URI:https://contoso.com/,IP:2001:db8::1"),
              ElementsAre("pages.contoso.com", "*.contoso.net", "192.0.2.10", "2001:db8::1"));
}

TEST(CertificateTest, NamesOnePersonOrNobody) {
  for (const std::vector<std::string>& names : std::vector<std::vector<std::string>>{
           {}, {"alice", "root"}, {"alice example"}, {std::string("alice\0root", 10)}, {"*"}}) {
    const auto facts = ReadCertificate(MakeCertificate(names).certificate);
    ASSERT_TRUE(facts.ok()) << facts.status();
    ASSERT_EQ(facts->common_names.size(), names.size());
    EXPECT_TRUE(absl::IsPermissionDenied(HolderName(*facts).status()))
        << (names.empty() ? "nobody" : names.front());
  }
}

TEST(CertificateTest, KeysBelongToOne) {
  const MadeCertificate own = MakeCertificate({"alice"}), other = MakeCertificate({"alice"});
  EXPECT_TRUE(CheckKey(own.certificate, own.key).ok());
  EXPECT_THAT(CheckKey(own.certificate, other.key).message(), HasSubstr("another certificate"));
  EXPECT_THAT(CheckKey(own.certificate, own.certificate).message(), HasSubstr("no key"));
  constexpr char kEncrypted[] =
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n"
      "-----END EC PRIVATE KEY-----\n";
  EXPECT_THAT(CheckKey(own.certificate, kEncrypted).message(), HasSubstr("pass phrase"));
}

TEST(CertificateTest, AuthoritiesAreWhole) {
  const std::string one = MakeCertificate({"one"}).certificate;
  EXPECT_TRUE(CheckAuthorities(one).ok());
  EXPECT_TRUE(CheckAuthorities("# first\n" + one + "# second\n" + one + "end\n").ok());
  EXPECT_THAT(CheckAuthorities("").message(), HasSubstr("no certificate of a CA"));
  const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(CheckAuthorities(one + broken).message(), HasSubstr("broken certificate after"));
}

TEST(HostPortTest, IsHostAndPort) {
  for (const char* text : {"192.0.2.1:7443", "poolshift.contoso.com:1", "[2001:db8::1]:65535"}) {
    const auto place = ParseHostPort(text);
    ASSERT_TRUE(place.ok()) << place.status();
    EXPECT_EQ(place->text(), text);
  }
  EXPECT_EQ(ParseHostPort("[::1]:7443").value().host, "::1");
  for (const char* text : {"",
                           ":1",
                           "host",
                           "host:",
                           "host:65536",
                           "host:-1",
                           "host:1x",
                           "::1:1",
                           "[host]:1",
                           "a b:1",
                           "https://host:1",
                           "[]:1"})
    EXPECT_TRUE(absl::IsInvalidArgument(ParseHostPort(text).status())) << text;
}

TEST(RemoteCallersTest, NobodyTakesAllPlaces) {
  Roles roles("svc");
  ASSERT_TRUE(roles.Grant("cert:alice=viewer").ok());
  RemoteCallers callers(roles);
  const std::string alice = MakeCertificate({"alice"}).certificate;
  std::vector<Admitted> calls;
  for (int i = 0; i < RemoteCallers::kMostCalls; ++i) {
    auto admitted = callers.AdmitHolder(alice);
    ASSERT_TRUE(admitted.ok()) << admitted.status();
    EXPECT_EQ(admitted->caller.role, CallerRole::kViewer);
    calls.push_back(*std::move(admitted));
  }
  EXPECT_TRUE(absl::IsResourceExhausted(callers.AdmitHolder(alice).status()));
  const auto other = callers.AdmitHolder(MakeCertificate({"bob"}).certificate);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->caller.role, CallerRole::kNone);
  calls.pop_back();
  EXPECT_TRUE(callers.AdmitHolder(alice).ok());
}

// A connection may have been there since before the certificate ended.
TEST(RemoteCallersTest, ACertificateThatHasEndedMakesNoCall) {
  Roles roles("svc");
  ASSERT_TRUE(roles.Grant("cert:alice=approver").ok());
  absl::Time now = absl::Now();
  RemoteCallers callers(roles, [&now] { return now; });
  const std::string alice = MakeCertificate({"alice"}).certificate;
  EXPECT_TRUE(callers.AdmitHolder(alice).ok());
  now += absl::Hours(2);
  const auto late = callers.AdmitHolder(alice);
  EXPECT_TRUE(absl::IsUnauthenticated(late.status())) << late.status();
  EXPECT_THAT(std::string(late.status().message()), testing::HasSubstr("alice is not valid"));
}

TEST(OpenConnectionsTest, CountWhatIsStillOpen) {
  OpenConnections connections(3, 2);
  std::vector<int> sockets;
  const auto admit = [&](const std::string& peer) {
    sockets.push_back(::socket(AF_UNIX, SOCK_STREAM, 0));
    return connections.Admit(sockets.back(), peer);
  };
  EXPECT_TRUE(admit("a"));
  EXPECT_TRUE(admit("a"));
  EXPECT_FALSE(admit("a")) << "a share each";
  EXPECT_TRUE(admit("b"));
  EXPECT_FALSE(admit("c")) << "and not more than all";
  ::close(sockets.at(0));
  EXPECT_TRUE(admit("c")) << "in the place, and with the descriptor, of the one that is closed";
  EXPECT_EQ(sockets.back(), sockets.at(0));
  for (std::size_t i = 1; i < sockets.size(); ++i)
    ::close(sockets.at(i));
}

}  // namespace
}  // namespace poolshift
