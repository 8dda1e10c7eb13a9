// Addresses of a machine as ip of iproute2 6.1 prints them.
#include "providers/linux/listing.h"

#include "gmock/gmock.h"

namespace poolshift::linux_host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kPrinted =
    R"(2: ext    inet 203.0.113.11/24 brd 203.0.113.255 scope global ext\       valid_lft forever preferred_lft forever
2: ext    inet 203.0.113.19/32 scope global deprecated ext\       valid_lft forever preferred_lft 0sec
2: ext    inet6 2001:db8::11/64 scope global nodad \       valid_lft forever preferred_lft forever
2: ext    inet6 2001:db8::9a3c/64 scope global temporary dynamic \       valid_lft 86000sec preferred_lft 14000sec
3: tun0    inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0\       valid_lft forever preferred_lft forever
)";

TEST(Addresses, AreThoseThatLast) {
  EXPECT_THAT(AddressesIn(kPrinted), ElementsAre("203.0.113.11", "2001:db8::11", "10.8.0.1"));
}

TEST(Addresses, OtherLinesAreNone) {
  EXPECT_THAT(AddressesIn(""), IsEmpty());
  EXPECT_THAT(AddressesIn("1: lo: <LOOPBACK> mtu 65536\n2: ext link/ether 00:00\n2: ext inet\n"),
              IsEmpty());
}

}  // namespace
}  // namespace poolshift::linux_host
