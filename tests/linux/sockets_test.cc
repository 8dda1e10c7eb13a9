// Listening sockets as ss of iproute2 6.1 prints them.
#include "providers/linux/sockets.h"

#include "gmock/gmock.h"

namespace poolshift::linux_host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kPrinted =
    R"(LISTEN 0      1024   127.0.0.11:5061  0.0.0.0:* users:(("kamailio",pid=73,fd=10))
LISTEN 0      128    127.0.0.11:5222  0.0.0.0:* users:(("lua5.4",pid=59,fd=6))   
LISTEN 0      128       0.0.0.0:46235 0.0.0.0:* users:(("beam.smp",pid=88,fd=17))
LISTEN 0      4096            *:4369        *:* users:(("epmd",pid=75,fd=3),("systemd",pid=1,fd=32))
LISTEN 0      128          [::]:22         [::]:*
)";

TEST(Listeners, AreReadWithTheirProcesses) {
  const auto listeners = ListenersFrom(kPrinted);
  ASSERT_EQ(listeners.size(), 5U);
  EXPECT_EQ(listeners[0].address, "127.0.0.11");
  EXPECT_EQ(listeners[0].port, 5061);
  EXPECT_EQ(listeners[0].program, "kamailio");
  EXPECT_THAT(listeners[0].pids, ElementsAre(73));
  EXPECT_EQ(listeners[3].address, "*");
  EXPECT_THAT(listeners[3].pids, ElementsAre(75, 1));
  EXPECT_EQ(listeners[4].address, "[::]");
  EXPECT_THAT(listeners[4].pids, IsEmpty()) << "ss does not tell an account without rights";
}

TEST(Listeners, OtherLinesAreNone) {
  EXPECT_THAT(ListenersFrom(""), IsEmpty());
  EXPECT_THAT(
      ListenersFrom("State Recv-Q Send-Q Local Address:Port\nESTAB 0 0 1.2.3.4:5061 5.6.7.8:9\n"
                    "LISTEN 0 1 nonsense x\nLISTEN 0 1 a:99999 x\nLISTEN\n"),
      IsEmpty());
}

TEST(BelongsTo, AsksForTheWholeName) {
  constexpr const char* kVersion1 = "4:memory:/x/system.slice/prosody.service\n1:name=systemd:/x\n";
  EXPECT_TRUE(BelongsTo(kVersion1, "prosody.service"));
  EXPECT_FALSE(BelongsTo(kVersion1, "prosody"));
  EXPECT_FALSE(BelongsTo("0::/system.slice/my-prosody.service\n", "prosody.service"));
  EXPECT_TRUE(BelongsTo("0::/system.slice/prosody.service/worker\n", "prosody.service"));
}

}  // namespace
}  // namespace poolshift::linux_host
