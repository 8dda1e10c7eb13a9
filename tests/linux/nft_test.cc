// Fences in what nft 1.0.6 lists, and the transactions that change them.
#include "providers/host/fence/nft.h"

#include "gmock/gmock.h"

namespace poolshift::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Listed(const std::string& sets, bool with_rules = true) {
  const std::string rules =
      R"(,{"rule":{"family":"inet","table":"poolshift","chain":"fence","handle":9,"expr":[{"match":{"op":"==",
      "left":{"concat":[{"payload":{"protocol":"ip","field":"daddr"}},{"payload":{"protocol":"tcp","field":"dport"}}]},
      "right":"@reset4"}},{"reject":{"type":"tcp reset"}}]}})";
  return R"({"nftables":[{"metainfo":{"version":"1.0.6"}},{"table":{"family":"inet","name":"poolshift"}})" +
         sets + (with_rules ? rules : "") + "]}";
}

constexpr const char* kReset =
    R"(,{"set":{"family":"inet","name":"reset4","table":"poolshift","type":["ipv4_addr","inet_service"],"flags":["timeout"],
    "elem":[{"elem":{"val":{"concat":["203.0.113.11",5061]},"timeout":3600,"expires":3590}},
            {"elem":{"val":{"concat":["203.0.113.12",5061]}}}]}})";
constexpr const char* kRecord =
    R"(,{"set":{"family":"inet","name":"fences4","table":"poolshift","type":["ipv4_addr","inet_service"],
    "elem":[{"elem":{"val":{"concat":["203.0.113.11",5061]},"comment":"reset until 2026-12-01T00:00:00+00:00"}}]}})";

const Address kAddress = *Address::Parse("203.0.113.11");
const absl::Time kNow = absl::FromUnixSeconds(1796083200);  // 2026-12-01 00:00 UTC

TEST(FenceIn, StandsWithElementRuleAndRecord) {
  const FenceState state = *FenceIn(Listed(std::string(kReset) + kRecord), kAddress, 5061);
  EXPECT_EQ(state.mode, "reset");
  EXPECT_EQ(state.expires, "2026-12-01T00:00:00+00:00");
  EXPECT_TRUE(state.recorded);
}

TEST(FenceIn, HasRunOutWhenOnlyTheRecordIsLeft) {
  const FenceState state = *FenceIn(Listed(kRecord), kAddress, 5061);
  EXPECT_EQ(state.mode, "none");
  EXPECT_EQ(state.expires, "2026-12-01T00:00:00+00:00");
}

TEST(FenceIn, DoesNotStandWithoutItsRule) {
  EXPECT_EQ(FenceIn(Listed(kReset, false), kAddress, 5061)->mode, "none");
}

TEST(FenceIn, IsOfOneAddressAndPort) {
  EXPECT_EQ(FenceIn(Listed(kReset), kAddress, 5269)->mode, "none");
  EXPECT_EQ(FenceIn(Listed(kReset), *Address::Parse("203.0.113.13"), 5061)->mode, "none");
  EXPECT_EQ(FenceIn(Listed(kReset), *Address::Parse("203.0.113.12"), 5061)->mode, "reset");
  EXPECT_FALSE(FenceIn("", kAddress, 5061).ok());
  EXPECT_FALSE(FenceIn("[]", kAddress, 5061).ok());
}

TEST(FenceScript, PutsUpForTheTimeThatIsLeft) {
  const std::string script = *FenceScript(
      kAddress, 5061, {}, {"drop", "2026-12-01T00:00:00+00:00", false}, kNow - absl::Hours(1));
  EXPECT_THAT(
      script,
      HasSubstr("add element inet poolshift drop4 { 203.0.113.11 . 5061 timeout 3600s }\n"));
  EXPECT_THAT(script,
              HasSubstr("create element inet poolshift fences4 { 203.0.113.11 . 5061 comment "
                        "\"drop until 2026-12-01T00:00:00+00:00\" }\n"));
  EXPECT_THAT(script, Not(HasSubstr("delete element inet poolshift fences4")));
}

TEST(FenceScript, LiftsWhatWasRecorded) {
  const std::string script = *FenceScript(
      *Address::Parse("2001:db8::1"), 5269, {"reset", "2026-12-01T00:00:00+00:00", true}, {}, kNow);
  EXPECT_THAT(script, HasSubstr("delete element inet poolshift fences6 { 2001:db8::1 . 5269 }\n"));
  EXPECT_THAT(script, HasSubstr("delete element inet poolshift reset6 { 2001:db8::1 . 5269 }\n"));
  EXPECT_THAT(script, Not(HasSubstr("create element")));
}

TEST(FenceScript, RefusesAFenceThatIsOver) {
  EXPECT_FALSE(
      FenceScript(kAddress, 1, {}, {"drop", "2026-12-01T00:00:00+00:00", false}, kNow).ok());
  EXPECT_FALSE(FenceScript(kAddress, 1, {}, {"drop", "soon", false}, kNow).ok());
}

TEST(FenceScript, PreviewStaysTheSame) {
  const std::string script =
      *FenceScript(kAddress, 1, {}, {"drop", "2026-12-01T00:00:00+00:00", false}, std::nullopt);
  EXPECT_THAT(script, HasSubstr("timeout <seconds until 2026-12-01T00:00:00+00:00>"));
}

TEST(Networks, HoldTheirAddresses) {
  struct Sample {
    const char *network, *address;
    bool holds;
  };
  for (const Sample& sample : {Sample{"203.0.113.0/24", "203.0.113.255", true},
                               Sample{"203.0.113.0/24", "203.0.114.0", false},
                               Sample{"203.0.113.11", "203.0.113.11", true},
                               Sample{"203.0.113.11", "203.0.113.10", false},
                               Sample{"0.0.0.0/0", "192.0.2.1", true},
                               Sample{"0.0.0.0/0", "2001:db8::1", false},
                               Sample{"2001:db8::/33", "2001:db8:8000::", false},
                               Sample{"2001:db8::/33", "2001:db8:7fff::", true}}) {
    EXPECT_EQ(Network::Parse(sample.network)->Holds(*Address::Parse(sample.address)), sample.holds)
        << sample.network << ' ' << sample.address;
  }
  for (const char* text : {"",
                           "x",
                           "203.0.113.0/33",
                           "203.0.113.0/",
                           "203.0.113.0/-1",
                           "2001:db8::/129",
                           "203.0.113.0/24x"})
    EXPECT_FALSE(Network::Parse(text).has_value()) << text;
}

}  // namespace
}  // namespace poolshift::host
