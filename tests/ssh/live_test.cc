// Hosts over a real sshd: what runs, what is told of what does not, and what is left when all ends.
#include <algorithm>
#include <filesystem>
#include <latch>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "providers/ssh/connections.h"
#include "providers/ssh/quote.h"
#include "tests/ssh/server/ssh_server.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace poolshift::ssh::testing {
namespace {

using ::testing::HasSubstr;

absl::Time Soon() { return absl::Now() + absl::Seconds(40); }

class LiveHost : public ::testing::Test {
 protected:
  LiveHost() : connections_(*Connections::Make()) {}

  Target Declared(const SshServer& server) const {
    Target target;
    target.name = "edge1.contoso.com";
    target.address = "127.0.0.1";
    target.port = static_cast<std::uint16_t>(server.port());
    target.user = server.user();
    target.host_key = server.host_key();
    target.key_file = server.key_file();
    target.connect_timeout = absl::Seconds(30);  // on a busy machine
    return target;
  }

  static absl::StatusOr<Output> Run(Host& host,
                                    const std::vector<std::string>& words,
                                    const std::string& input = "") {
    return host.Run({*CommandLine(words), input}, Soon());
  }

  std::unique_ptr<Connections> connections_;
};

TEST_F(LiveHost, RunsCommandsOverOneConnection) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  const auto first = Run(host, {"printf", "%s|", "a b", "$HOME", "it's"});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->out, "a b|$HOME|it's|");
  EXPECT_EQ(first->status, 0);
  const auto peer = Run(host, {"sh", "-c", "echo $SSH_CONNECTION"});
  EXPECT_EQ(Run(host, {"sh", "-c", "echo $SSH_CONNECTION"})->out, peer->out);
}

TEST_F(LiveHost, TellsStatusAndBothOutputs) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  for (const int status : {0, 1, 3, 127, 254, 255}) {
    const auto output =
        Run(host, {"sh", "-c", "echo out; echo err >&2; exit " + std::to_string(status)});
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_EQ(output->status, status);
    EXPECT_EQ(output->out, "out\n");
    EXPECT_EQ(output->err, "err\n");
  }
}

TEST_F(LiveHost, HandsInputOn) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  std::string large(3 << 20, 'x');
  large += "end";
  const auto output = Run(host, {"cat"}, large);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->out, large);
  EXPECT_EQ(Run(host, {"cat"})->out, "");
}

TEST_F(LiveHost, StopsReadingWhatIsTooMuch) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  const auto output = host.Run({"yes", "", 100000}, Soon());
  EXPECT_TRUE(absl::IsResourceExhausted(output.status())) << output.status();
  EXPECT_TRUE(Run(host, {"true"}).ok()) << "the connection serves on";
}

TEST_F(LiveHost, ManyCommandsTakeTurns) {
  const SshServer server;  // ten sessions a connection
  Host& host = connections_->Add(Declared(server));
  std::vector<std::jthread> threads;
  std::atomic<int> done = 0;
  for (int number = 0; number < 40; ++number) {
    threads.emplace_back([&, number] {
      const auto output = Run(host, {"sh", "-c", "sleep 0.05; echo " + std::to_string(number)});
      EXPECT_TRUE(output.ok()) << output.status();
      if (output.ok() && output->out == std::to_string(number) + "\n") ++done;
    });
  }
  threads.clear();
  EXPECT_EQ(done, 40);
}

TEST_F(LiveHost, ASessionThatSshdRefusesIsAskedForAgain) {
  const SshServer server({"MaxSessions 1"});
  Host& host = connections_->Add(Declared(server));
  std::vector<std::jthread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] { EXPECT_TRUE(Run(host, {"sleep", "0.05"}).ok()); });
  }
}

TEST_F(LiveHost, DoesNotKnowWhatALateCommandDid) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  ASSERT_TRUE(Run(host, {"true"}).ok());
  const auto late = host.Run({"sleep 30"}, absl::Now() + absl::Milliseconds(200));
  EXPECT_TRUE(absl::IsDeadlineExceeded(late.status())) << late.status();
  EXPECT_TRUE(Run(host, {"true"}).ok());
}

TEST_F(LiveHost, DoesNotKnowWhatASignalEnded) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  const auto killed = Run(host, {"sh", "-c", "kill -9 $$"});
  EXPECT_TRUE(absl::IsUnknown(killed.status())) << killed.status();
}

TEST_F(LiveHost, LostConnectionIsMadeAgain) {
  SshServer server;
  Host& host = connections_->Add(Declared(server));
  ASSERT_TRUE(Run(host, {"true"}).ok());
  absl::StatusOr<Output> cut;
  std::jthread running([&] { cut = Run(host, {"sleep", "30"}); });
  absl::SleepFor(absl::Milliseconds(200));
  server.Stop();
  running.join();
  EXPECT_TRUE(absl::IsUnknown(cut.status())) << cut.status();
  const auto gone = Run(host, {"true"});
  EXPECT_TRUE(absl::IsUnavailable(gone.status())) << gone.status();
  EXPECT_THAT(std::string(gone.status().message()), HasSubstr("no sshd listens there"));
  server.Start();
  EXPECT_TRUE(Run(host, {"true"}).ok());
}

TEST_F(LiveHost, SaysWhyAHostCannotBeReached) {
  const SshServer server;
  struct Sample {
    const char* name;
    std::function<void(Target&)> spoil;
    const char* why;
  };
  const Sample samples[] = {
      {"host key", [&](Target& t) { t.host_key = server.foreign_host_key(); }, "host key"},
      {"key", [&](Target& t) { t.key_file = server.foreign_key_file(); }, "authorized_keys"},
      {"key file", [&](Target& t) { t.key_file = "/nonexistent"; }, "does not take this account"},
      {"port",
       [&](Target& t) { t.port = static_cast<std::uint16_t>(FreePort()); },
       "no sshd listens"},
      {"name", [&](Target& t) { t.address = "no.such.host.invalid"; }, "does not resolve"},
  };
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    Target target = Declared(server);
    sample.spoil(target);
    const auto output = Run(connections_->Add(target), {"true"});
    EXPECT_TRUE(absl::IsUnavailable(output.status())) << output.status();
    EXPECT_THAT(std::string(output.status().message()), HasSubstr(sample.why));
    EXPECT_THAT(std::string(output.status().message()), HasSubstr("edge1.contoso.com"));
  }
}

// A port that takes connections and says nothing.
class Silence {
 public:
  Silence() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 64), 0);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Silence() { ::close(fd_); }
  std::uint16_t port() const { return port_; }
  int Connections() const {
    int count = 0;
    for (int one = ::accept(fd_, nullptr, nullptr); one >= 0;
         one = ::accept(fd_, nullptr, nullptr)) {
      ::close(one);
      ++count;
    }
    return count;
  }

 private:
  const int fd_;
  std::uint16_t port_ = 0;
};

TEST_F(LiveHost, OneSilentHostCostsOneTimeOut) {
  const SshServer server;
  const Silence silence;
  Target silent = Declared(server);
  silent.address = "127.0.0.1";
  silent.port = silence.port();
  silent.connect_timeout = absl::Seconds(2);
  Host& host = connections_->Add(silent);
  {
    constexpr int kAtOnce = 20;
    std::latch all(kAtOnce);
    std::vector<std::jthread> threads;
    for (int number = 0; number < kAtOnce; ++number) {
      threads.emplace_back([&] {
        all.arrive_and_wait();
        EXPECT_TRUE(absl::IsUnavailable(Run(host, {"true"}).status()));
      });
    }
  }
  EXPECT_EQ(silence.Connections(), 1);
}

std::string Ask(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return "refused";
  char buffer[64] = {};
  const ssize_t got = ::read(fd, buffer, sizeof buffer);
  ::close(fd);
  return {buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

TEST_F(LiveHost, ForwardsToAPortOfTheHost) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  const Remote itself{.path = "", .port = static_cast<std::uint16_t>(server.port())};
  const auto path = host.Forward(itself, Soon());
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_THAT(Ask(*path), HasSubstr("SSH-2.0"));
  EXPECT_EQ(*host.Forward(itself, Soon()), *path) << "one forward serves all";
  const auto nowhere =
      host.Forward({.path = "", .port = static_cast<std::uint16_t>(FreePort())}, Soon());
  ASSERT_TRUE(nowhere.ok());
  EXPECT_EQ(Ask(*nowhere), "");
}

TEST_F(LiveHost, LeavesNothingBehind) {
  const SshServer server;
  Host& host = connections_->Add(Declared(server));
  const auto path = host.Forward({.path = "", .port = 1}, Soon());
  ASSERT_TRUE(path.ok()) << path.status();
  const std::filesystem::path folder = std::filesystem::path(*path).parent_path();
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
  connections_.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(LiveHost, HundredHostsSideBySide) {
  const SshServer server;
  std::vector<Host*> hosts;
  for (int number = 0; number < 100; ++number) {
    Target target = Declared(server);
    target.name = "edge" + std::to_string(number) + ".contoso.com";
    target.connect_timeout = absl::Seconds(60);
    hosts.push_back(&connections_->Add(target));
  }
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (Host* host : hosts) {
    threads.emplace_back([&done, host] {
      const auto output = host->Run({"true"}, absl::Now() + absl::Seconds(60));
      EXPECT_TRUE(output.ok()) << output.status();
      if (output.ok()) ++done;
    });
  }
  threads.clear();
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace poolshift::ssh::testing
