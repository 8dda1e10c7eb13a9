// Going on from a run that did not reach its end.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"
#include "tests/e2e/whole_run.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPublishing[] =
    "publish the topology: SIP federation edgepool1 -> edgepool2: started";
constexpr char kInstalling[] = "install the published roles on edgeserver2a.contoso.com: started";

class ResumeTest : public ::testing::Test {
 protected:
  // Approved by a person, and killed when it has said so.
  void Kill(const Lines& words, const std::string& progress) {
    const auto killed = contoso_.Start(words);
    ASSERT_TRUE(killed->WaitFor(progress));
    killed->Kill();
    ASSERT_THAT(killed->out(), Not(HasSubstr("No drift."))) << "it was killed too late";
  }

  Contoso contoso_{{.scenario = "both-failover", .manifest = Brisk, .world = Slow}};
};

TEST_F(ResumeTest, GoesOnWithoutAskingAgain) {
  Kill(kApply, kInstalling);
  const Finished resume = contoso_.Run({"resume"});
  EXPECT_EQ(resume.status, 0) << resume.said();
  EXPECT_TRUE(EndsInNoDrift(resume.out)) << resume.said();
  EXPECT_THAT(resume.err, HasSubstr("covered by the approval of run 1"));
  EXPECT_EQ(contoso_.Platform(), WholeRun("both-failover"));
  const Finished history = contoso_.Run({"history"});
  EXPECT_THAT(history.out, HasSubstr("resumes run 1")) << history.said();
  const Finished again = contoso_.Run({"resume"});
  EXPECT_EQ(again.status, 0) << again.said();
  EXPECT_THAT(again.out, HasSubstr("Nothing to resume: run 2 of"));
}

TEST_F(ResumeTest, MayBeKilledAgainAndAgain) {
  Kill(kApply, kPublishing);
  Kill({"resume"}, kInstalling);
  Kill({"resume"}, "point A xmpp.contoso.com at 198.51.100.21, 198.51.100.22: started");
  ExpectFinished(contoso_, "both-failover", {"resume"});
}

TEST_F(ResumeTest, ACommitSinceIsAsked) {
  Kill(kApply, kInstalling);
  const std::string manifest = contoso_.folder().Read("contoso/contoso.yaml");
  contoso_.folder().Write("contoso/contoso.yaml",
                          With(manifest, "fire in the computer room", "fire and water in the room"),
                          0644);
  const Finished resume = contoso_.Run({"resume"});
  EXPECT_EQ(resume.status, 12) << resume.said();
  EXPECT_THAT(resume.err, HasSubstr("the manifests are not those that run 1"));
  EXPECT_EQ(contoso_.Xmpp(), kXmppAtPool1);
  ExpectFinished(contoso_, "both-failover", {"resume", "--auto-approve"});
}

TEST_F(ResumeTest, WhatNobodyApprovedIsAsked) {
  Kill(kApply, kInstalling);
  contoso_.EditZone({"delete xmpp.contoso.com. A 203.0.113.12"});
  const Finished resume = contoso_.Run({"resume"});
  EXPECT_EQ(resume.status, 12) << resume.said();
  EXPECT_THAT(resume.err, HasSubstr("not in the plan of run 1"));
  EXPECT_THAT(resume.err, HasSubstr("point A xmpp.contoso.com"));
  EXPECT_EQ(contoso_.Xmpp(), Lines{"203.0.113.11"});
}

TEST_F(ResumeTest, NothingToResume) {
  const Finished resume = contoso_.Run({"resume"});
  EXPECT_EQ(resume.status, 0) << resume.said();
  EXPECT_THAT(resume.out, HasSubstr("Nothing to resume: no run of contoso"));
}

}  // namespace
}  // namespace poolshift::e2e
