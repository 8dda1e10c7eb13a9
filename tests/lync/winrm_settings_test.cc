// How machines are reached, as manifests spell it: every fault at once, nearer words before common
// ones, one transport a machine.
#include "gmock/gmock.h"

#include "providers/lync/platform/settings.h"
#include "providers/lync/winrm/settings.h"
#include "tests/conformance/kit/scratch.h"
#include <sys/stat.h>

namespace poolshift::lync::winrm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kPin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

class WinrmSettings : public ::testing::Test {
 protected:
  WinrmSettings() {
    configuration_.base_directory = folder_.path();
    folder_.Write("ca.pem", "");
    for (const char* name : {"password", "certificate", "key"}) {
      folder_.Write(name,
                    std::string("canary-"
                                "secret-in-settings-") +
                        name);
      ::chmod(folder_.Path(name).c_str(), 0600);
      configuration_.secrets.emplace(name, *SecretRef::Parse("file:" + folder_.Path(name)));
    }
  }

  Target Read(const Value& common, const Value& own) {
    problems_.clear();
    TargetReader reader(configuration_, sdk::Section(&common, "winrm", problems_));
    return reader.Read("edge1.contoso.com", sdk::Section(&own, "servers.edge1.winrm", problems_));
  }

  std::vector<std::string> ReadAll(Value configuration) {
    configuration_.configuration = std::move(configuration);
    Settings settings;
    return ReadSettings(configuration_, settings, machines_);
  }

  conformance::Scratch folder_;
  sdk::Configuration configuration_;
  std::vector<std::string> problems_;
  Machines machines_;
};

TEST_F(WinrmSettings, NearerWordsComeFirst) {
  const Target target = Read(
      Value::Map{
          {"auth", "basic"}, {"user", "poolshift"}, {"password", "password"}, {"ca", "ca.pem"}},
      Value::Map{{"address", "192.0.2.11"}, {"user", "edge"}, {"pin", kPin}, {"port", 15986}});
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_EQ(ToString(target), "192.0.2.11:15986, Basic as edge");
  EXPECT_EQ(UrlOf(target), "https://edge1.contoso.com:15986/wsman");
  EXPECT_EQ(target.password->Reveal(),
            "canary-"
            "secret-in-settings-password");
  EXPECT_EQ(target.pin, kPin);
  EXPECT_EQ(target.ca_file, "") << "the pin takes the place of the common authority";
}

TEST_F(WinrmSettings, TicketNeedsNoSecret) {
  const Target target = Read(Value::Map{{"ca", "ca.pem"}}, Value::Map{{"delegate", true}});
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_EQ(target.login, Login::kNegotiate);
  EXPECT_TRUE(target.delegate);
  EXPECT_EQ(target.ca_file, folder_.Path("ca.pem"));
  EXPECT_EQ(ToString(target), "edge1.contoso.com:5986, Negotiate");
}

TEST_F(WinrmSettings, EveryFaultIsNamedAtOnce) {
  Read(Value::Map{{"usr", "x"}},
       Value::Map{{"address", "a/b"},
                  {"auth", "basic"},
                  {"user", "a:b"},
                  {"password", "pass"},
                  {"pin", "sha256//AAAA"},
                  {"ca", "none.pem"},
                  {"port", 0}});
  EXPECT_THAT(
      problems_,
      ElementsAre(
          "`winrm.usr` is unknown: did you mean `user`?",
          "`servers.edge1.winrm.port` is no port: write a number from 1 to 65535",
          "`servers.edge1.winrm.address` is `a/b`: write a host name or an address",
          "`servers.edge1.winrm.pin` is no SHA-256 of a public key: write `sha256//` and its "
          "base64",
          "`servers.edge1.winrm.ca` is " + folder_.Path("none.pem") + ", which cannot be read",
          "`servers.edge1.winrm.user` holds a colon, which Basic cannot send",
          "`servers.edge1.winrm.password` names the secret `pass`, which `spec.secrets` does not "
          "hold"));
}

TEST_F(WinrmSettings, WhatIsMissingIsNamed) {
  Read(Value::Map{}, Value::Map{{"auth", "certificate"}, {"key", "key"}});
  EXPECT_THAT(
      problems_,
      ElementsAre("`servers.edge1.winrm.pin` is missing: declare the SHA-256 of the "
                  "machine's public key, or `ca`, the file of who vouches for its "
                  "certificate",
                  "`servers.edge1.winrm.certificate` is missing: name one of `spec.secrets`"));
  Read(Value::Map{}, Value::Map{{"auth", "ntlm"}, {"pin", kPin}});
  EXPECT_THAT(problems_,
              ElementsAre("`servers.edge1.winrm.auth` is none of `negotiate`, `basic` and "
                          "`certificate`"));
}

TEST_F(WinrmSettings, SecretOthersCanReadIsRefused) {
  ::chmod(folder_.Path("password").c_str(), 0644);
  Read(Value::Map{},
       Value::Map{{"auth", "basic"}, {"user", "u"}, {"password", "password"}, {"pin", kPin}});
  ASSERT_EQ(problems_.size(), 1U);
  EXPECT_THAT(problems_[0], ::testing::HasSubstr("can be read or written by others"));
}

TEST_F(WinrmSettings, TransportIsOfEachMachine) {
  const Value over_ssh = Value::Map{{"user", "u"}, {"key", "key"}, {"knownHosts", "ca.pem"}};
  EXPECT_THAT(
      ReadAll(Value::Map{{"transport", "winrm"},
                         {"winrm", Value::Map{{"ca", "ca.pem"}}},
                         {"admin", Value::Map{{"name", "jump.contoso.com"}}},
                         {"servers",
                          Value::Map{{"edge1.contoso.com",
                                      Value::Map{{"transport", "ssh"}, {"ssh", over_ssh}}}}}}),
      IsEmpty());
  EXPECT_EQ(machines_.admin->transport(), "WinRM (jump.contoso.com:5986, Negotiate)");
  EXPECT_EQ(machines_.servers.at("edge1.contoso.com")->transport(), "SSH (u@edge1.contoso.com:22)");
}

TEST_F(WinrmSettings, SectionOfTheOtherTransportIsAFault) {
  EXPECT_THAT(ReadAll(Value::Map{{"transport", "telnet"},
                                 {"admin",
                                  Value::Map{{"name", "jump.contoso.com"},
                                             {"transport", "winrm"},
                                             {"ssh", Value::Map{}},
                                             {"winrm", Value::Map{{"pin", kPin}}}}}}),
              ElementsAre("`transport` is none of `ssh`, `winrm` and `manual`",
                          "`admin.ssh` is not used: the transport is `winrm`"));
}

}  // namespace
}  // namespace poolshift::lync::winrm
