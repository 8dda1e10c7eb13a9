// A zone that only a person can change: Poolshift says what to do, waits, and goes on when it sees
// that it was done.
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;

// The zone is watched through `dns`, and changed by nobody but a person.
std::string ByHand(const std::string& manifest) {
  const std::string serves = R"(  serves:
    - {kinds: [DnsRecordSet], zones: [contoso.com]}
)";
  return With(manifest, "  type: dns\n" + serves, "  type: dns\n  serves: []\n") + R"(---
apiVersion: poolshift/v1
kind: Provider
metadata: {name: hoster}
spec:
  type: manual
  observeWith: zone
)" + serves;
}

TEST(ManualZoneTest, WaitsForThePerson) {
  Contoso contoso({.scenario = "xmpp-failover", .manifest = ByHand});
  const Finished plan = contoso.Run({"plan"});
  EXPECT_EQ(plan.status, 2) << plan.said();
  const auto apply = contoso.Start({"apply", "--auto-approve"});
  ASSERT_TRUE(apply->WaitFor("point A xmpp.contoso.com at 198.51.100.21, 198.51.100.22: started"));
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_TRUE(apply->Running()) << apply->said();
  EXPECT_THAT(apply->said(),
              HasSubstr("change A xmpp.contoso.com from 203.0.113.11, 203.0.113.12"));
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1) << "only the person changes the zone";

  contoso.EditZone({"delete xmpp.contoso.com. A",
                    "add xmpp.contoso.com. 2 A 198.51.100.21",
                    "add xmpp.contoso.com. 2 A 198.51.100.22"});
  EXPECT_EQ(apply->Wait(), 0) << apply->said();
  EXPECT_TRUE(EndsInNoDrift(apply->out())) << apply->said();
  EXPECT_EQ(contoso.Run({"plan"}).status, 0);
}

}  // namespace
}  // namespace poolshift::e2e
