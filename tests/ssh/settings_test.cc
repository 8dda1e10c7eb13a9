// SSH settings as manifests spell them: every fault at once, nearer words before common ones.
#include "providers/ssh/settings.h"

#include "gmock/gmock.h"

#include "tests/conformance/kit/scratch.h"
#include <sys/stat.h>

namespace poolshift::ssh {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kPin =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0aF0N1vM0n3T0rXkVhYvU3q9oXr0T4g1y2Hh2o0Zxk";

class SshSettings : public ::testing::Test {
 protected:
  SshSettings() : connections_(*Connections::Make()) {
    folder_.Write("key", "private");
    folder_.Write("known_hosts", "");
    ::chmod(folder_.Path("key").c_str(), 0600);
    configuration_.base_directory = folder_.path();
    configuration_.secrets.emplace("ssh", *SecretRef::Parse("file:" + folder_.Path("key")));
  }

  Target Read(const Value& common, const Value& own) {
    problems_.clear();
    TargetReader reader(configuration_, sdk::Section(&common, "ssh", problems_), *connections_);
    return reader.Read("edge1.contoso.com", sdk::Section(&own, "servers.edge1.ssh", problems_));
  }

  conformance::Scratch folder_;
  std::unique_ptr<Connections> connections_;
  sdk::Configuration configuration_;
  std::vector<std::string> problems_;
};

TEST_F(SshSettings, NearerWordsComeFirst) {
  const Target target =
      Read(Value::Map{{"user", "root"}, {"knownHosts", "known_hosts"}, {"port", 22}},
           Value::Map{{"user", "poolshift"}, {"hostKey", kPin}, {"port", 2222}});
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_EQ(target.address, "edge1.contoso.com");
  EXPECT_EQ(ToString(target), "poolshift@edge1.contoso.com:2222");
  EXPECT_EQ(target.host_key, kPin);
  EXPECT_EQ(target.known_hosts, "") << "the pin takes the place of the common file";
  EXPECT_EQ(target.key_file, folder_.Path("key"));
}

TEST_F(SshSettings, EveryFaultIsNamedAtOnce) {
  Read(Value::Map{{"usr", "x"}},
       Value::Map{{"address", "-oProxyCommand=reboot"},
                  {"port", 70000},
                  {"key", "edgeKey"},
                  {"connectTimeout", "soon"}});
  EXPECT_THAT(problems_,
              ElementsAre("`ssh.usr` is unknown: did you mean `user`?",
                          HasSubstr("`servers.edge1.ssh.port` is no port"),
                          HasSubstr("`servers.edge1.ssh.connectTimeout` is `soon`"),
                          HasSubstr("`servers.edge1.ssh.address` is `-oProxyCommand=reboot`"),
                          HasSubstr("`servers.edge1.ssh.user` is missing"),
                          HasSubstr("`servers.edge1.ssh.hostKey` is missing"),
                          HasSubstr("`servers.edge1.ssh.key` names the secret `edgeKey`")));
}

TEST_F(SshSettings, RefusesWhatIsNoHostKey) {
  for (const char* text :
       {"ssh-ed25519",
        "AAAAC3NzaC1lZDI1NTE5",
        "ssh-ed25519 !!!!",
        "edge1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0aF0N1vM0n3T0rXkVhYvU3q9oX",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0aF0N1vM0n3T0rXkVhYvU3q9oX\nssh"}) {
    Read(Value::Map{{"user", "root"}}, Value::Map{{"hostKey", text}});
    EXPECT_THAT(problems_, ElementsAre(HasSubstr("`servers.edge1.ssh.hostKey` is no public key")));
  }
}

TEST_F(SshSettings, KeyInAVariableIsKeptInAPrivateFile) {
  ::setenv("EDGE_KEY", "-----BEGIN-----\nsecret\n-----END-----", 1);
  configuration_.secrets.erase("ssh");
  configuration_.secrets.emplace("ssh", *SecretRef::Parse("env:EDGE_KEY"));
  const Target target = Read(Value::Map{{"user", "root"}, {"hostKey", kPin}}, Value());
  struct stat status {};
  ASSERT_EQ(::stat(target.key_file.c_str(), &status), 0) << target.key_file;
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(status.st_size, 37) << "a line end closes it";
}

TEST_F(SshSettings, MasterBelievesNothingUndeclared) {
  const Target target = Read(Value::Map{{"user", "root"}, {"hostKey", kPin}}, Value());
  const std::vector<std::string> arguments = MasterArguments(target, "/run/c", "/run/k");
  EXPECT_THAT(arguments, ::testing::Contains("StrictHostKeyChecking=yes"));
  EXPECT_THAT(arguments, ::testing::Contains("UserKnownHostsFile=/run/k"));
  EXPECT_THAT(arguments, ::testing::Contains("GlobalKnownHostsFile=none"));
  EXPECT_THAT(arguments, ::testing::Contains("HostKeyAlias=edge1.contoso.com"));
  EXPECT_THAT(arguments, ::testing::Contains("BatchMode=yes"));
  EXPECT_THAT(std::vector(arguments.end() - 2, arguments.end()),
              ElementsAre("--", "edge1.contoso.com"));
}

}  // namespace
}  // namespace poolshift::ssh
