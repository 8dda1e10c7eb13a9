// What somebody changes by hand is found, named, and dated.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;

TEST(DriftTest, HandEditInTheZone) {
  Contoso contoso({.scenario = "both-failover"});
  ASSERT_EQ(contoso.Run({"apply", "--auto-approve"}).status, 0);
  contoso.EditZone(
      {"delete xmpp.contoso.com. A 198.51.100.22", "add xmpp.contoso.com. 5 A 203.0.113.11"});
  const Lines edited{"198.51.100.21", "203.0.113.11"};
  ASSERT_EQ(contoso.Xmpp(), edited);

  const Finished drift = contoso.Run({"drift"});
  std::cout << drift.said();
  EXPECT_EQ(drift.status, 2) << drift.said();
  EXPECT_THAT(drift.out, HasSubstr("DnsRecordSet/xmpp.contoso.com/A"));
  EXPECT_THAT(drift.out, HasSubstr("203.0.113.11"));
  EXPECT_EQ(contoso.Xmpp(), edited) << "drift only looks";

  const nlohmann::json first = contoso.Json({"drift"}), second = contoso.Json({"drift"});
  std::cout << first.dump(1);
  std::cout << contoso.Run({"plan"}).out;
}

}  // namespace
}  // namespace poolshift::e2e
