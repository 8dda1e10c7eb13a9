// A plan that is saved, read by somebody, and carried out later as it is.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"
#include <sys/stat.h>

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SavedPlanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const Finished plan = contoso_.Run({"plan", "--out", File()});
    ASSERT_EQ(plan.status, 2) << plan.said();
  }
  std::string File() const { return contoso_.folder().path() + "/night.plan"; }
  Finished Apply() { return contoso_.Run({"apply", File()}); }

  void ExpectUntouched() {
    EXPECT_EQ(contoso_.Sip(), kSipAtPool1);
    const Finished history = contoso_.Run({"history"});
    EXPECT_EQ(history.status, 0) << history.said();
    EXPECT_THAT(history.out, Not(HasSubstr("plan "))) << "no run began";
  }

  Contoso contoso_{{.scenario = "both-failover"}};
};

TEST_F(SavedPlanTest, CarriedOutOnce) {
  struct stat status {};
  ASSERT_EQ(::stat(File().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);

  const Finished first = Apply();
  EXPECT_EQ(first.status, 0) << first.said();
  EXPECT_TRUE(EndsInNoDrift(first.out)) << first.said();
  EXPECT_EQ(contoso_.Xmpp(), kXmppAtPool2);

  const Finished second = Apply();
  EXPECT_EQ(second.status, 13) << second.said();
  EXPECT_THAT(second.err, HasSubstr("used"));
}

TEST_F(SavedPlanTest, ZoneMovedSince) {
  contoso_.EditZone({"delete xmpp.contoso.com. A 203.0.113.12"});
  const Finished apply = Apply();
  EXPECT_EQ(apply.status, 13) << apply.said();
  EXPECT_THAT(apply.err, HasSubstr("DnsRecordSet/xmpp.contoso.com/A"));
  EXPECT_EQ(contoso_.Xmpp(), Lines{"203.0.113.11"});
  ExpectUntouched();
}

TEST_F(SavedPlanTest, PlatformMovedSince) {
  contoso_.EditWorld("sites/Site2/xmpp", "edgepool2.contoso.com");
  const Finished apply = Apply();
  EXPECT_EQ(apply.status, 13) << apply.said();
  EXPECT_THAT(apply.err, HasSubstr("SiteRoute/Site2"));
  ExpectUntouched();
}

TEST_F(SavedPlanTest, DamagedFile) {
  std::string plan = contoso_.folder().Read("night.plan");
  plan[plan.size() / 2] ^= 1;
  contoso_.folder().Write("night.plan", plan);
  const Finished apply = Apply();
  EXPECT_EQ(apply.status, 10) << apply.said();
  ExpectUntouched();
}

}  // namespace
}  // namespace poolshift::e2e
