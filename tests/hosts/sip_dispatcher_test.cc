// The way inside, of a real Kamailio whose dispatcher asks a real server inside whether it lives.
#include "gmock/gmock.h"

#include "tests/hosts/plugin.h"

namespace poolshift::testing_hosts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ResourceId kService = {"EdgeService", std::string(kEdge) + "/accessEdge"};
constexpr const char* kList = "kamcmd -s unix:/run/kamailio/kamailio_ctl dispatcher.list";

class SipDispatcher : public PluginOnMachine {
 protected:
  ~SipDispatcher() override {
    machine_.Do(
        "systemctl stop inside; rm -f /etc/kamailio/dispatcher.cfg; systemctl stop kamailio");
  }

  // `destinations`: a command that prints dispatcher's list; the server inside is 127.0.0.13.
  void StartEdge(const std::string& destinations) const {
    machine_.Must(destinations + " > /etc/kamailio/dispatcher.list; " +
                  "cp /etc/kamailio/dispatcher-of-edge.cfg /etc/kamailio/dispatcher.cfg; " +
                  "chmod a+r /etc/kamailio/*; systemctl restart kamailio");
    machine_.Await("kamcmd -s unix:/run/kamailio/kamailio_ctl core.uptime");
  }
  void StartInside() const {
    machine_.Do("systemctl reset-failed inside");
    machine_.Must(
        "systemd-run --quiet --unit=inside kamailio -DD -E -P /run/inside.pid -Y /tmp "
        "-f /etc/kamailio/inside.cfg");
  }

  static Value Edge(const Value::Map& more = {}) {
    Value::Map edge = more;
    edge["certificates"] = Value::Map{{"accessEdgeExternal", "/etc/kamailio/edge1.pem"}};
    return edge;
  }
  static Value Ways(const Observation& seen) {
    const Value* ways = seen.properties.Find("waysInside");
    return ways == nullptr ? Value() : *ways;
  }
  const Machine& machine_ = Machine::Get();
};

TEST_F(SipDispatcher, LivesAndDiesWithServersInside) {
  auto provider = Start("sip", Configuration(Edge()));
  ASSERT_TRUE(provider.ok()) << provider.status();
  StartInside();
  StartEdge("printf '1 sip:127.0.0.13:5060\\n1 sip:127.0.0.14:5060\\n2 sip:127.0.0.15:5060 4\\n'");
  machine_.Await(std::string(kList) + " | grep -c 'FLAGS: [AI]P' | grep -qx 2 && " + kList +
                 " | grep -q IP");
  Observation seen = Look(**provider, kService);
  EXPECT_EQ(Ways(seen), 1);
  EXPECT_THAT(seen.unknown, ElementsAre());
  EXPECT_THAT(seen.reason,
              HasSubstr("sip:127.0.0.14:5060 of dispatcher set 1 is inactive; sip:127.0.0.15:5060 "
                        "of dispatcher set 2 is disabled"));
  machine_.Must("systemctl stop inside");
  machine_.Await(std::string(kList) + " | grep -c 'FLAGS: IP' | grep -qx 2");
  seen = Look(**provider, kService);
  EXPECT_EQ(Ways(seen), 0);
  EXPECT_THAT(seen.reason, HasSubstr("sip:127.0.0.13:5060 of dispatcher set 1 is inactive"));
  EXPECT_EQ(seen.properties.BooleanOr("listening", false), true) << "partners get an answer";
  StartInside();
  machine_.Await(std::string(kList) + " | grep -q 'FLAGS: AP'");
  EXPECT_EQ(Ways(Look(**provider, kService)), 1) << "it came back";
}

TEST_F(SipDispatcher, CountsTheDeclaredSets) {
  StartInside();
  StartEdge("printf '1 sip:127.0.0.13:5060\\n2 sip:127.0.0.14:5060 4\\n'");
  auto first = Start("sip", Configuration(Edge({{"dispatcherSets", Value::List{1}}})));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(Ways(Look(**first, kService)), 1);
  auto second = Start("sip", Configuration(Edge({{"dispatcherSets", Value::List{2, 7}}})));
  ASSERT_TRUE(second.ok()) << second.status();
  const Observation seen = Look(**second, kService);
  EXPECT_EQ(Ways(seen), 0);
  EXPECT_THAT(seen.reason, HasSubstr("dispatcher has no set 7"));
}

// Four answers that are no number, and one that is.
TEST_F(SipDispatcher, SaysWhatItDoesNotKnow) {
  auto any = Start("sip", Configuration(Edge()));
  auto declared = Start("sip", Configuration(Edge({{"dispatcherSets", Value::List{1}}})));
  ASSERT_TRUE(any.ok() && declared.ok()) << any.status() << declared.status();

  machine_.Must("systemctl restart kamailio");  // without the module
  machine_.Await("kamcmd -s unix:/run/kamailio/kamailio_ctl core.uptime");
  EXPECT_TRUE(Ways(Look(**any, kService)).is_null());
  EXPECT_THAT(Look(**any, kService).unknown, ElementsAre());
  EXPECT_THAT(Look(**declared, kService).unknown, ElementsAre("waysInside"));
  EXPECT_THAT(Look(**declared, kService).reason, HasSubstr("does not load dispatcher.so"));

  StartEdge("true");
  EXPECT_EQ(Ways(Look(**any, kService)), 0) << "loaded, and no destination";
  EXPECT_THAT(Look(**any, kService).reason, HasSubstr("dispatcher has no destination"));

  machine_.Must("pkill -STOP -x kamailio");
  const auto frozen = (*any)->Observe({{kService, ""}}, absl::Seconds(8));
  machine_.Must("pkill -CONT -x kamailio");
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  EXPECT_EQ(frozen->front().presence, Presence::kPresent) << frozen->front().reason;
  EXPECT_THAT(frozen->front().unknown, ElementsAre("waysInside"));

  StartEdge("seq -f '1 sip:127.0.0.14:%.0f' 10000 13000");
  EXPECT_THAT(Look(**any, kService).unknown, ElementsAre("waysInside"));
  EXPECT_THAT(Look(**any, kService).reason, HasSubstr("way inside is not known"));

  machine_.Must("systemctl stop kamailio");
  EXPECT_THAT(Look(**any, kService).unknown, ElementsAre());
  EXPECT_TRUE(Ways(Look(**any, kService)).is_null());
  EXPECT_THAT(Look(**declared, kService).unknown, ElementsAre("waysInside"));
}

}  // namespace
}  // namespace poolshift::testing_hosts
