// What the kernel reports when a network says no: three namespaces of this test (vantage, router,
// server) with nftables, gone with the processes that hold them. Needs root; without it the test
// fails and says so.
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"

#include "fmt/format.h"
#include "providers/probe/look/batch.h"
#include "tests/conformance/kit/scratch.h"
#include "tests/probe/kit/program.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

namespace poolshift::probe::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kPort = 5269;

class Namespace {
 public:
  Namespace(const conformance::Scratch& scratch, const std::string& name)
      : holder_({"/usr/bin/unshare", "--net", "--", "/bin/sleep", "1000"}, scratch.Path(name)) {
    // It is a namespace of its own as soon as its link differs from ours.
    for (int tries = 0; tries < 500 && Link() == Run("readlink /proc/self/ns/net"); ++tries)
      absl::SleepFor(absl::Milliseconds(10));
    if (!holder_.Runs() || Link() == Run("readlink /proc/self/ns/net"))
      throw std::runtime_error("no network namespace can be made here (root is needed): " +
                               holder_.Log());
    Do("ip link set lo up");
  }

  pid_t pid() const { return holder_.pid(); }
  void Do(const std::string& command) const {
    Run(fmt::format("nsenter -t {} -n -- {}", pid(), command));
  }
  void Nft(const std::string& rules) const { Do(fmt::format("nft '{}'", rules)); }

  // On a thread of its own that is in the namespace; sockets made there stay there.
  void In(const std::function<void()>& work) const {
    std::thread([&] {
      const Socket there(open(fmt::format("/proc/{}/ns/net", pid()).c_str(), O_RDONLY | O_CLOEXEC));
      if (setns(there.get(), CLONE_NEWNET) != 0)
        ADD_FAILURE() << "cannot enter the network namespace: root is needed";
      else
        work();
    }).join();
  }

 private:
  std::string Link() const { return Run(fmt::format("readlink /proc/{}/ns/net", pid())); }

  mutable Program holder_;
};

// vantage 10.1.0.2 - 10.1.0.1 router 10.2.0.1 - 10.2.0.2 server, which listens on 5269.
class Network : public ::testing::Test {
 protected:
  Network()
      : vantage_(scratch_, "vantage"), router_(scratch_, "router"), server_(scratch_, "server") {
    Join(vantage_, "1", 2);
    Join(server_, "2", 2);
    router_.Do("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    // Kernels limit what ICMP they send; here each answer counts.
    router_.Do("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0");
    server_.Do("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0");
    server_.In([this] {
      listening_ = Socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_in6 any{};
      any.sin6_family = AF_INET6;
      any.sin6_port = htons(kPort);
      ASSERT_EQ(bind(listening_.get(), reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
      ASSERT_EQ(listen(listening_.get(), 16), 0);
    });
  }

  static void Join(const Namespace& host,
                   const std::string& net,
                   int number,
                   const Namespace& router) {
    host.Do(fmt::format("ip link add ext type veth peer name net{} netns {}", net, router.pid()));
    host.Do(fmt::format("ip addr add 10.{}.0.{}/24 dev ext", net, number));
    host.Do(fmt::format("ip addr add fd00:{}::{}/64 dev ext nodad", net, number));
    host.Do("ip link set ext up");
    router.Do(fmt::format("ip addr add 10.{0}.0.1/24 dev net{0}", net));
    router.Do(fmt::format("ip addr add fd00:{0}::1/64 dev net{0} nodad", net));
    router.Do(fmt::format("ip link set net{} up", net));
    host.Do(fmt::format("ip route add 10.0.0.0/8 via 10.{}.0.1", net));
    host.Do(fmt::format("ip route add fd00::/16 via fd00:{}::1", net));
  }
  void Join(const Namespace& host, const std::string& net, int number) const {
    Join(host, net, number, router_);
  }

  static Question To(const std::string& host, int port) {
    Question question;
    question.host = host;
    question.port = port;
    return question;
  }

  Answer LookAt(const std::string& host,
                int port,
                absl::Duration patience = absl::Seconds(5)) const {
    Answer answer;
    vantage_.In([&] { answer = Look(Eyes(), To(host, port), {patience, absl::InfiniteFuture()}); });
    return answer;
  }

  void ExpectState(const std::string& host, int port, State state, const char* evidence) const {
    const Answer answer = LookAt(host, port);
    EXPECT_EQ(Name(answer.state), Name(state)) << host << ": " << answer.evidence;
    EXPECT_THAT(answer.evidence, HasSubstr(evidence)) << host;
  }

  // A rule of the server's own firewall.
  void ServerSays(const std::string& verdict) const {
    server_.Nft("add table inet t");
    server_.Nft("flush table inet t");
    server_.Nft("add chain inet t in { type filter hook input priority 0; }");
    server_.Nft("add rule inet t in tcp dport 5269 " + verdict);
  }

  conformance::Scratch scratch_;
  Namespace vantage_, router_, server_;
  Socket listening_;
};

TEST_F(Network, OpenAndClosed) {
  ExpectState("10.2.0.2", kPort, State::kOpen, "open in ");
  ExpectState("fd00:2::2", kPort, State::kOpen, "open in ");
  ExpectState("10.2.0.2", 5061, State::kRefused, "ECONNREFUSED");
  ExpectState("fd00:2::2", 5061, State::kRefused, "ECONNREFUSED");
}

TEST_F(Network, FirewallOfTheServer) {
  ServerSays("drop");
  ExpectState("10.2.0.2", kPort, State::kFiltered, "no answer to SYN");
  ServerSays("reject with tcp reset");
  ExpectState("10.2.0.2", kPort, State::kRefused, "ECONNREFUSED");
  ServerSays("reject with icmpx port-unreachable");
  ExpectState("10.2.0.2", kPort, State::kRefused, "ECONNREFUSED");
  ServerSays("reject with icmpx admin-prohibited");
  ExpectState("10.2.0.2", kPort, State::kUnreachable, "EHOSTUNREACH");
  ExpectState("fd00:2::2", kPort, State::kUnreachable, "EACCES");
  ServerSays("reject with icmpx host-unreachable");
  ExpectState("10.2.0.2", kPort, State::kUnreachable, "EHOSTUNREACH");
}

// 3.06 s: whoever waits less calls it filtered.
TEST_F(Network, NobodyAnswersForTheAddress) {
  ExpectState("10.2.0.99", kPort, State::kUnreachable, "EHOSTUNREACH");  // the router tells
  ExpectState("10.1.0.99", kPort, State::kUnreachable, "EHOSTUNREACH");  // on the vantage's own net
  EXPECT_EQ(LookAt("10.2.0.98", kPort, absl::Seconds(2)).state, State::kFiltered);
}

TEST_F(Network, RouterWithoutAWay) {
  ExpectState("10.3.0.2", kPort, State::kUnreachable, "ENETUNREACH");
  router_.Do("ip route add unreachable 10.4.0.0/24");
  ExpectState("10.4.0.2", kPort, State::kUnreachable, "EHOSTUNREACH");
  router_.Do("ip link set net2 down");
  ExpectState("10.2.0.2", kPort, State::kUnreachable, "ENETUNREACH");
}

TEST_F(Network, VantageWithoutAWayIsBlind) {
  ExpectState("192.0.2.1", kPort, State::kBlind, "ENETUNREACH: the vantage has no way there");
  ExpectState("2001:db8::1", kPort, State::kBlind, "the vantage has no way there");
  vantage_.Do("ip link set ext down");
  ExpectState("10.2.0.2", kPort, State::kBlind, "the vantage has no way there");
}

// Behind a cut cable everything looks filtered: the references tell the difference.
TEST_F(Network, CutOffVantageIsBlind) {
  router_.Nft("add table inet cut");
  router_.Nft("add chain inet cut f { type filter hook forward priority 0; policy drop; }");
  router_.Nft("add chain inet cut i { type filter hook input priority 0; }");
  const auto look = [this](std::vector<HostPort> references) {
    Eyes eyes;
    eyes.references = std::move(references);
    Answer seen;
    vantage_.In([&] {
      // One question is answered on this thread, and so in the namespace.
      LookAtAll(eyes,
                {To("10.2.0.2", kPort)},
                kShortestPatience,
                absl::Now() + absl::Seconds(20),
                [&](const Answer& answer) { seen = answer; });
    });
    return seen;
  };
  EXPECT_EQ(look({}).state, State::kFiltered);
  // The router's closed port answers.
  const Answer filtered = look({{"10.1.0.1", 443}});
  EXPECT_EQ(filtered.state, State::kFiltered) << filtered.evidence;
  router_.Nft("add rule inet cut i drop");
  const Answer blind = look({{"10.1.0.1", 443}});
  EXPECT_EQ(blind.state, State::kBlind);
  EXPECT_THAT(blind.evidence, HasSubstr("the vantage is cut off: not even 10.1.0.1:443 answers"));
}

TEST_F(Network, TimeThatWasCutShortIsNoFinding) {
  ServerSays("drop");
  Answer seen;
  vantage_.In([&] {
    LookAtAll(Eyes(),
              {To("10.2.0.2", kPort)},
              kShortestPatience,
              absl::Now() + absl::Seconds(1),
              [&](const Answer& answer) { seen = answer; });
  });
  EXPECT_EQ(seen.state, State::kBlind);
  EXPECT_THAT(seen.evidence, HasSubstr("no time left"));
}

}  // namespace
}  // namespace poolshift::probe::testing
