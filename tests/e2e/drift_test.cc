// What somebody changes by hand is found, named, and dated.
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(DriftTest, HandEditInTheZone) {
  Contoso contoso({.scenario = "both-failover"});
  ASSERT_EQ(contoso.Run({"apply", "--auto-approve"}).status, 0);
  contoso.EditZone(
      {"delete xmpp.contoso.com. A 198.51.100.22", "add xmpp.contoso.com. 2 A 203.0.113.11"});
  const Lines edited{"198.51.100.21", "203.0.113.11"};
  ASSERT_EQ(contoso.Xmpp(), edited);

  const Finished drift = contoso.Run({"drift"});
  EXPECT_EQ(drift.status, 2) << drift.said();
  EXPECT_THAT(drift.out, StartsWith("Drift: 1 difference, traffic is affected by 1\n"));
  EXPECT_THAT(drift.out, HasSubstr("xmpp.contoso.com/A is 198.51.100.21, 203.0.113.11"));
  EXPECT_THAT(drift.out, HasSubstr(absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone())));
  EXPECT_EQ(contoso.Xmpp(), edited) << "drift only looks";

  const nlohmann::json first = contoso.Json({"drift"}), second = contoso.Json({"drift"});
  ASSERT_EQ(first["drift"].size(), 1U);
  EXPECT_EQ(first["drift"][0]["observed"], edited);
  EXPECT_EQ(first["drift"][0]["declared"], kXmppAtPool2);
  EXPECT_EQ(second["drift"][0]["first_seen"], first["drift"][0]["first_seen"]);
  EXPECT_NE(second["looked_at"], first["looked_at"]);

  const Finished apply = contoso.Run({"apply", "--auto-approve"});
  EXPECT_EQ(apply.status, 0) << apply.said();
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool2);
  EXPECT_EQ(contoso.Run({"drift"}).status, 0);
}

TEST(DriftTest, HandEditOnThePlatform) {
  Contoso contoso({.scenario = "nothing-to-do"});
  ASSERT_EQ(contoso.Run({"drift"}).status, 0);
  contoso.EditWorld("sites/Site2/xmpp", "edgepool2.contoso.com");
  const std::string edited = contoso.Platform();
  const Finished drift = contoso.Run({"drift"});
  EXPECT_EQ(drift.status, 2) << drift.said();
  EXPECT_THAT(drift.out, HasSubstr("the XMPP route of Site2 leads to edgepool2"));
  EXPECT_EQ(contoso.Platform(), edited) << "drift only looks";
}

// Could not look is not "no drift".
TEST(DriftTest, SilentNameServer) {
  Contoso contoso({.scenario = "nothing-to-do"});
  contoso.FreezeServer();
  const Finished drift = contoso.Run({"drift"});
  contoso.ThawServer();
  EXPECT_EQ(drift.status, 2) << drift.said();
  EXPECT_THAT(drift.out, HasSubstr("nobody could look"));
  EXPECT_THAT(drift.out, HasSubstr("does not answer"));
}

}  // namespace
}  // namespace poolshift::e2e
