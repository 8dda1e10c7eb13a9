// The transport WinRM by itself, against an emulated service with real TLS on loopback: any command
// runs in a POSIX shell there.
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "providers/lync/shell/answer.h"
#include "providers/lync/winrm/winrm_shell.h"
#include "tests/lync/kerberos_domain.h"
#include "tests/lync/winrm_server.h"
#include "tests/probe/kit/authority.h"

namespace poolshift::lync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using winrm::Login;
using winrm::Target;
using winrm::WinrmShell;

constexpr const char* kMachine = "edge1.contoso.com";

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

winrm::SharedSecret Kept(const std::string& file) {
  auto secret = sdk::ResolveSecret(*SecretRef::Parse("file:" + file));
  EXPECT_TRUE(secret.ok()) << secret.status();
  return std::make_shared<const sdk::Secret>(*std::move(secret));
}

class Winrm : public ::testing::Test {
 protected:
  explicit Winrm(const nlohmann::json& settings = nlohmann::json::object(),
                 const std::vector<std::string>& environment = {})
      : server_(kMachine, settings, environment) {
    server_.Await();
  }

  Target TargetOf() const {
    Target target;
    target.name = kMachine;
    target.address = "127.0.0.1";
    target.port = static_cast<std::uint16_t>(server_.port());
    target.login = Login::kBasic;
    target.user = kAccount;
    target.password = Kept(server_.password_file());
    target.pin = server_.pin();
    return target;
  }

  // The actions that were asked for.
  std::vector<std::string> Actions() const {
    std::vector<std::string> actions;
    for (const std::string& request : server_.Requests())
      actions.push_back(request.substr(request.find(' ') + 1));
    return actions;
  }

  void TearDown() override {
    if (HasFailure()) std::cerr << server_.Log();
  }

  std::ptrdiff_t Count(const std::string& action) const {
    const auto actions = Actions();
    return std::count(actions.begin(), actions.end(), action);
  }

  WinrmServer server_;
};

void ExpectStatus(const absl::StatusOr<ShellOutput>& output,
                  absl::StatusCode code,
                  const std::string& words) {
  EXPECT_EQ(output.status().code(), code) << output.status();
  EXPECT_THAT(std::string(output.status().message()), HasSubstr(words));
}

TEST_F(Winrm, InputOutputAndStatus) {
  WinrmShell shell(TargetOf());
  const auto output = shell.Run("cat; echo 'an \"odd\" & <word>' >&2; exit 7", "in\n", Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->status, 7);
  EXPECT_EQ(output->out, "in\n");
  EXPECT_EQ(output->err, "an \"odd\" & <word>\n");
  std::vector<std::string> actions = Actions();
  actions.erase(std::unique(actions.begin(), actions.end()), actions.end());
  EXPECT_THAT(actions, ElementsAre("Create", "Command", "Send", "Receive", "Signal"));
}

TEST_F(Winrm, OneShellOverOneConnection) {
  {
    WinrmShell shell(TargetOf());
    for (int i = 0; i < 3; ++i)
      ASSERT_TRUE(shell.Run("cat", std::to_string(i), Soon()).ok());
  }
  EXPECT_EQ(Count("Create"), 1);
  EXPECT_EQ(Count("Delete"), 1);
  for (const std::string& request : server_.Requests())
    EXPECT_EQ(request.substr(0, 2), "1 ") << "another connection";
}

TEST_F(Winrm, CommandsGoInTurn) {
  WinrmShell shell(TargetOf());
  std::atomic<int> fine = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 5; ++i) {
      threads.emplace_back([&, i] {
        const auto output = shell.Run("cat", std::to_string(i), Soon());
        fine += output.ok() && output->out == std::to_string(i) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(fine, 5);
  EXPECT_EQ(Count("Create"), 1);
}

TEST_F(Winrm, LargeInputIsSentInPieces) {
  WinrmShell shell(TargetOf());
  std::string input;
  while (input.size() < 300000)
    input += "0123456789abcde\n";
  const auto output = shell.Run("cat >&2", input, Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->err, input);
  EXPECT_EQ(Count("Send"), 4);
}

TEST_F(Winrm, NothingGetsOutOfStep) {
  WinrmShell shell(TargetOf());
  // It ends while its input is still being sent.
  const auto output = shell.Run("echo away; exit 3", std::string(1000000, 'x'), Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->status, 3);
  EXPECT_EQ(output->out, "away\n");
  EXPECT_EQ(shell.Run("cat", "next", Soon())->out, "next");
}

TEST_F(Winrm, ForgottenShellIsMadeAnew) {
  WinrmShell shell(TargetOf());
  ASSERT_TRUE(shell.Run("true", "", Soon()).ok());
  server_.Misbehave("Command forget 1");
  const auto output = shell.Run("cat", "still", Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->out, "still");
  EXPECT_EQ(Count("Create"), 2);
}

TEST_F(Winrm, RestartedServiceIsMetAnew) {
  WinrmShell shell(TargetOf());
  ASSERT_TRUE(shell.Run("true", "", Soon()).ok());
  server_.Stop();
  ExpectStatus(shell.Run("true", "", Soon()), absl::StatusCode::kUnavailable, "cannot be reached");
  server_.Start();
  EXPECT_TRUE(shell.Run("true", "", Soon()).ok());
}

// --- who lets whom in

TEST_F(Winrm, CertificateIsVerified) {
  struct Case {
    std::string name, ca, pin, machine, words;
  };
  const conformance::Scratch folder;
  const probe::testing::Authority other(folder, "other");
  const std::string foreign = WinrmServer::pin_of("foreign");
  const Case cases[] = {
      {"authority", server_.ca_file(), "", kMachine, ""},
      {"both", server_.ca_file(), server_.pin(), kMachine, ""},
      {"another authority", other.file(), "", kMachine, "local issuer"},
      {"another name", server_.ca_file(), "", "edge2.contoso.com", "target host name"},
      {"another key", "", foreign, kMachine, "pinned"},
      {"right authority, another key", server_.ca_file(), foreign, kMachine, "pinned"},
      {"right key, another authority", other.file(), server_.pin(), kMachine, "vouched"},
      {"pinned, whatever the name", "", server_.pin(), "edge2.contoso.com", ""},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    server_.ForgetRequests();
    Target target = TargetOf();
    target.ca_file = each.ca;
    target.pin = each.pin;
    target.name = each.machine;
    WinrmShell shell(target);
    const auto output = shell.Run("true", "", Soon());
    if (each.words.empty()) {
      EXPECT_TRUE(output.ok()) << output.status();
    } else {
      ExpectStatus(output, absl::StatusCode::kUnavailable, each.words);
      EXPECT_TRUE(server_.Requests().empty()) << "it was told something";
    }
  }
}

TEST_F(Winrm, WrongPasswordIsAPermission) {
  Target target = TargetOf();
  target.password = std::make_shared<const sdk::Secret>(
      "canary-"
      "secret-of-another-account");
  WinrmShell shell(target);
  const auto output = shell.Run("true", "", Soon());
  ExpectStatus(output, absl::StatusCode::kPermissionDenied, "does not take this account");
  EXPECT_THAT(std::string(output.status().message()), Not(HasSubstr("of-another")));
  EXPECT_THAT(Actions(), ElementsAre("401"));
}

TEST_F(Winrm, WithoutTicketNobodyIsLetIn) {
  Target target = TargetOf();
  target.login = Login::kNegotiate;
  WinrmShell shell(target);
  ExpectStatus(shell.Run("true", "", Soon()),
               absl::StatusCode::kPermissionDenied,
               "no Kerberos ticket of this process for HTTP/edge1.contoso.com");
}

TEST_F(Winrm, ProxyOfTheEnvironmentIsNotAsked) {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy"})
    ::setenv(name, "http://127.0.0.1:1", 1);
  {
    WinrmShell shell(TargetOf());
    EXPECT_TRUE(shell.Run("true", "", Soon()).ok());
  }
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy"})
    ::unsetenv(name);
}

TEST_F(Winrm, PlainHttpIsNeverSpoken) {
  const std::string plain =
      "import http.server as h;h.HTTPServer(('127.0.0.1',int(__import__('sys').argv[1])),"
      "h.BaseHTTPRequestHandler).serve_forever()";
  Target target = TargetOf();
  const int port = probe::testing::FreePort();
  const conformance::Scratch folder;
  probe::testing::Program program({"/usr/bin/python3", "-ISc", plain, std::to_string(port)},
                                  folder.Path("log"));
  probe::testing::AwaitPort(program, "127.0.0.1", port);
  target.port = static_cast<std::uint16_t>(port);
  WinrmShell shell(target);
  ExpectStatus(shell.Run("true", "", Soon()), absl::StatusCode::kUnavailable, "TLS");
}

class WinrmOfCertificates : public Winrm {
 protected:
  WinrmOfCertificates() : Winrm({{"mapsCertificates", true}}) {}
};

TEST_F(WinrmOfCertificates, ClientCertificateLogsIn) {
  Target target = TargetOf();
  target.login = Login::kCertificate;
  target.certificate = Kept(server_.client_certificate());
  target.key = Kept(server_.client_key());
  WinrmShell shell(target);
  EXPECT_TRUE(shell.Run("true", "", Soon()).ok());
  target.key = std::make_shared<const sdk::Secret>("no key");
  WinrmShell without_key(target);
  ExpectStatus(without_key.Run("true", "", Soon()),
               absl::StatusCode::kUnavailable,
               "the client certificate and its key cannot be used");
}

TEST_F(WinrmOfCertificates, PasswordDoesNot) {
  WinrmShell shell(TargetOf());
  ExpectStatus(shell.Run("true", "", Soon()), absl::StatusCode::kPermissionDenied, "Basic");
}

class OfDomain {
 protected:
  KerberosDomain domain_;
};

class WinrmOfDomain : private OfDomain, public Winrm {
 protected:
  WinrmOfDomain()
      : Winrm({{"negotiate", domain_.Keytab("HTTP/" + std::string(kMachine))}},
              {"KRB5_CONFIG=" + domain_.configuration_file()}) {}

  Target WithTicket() const {
    Target target = TargetOf();
    target.login = Login::kNegotiate;
    return target;
  }

  using OfDomain::domain_;
};

TEST_F(WinrmOfDomain, TicketLogsIn) {
  domain_.LogOn("poolshift");
  {
    WinrmShell shell(WithTicket());
    for (int i = 0; i < 2; ++i) {
      const auto output = shell.Run("cat", "in", Soon());
      ASSERT_TRUE(output.ok()) << output.status();
      EXPECT_EQ(output->out, "in");
    }
  }
  // The service knows who came, once for the whole connection.
  const auto requests = server_.Requests();
  EXPECT_THAT(requests, ::testing::Contains("1 ticket of poolshift@CONTOSO.COM").Times(1));
  EXPECT_THAT(requests, Not(::testing::Contains(HasSubstr("401"))));
}

TEST_F(WinrmOfDomain, TicketForAnotherMachineDoesNot) {
  domain_.LogOn("poolshift");
  (void)domain_.Keytab("HTTP/edge2.contoso.com");
  Target target = WithTicket();
  target.name = "edge2.contoso.com";
  WinrmShell shell(target);
  ExpectStatus(shell.Run("true", "", Soon()),
               absl::StatusCode::kPermissionDenied,
               "no Kerberos ticket of this process for HTTP/edge2.contoso.com");
}

TEST_F(WinrmOfDomain, NobodyComesWithoutTicket) {
  WinrmShell shell(WithTicket());
  ExpectStatus(shell.Run("true", "", Soon()), absl::StatusCode::kPermissionDenied, "klist");
}

// --- long commands and many pieces

class WinrmInPieces : public Winrm {
 protected:
  WinrmInPieces() : Winrm({{"patience", 0.05}, {"piece", 100}}) {}
};

TEST_F(WinrmInPieces, LongCommandIsAskedAfterAgain) {
  WinrmShell shell(TargetOf());
  const auto output = shell.Run("sleep 0.5; echo late", "", Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->out, "late\n");
  EXPECT_GE(Count("Receive"), 4);
}

TEST_F(WinrmInPieces, BothStreamsArePutTogether) {
  WinrmShell shell(TargetOf());
  const auto output = shell.Run(
      "i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done", "", Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  std::string out, err;
  for (int i = 0; i < 200; ++i) {
    out += "out " + std::to_string(i) + '\n';
    err += "err " + std::to_string(i) + '\n';
  }
  EXPECT_EQ(output->out, out);
  EXPECT_EQ(output->err, err);
  EXPECT_GE(Count("Receive"), 15);
}

TEST_F(WinrmInPieces, DeadlineIsKept) {
  WinrmShell shell(TargetOf());
  ExpectStatus(shell.Run("sleep 300", "", absl::Now() + absl::Seconds(3)),
               absl::StatusCode::kDeadlineExceeded,
               "did not end in time");
  // The command was left to itself, so the next has a shell of its own.
  EXPECT_TRUE(shell.Run("true", "", Soon()).ok());
  EXPECT_EQ(Count("Create"), 2);
}

TEST_F(WinrmInPieces, WhatDoesNotEndIsLeftThreeTimes) {
  WinrmShell shell(TargetOf());
  for (int i = 0; i < 4; ++i) {
    ExpectStatus(shell.Run("sleep 300", "", absl::Now() + absl::Seconds(3)),
                 absl::StatusCode::kDeadlineExceeded,
                 "");
    EXPECT_EQ(Count("Delete"), i == 3 ? 1 : 0);
  }
}

TEST_F(Winrm, SilentServiceCostsTheDeadline) {
  WinrmShell shell(TargetOf());
  server_.Misbehave("Receive silent");
  ExpectStatus(shell.Run("true", "", absl::Now() + absl::Seconds(3)),
               absl::StatusCode::kDeadlineExceeded,
               "did not end in time");
}

TEST_F(Winrm, WhoWaitsForItsTurnIsToldInTime) {
  WinrmShell shell(TargetOf());
  ASSERT_TRUE(shell.Run("true", "", Soon()).ok());
  std::jthread long_one([&] { (void)shell.Run("sleep 3", "", Soon()); });
  while (Count("Receive") < 2)
    absl::SleepFor(absl::Milliseconds(10));
  ExpectStatus(shell.Run("true", "", absl::Now() + absl::Milliseconds(200)),
               absl::StatusCode::kUnavailable,
               "a command runs there");
}

// --- what goes wrong on the way, and whether anybody knows what became of the command

TEST_F(Winrm, FaultsOnTheWay) {
  using enum absl::StatusCode;
  struct Case {
    std::string whim;
    absl::StatusCode code;
    std::string words;
    FaultKind kind;
  };
  const Case cases[] = {
      // Before there is a shell nothing is begun, whatever goes wrong.
      {"Create cut", kUnavailable, "connection was lost", FaultKind::kUnreachable},
      {"Create garbage", kUnavailable, "no XML", FaultKind::kUnreachable},
      {"Create truncated", kUnavailable, "no XML", FaultKind::kUnreachable},
      {"Create redirect", kUnavailable, "302, which is not followed", FaultKind::kUnreachable},
      {"Create fault", kPermissionDenied, "Access is denied. (5)", FaultKind::kPermission},
      {"Create unauthorized", kPermissionDenied, "lets nobody in", FaultKind::kPermission},
      // A fault says that no command was begun; silence says nothing.
      {"Command fault", kPermissionDenied, "begins no command", FaultKind::kPermission},
      {"Command unauthorized", kPermissionDenied, "lets nobody in", FaultKind::kPermission},
      {"Command forget", kUnavailable, "shell was not found", FaultKind::kUnreachable},
      {"Command cut", kUnknown, "connection was lost", FaultKind::kLost},
      {"Command half", kUnknown, "connection was lost", FaultKind::kLost},
      {"Command garbage", kUnknown, "no XML", FaultKind::kLost},
      {"Command stray", kUnknown, "another message", FaultKind::kLost},
      {"Send cut", kUnknown, "connection was lost", FaultKind::kLost},
      {"Send unauthorized", kUnknown, "lets nobody in", FaultKind::kLost},
      {"Receive cut", kUnknown, "connection was lost", FaultKind::kLost},
      {"Receive half", kUnknown, "connection was lost", FaultKind::kLost},
      {"Receive truncated", kUnknown, "no XML", FaultKind::kLost},
      {"Receive garbage", kUnknown, "no XML", FaultKind::kLost},
      {"Receive stray", kUnknown, "another message", FaultKind::kLost},
      {"Receive fault", kUnknown, "Access is denied", FaultKind::kLost},
      {"Receive unauthorized", kUnknown, "lets nobody in", FaultKind::kLost},
      {"Receive forget", kUnknown, "shell was not found", FaultKind::kLost},
      {"Receive huge", kResourceExhausted, "more than a reply may have", FaultKind::kLost},
      {"Receive headers", kResourceExhausted, "more than a reply may have", FaultKind::kLost},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.whim);
    server_.Misbehave("");
    server_.ForgetRequests();
    WinrmShell shell(TargetOf());
    const bool has_shell = !each.whim.starts_with("Create");
    if (has_shell) {
      ASSERT_TRUE(shell.Run("true", "", Soon()).ok());
    }
    server_.Misbehave(each.whim);
    const auto output = shell.Run("cat", "in", Soon());
    ExpectStatus(output, each.code, each.words);
    EXPECT_EQ(std::string(output.status().message()).find('\x1b'), std::string::npos);
    EXPECT_EQ(Name(RunScript(shell, "enable", Value::Map{}, Soon()).fault->kind), Name(each.kind));
    server_.Misbehave("");
    EXPECT_TRUE(shell.Run("true", "", Soon()).ok()) << "it does not recover";
  }
}

// A kept-alive connection that is lost before the answer: what was sent may have been carried out,
// and must not be sent again.
TEST_F(Winrm, NothingIsSentTwice) {
  for (const char* action : {"Command", "Send", "Receive"}) {
    SCOPED_TRACE(action);
    WinrmShell shell(TargetOf());
    ASSERT_TRUE(shell.Run("true", "", Soon()).ok());
    server_.ForgetRequests();
    server_.Misbehave(std::string(action) + " cut 1");
    EXPECT_FALSE(shell.Run("cat", "in", Soon()).ok());
    EXPECT_EQ(Count(action), 1);
  }
}

// A signal that is lost after the result is here harms nothing but the shell.
TEST_F(Winrm, ResultSurvivesTidyingUp) {
  WinrmShell shell(TargetOf());
  server_.Misbehave("Signal cut 1");
  const auto output = shell.Run("cat", "in", Soon());
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->out, "in");
  EXPECT_TRUE(shell.Run("true", "", Soon()).ok());
  EXPECT_EQ(Count("Create"), 2);
}

// What we take for a WinRM service is one to a client that others wrote, too.
TEST(WinrmEmulator, SatisfiesAnotherClient) {
  const WinrmServer server("localhost", {{"patience", 0.05}, {"piece", 10}});
  server.Await();
  const std::string said =
      probe::testing::Run("env -i " POOLSHIFT_SOURCE_DIR "/tests/lync/winrm-second-opinion " +
                          std::to_string(server.port()) + ' ' + server.ca_file() + ' ' + kAccount +
                          ' ' + server.password_file());
  EXPECT_THAT(said, HasSubstr("another password: refused"));
}

}  // namespace
}  // namespace poolshift::lync::testing
