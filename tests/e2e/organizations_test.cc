// Two organisations beside each other: one state directory, one name server.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(OrganizationsTest, ShareAStateDirectory) {
  Contoso contoso({.scenario = "both-failover"});
  contoso.AddNeighbour("northwind", "xmpp-failover", false);
  const std::string saved = contoso.folder().path() + "/night.plan";
  ASSERT_EQ(contoso.Run({"plan", "--out", saved}).status, 2);

  const Finished mistaken = contoso.Run({"apply", saved}, "northwind");
  EXPECT_EQ(mistaken.status, 12) << mistaken.said();
  EXPECT_THAT(mistaken.err, HasSubstr("contoso"));

  const Finished northwind = contoso.Run({"apply", "--auto-approve"}, "northwind");
  EXPECT_EQ(northwind.status, 0) << northwind.said();
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool1) << "northwind's zone is another";
  EXPECT_THAT(contoso.Run({"history"}).out, Not(HasSubstr("done after")));

  const Finished apply = contoso.Run({"apply", saved});
  EXPECT_EQ(apply.status, 0) << apply.said();
  EXPECT_TRUE(EndsInNoDrift(apply.out)) << "what the other did is no reason to plan anew";
  EXPECT_THAT(contoso.Run({"history"}).out, HasSubstr("done after"));
  for (const std::string name : {"", "northwind"})
    EXPECT_EQ(contoso.Run({"drift"}, name).status, 0) << name;
}

TEST(OrganizationsTest, RecordsHaveOneOwner) {
  Contoso contoso({.scenario = "both-failover"});
  contoso.AddNeighbour("northwind", "failback", true);
  ASSERT_EQ(contoso.Run({"apply", "--auto-approve"}).status, 0);
  ASSERT_EQ(contoso.Xmpp(), kXmppAtPool2);

  const Finished northwind = contoso.Run(
      {"apply", "--auto-approve", "--approve", "PoolFailover/frontend1.contoso.com"}, "northwind");
  std::cout << northwind.said();
  EXPECT_EQ(northwind.status, 12) << northwind.said();
  EXPECT_THAT(northwind.said(), HasSubstr("bears the mark of another organisation, `contoso`"));
  EXPECT_EQ(contoso.Xmpp(), kXmppAtPool2);
  EXPECT_EQ(contoso.Sip(), kSipAtPool2);
}

}  // namespace
}  // namespace poolshift::e2e
