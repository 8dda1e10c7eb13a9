// Following a real repository: what is taken, what is refused, and what a restart remembers.
#include "controller/gitops/git_declarations.h"

#include <filesystem>

#include "gmock/gmock.h"

#include "tests/gitops/repository.h"

namespace poolshift {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class FollowTest : public RepositoryTest {
 protected:
  std::unique_ptr<GitDeclarations> Follow(FirstTrust trust) const {
    GitDeclarations::Options options;
    options.git = OptionsFor();
    options.trust = std::move(trust);
    options.state_directory = root_ + "/state";
    options.base_directory = root_;
    EXPECT_TRUE(files_.MakePrivateDirectory(options.state_directory).ok());
    auto source = GitDeclarations::Open(world_, options);
    EXPECT_TRUE(source.ok()) << source.status();
    return *std::move(source);
  }
  std::unique_ptr<GitDeclarations> FromBase() const { return Follow({.commit = Id("base")}); }
};

TEST_F(FollowTest, SignedCommitIsTaken) {
  const auto source = FromBase();
  const Sighting first = source->Look(clock_.Now());
  ASSERT_NE(first.declaration, nullptr) << first.refused << first.unreachable;
  EXPECT_EQ(first.declaration->commit, Id("base"));
  Script("change alice contoso.yaml");
  const Sighting second = source->Look(clock_.Now());
  EXPECT_EQ(second.refused, "");
  EXPECT_EQ(second.declaration->commit, Id("main"));
  EXPECT_THAT(second.declaration->author, HasSubstr("signed by alice"));
  EXPECT_FALSE(second.declaration->texts.empty());
}

TEST_F(FollowTest, UnsignedCommitLeavesTheLastInForce) {
  const auto source = FromBase();
  source->Look(clock_.Now());
  Script("change none contoso.yaml");
  const Sighting refused = source->Look(clock_.Now());
  EXPECT_THAT(refused.refused, HasSubstr(Id("main").substr(0, 12)));
  EXPECT_EQ(refused.declaration->commit, Id("base"));
}

TEST_F(FollowTest, RewrittenBranchIsRefused) {
  const auto source = FromBase();
  Script("change alice contoso.yaml");
  const std::string believed = Id("main");
  source->Look(clock_.Now());
  Script("git reset -q --hard base; change alice other.txt");
  const Sighting refused = source->Look(clock_.Now());
  EXPECT_NE(refused.refused, "");
  EXPECT_EQ(refused.declaration->commit, believed);
}

TEST_F(FollowTest, RestartRemembersWhatWasVerified) {
  FromBase()->Look(clock_.Now());
  Script("change alice contoso.yaml");
  const std::string believed = Id("main");
  FromBase()->Look(clock_.Now());
  Script("git reset -q --hard base; change alice other.txt");
  // A controller that began anew at `base` would take it; this one knows better.
  const Sighting refused = FromBase()->Look(clock_.Now());
  EXPECT_NE(refused.refused, "");
  ASSERT_NE(refused.declaration, nullptr);
  EXPECT_EQ(refused.declaration->commit, believed);
}

TEST_F(FollowTest, RestartKnowsWhoSigned) {
  FromBase()->Look(clock_.Now());
  Script("change alice contoso.yaml");
  const std::string author = FromBase()->Look(clock_.Now()).declaration->author;
  EXPECT_THAT(author, HasSubstr("signed by alice"));
  EXPECT_EQ(FromBase()->Look(clock_.Now()).declaration->author, author);
}

TEST_F(FollowTest, TamperedRecordIsNoTrust) {
  FromBase()->Look(clock_.Now());
  ASSERT_TRUE(files_.Replace(root_ + "/state/verified", "main main\n", 0600).ok());
  const Sighting refused = FromBase()->Look(clock_.Now());
  EXPECT_THAT(refused.refused, HasSubstr("state/verified"));
  EXPECT_EQ(refused.declaration, nullptr);
}

TEST_F(FollowTest, RepositoryAwayLeavesTheLastInForce) {
  const auto source = FromBase();
  source->Look(clock_.Now());
  std::filesystem::rename(repository_, repository_ + ".away");
  const Sighting away = source->Look(clock_.Now());
  std::filesystem::rename(repository_ + ".away", repository_);
  EXPECT_NE(away.unreachable, "");
  EXPECT_EQ(away.refused, "");
  ASSERT_NE(away.declaration, nullptr);
}

TEST_F(FollowTest, RestartWhileTheRepositoryIsAway) {
  for (const bool unsigned_commits : {false, true}) {
    SCOPED_TRACE(unsigned_commits);
    const FirstTrust trust =
        unsigned_commits ? FirstTrust{.unsigned_commits = true} : FirstTrust{.commit = Id("base")};
    Follow(trust)->Look(clock_.Now());
    std::filesystem::rename(repository_, repository_ + ".away");
    const Sighting away = Follow(trust)->Look(clock_.Now());
    std::filesystem::rename(repository_ + ".away", repository_);
    EXPECT_NE(away.unreachable, "");
    EXPECT_EQ(away.refused, "");
    ASSERT_NE(away.declaration, nullptr);
    EXPECT_EQ(away.declaration->commit, Id("main"));
  }
}

TEST_F(FollowTest, NamedSignersAreTheFirstTrust) {
  CommitSigner alice, eve;
  alice.name = "Alice";
  alice.ssh = Script("key alice");
  eve.name = "eve";
  eve.ssh = Script("key eve");
  const Sighting refused = Follow({.signers = {eve}})->Look(clock_.Now());
  EXPECT_NE(refused.refused, "");
  EXPECT_EQ(refused.declaration, nullptr);
  const Sighting taken = Follow({.signers = {alice}})->Look(clock_.Now());
  ASSERT_NE(taken.declaration, nullptr) << taken.refused;
  EXPECT_EQ(taken.declaration->commit, Id("main"));
}

TEST_F(FollowTest, UnsignedHistoryStillOnlyGrows) {
  const auto source = Follow({.unsigned_commits = true});
  Script("change none contoso.yaml");
  const std::string seen = Id("main");
  EXPECT_EQ(source->Look(clock_.Now()).declaration->commit, seen);
  Script("git reset -q --hard base; change none other.txt");
  const Sighting refused = source->Look(clock_.Now());
  EXPECT_NE(refused.refused, "");
  EXPECT_EQ(refused.declaration->commit, seen);
  const Sighting later = Follow({.unsigned_commits = true})->Look(clock_.Now());
  EXPECT_NE(later.refused, "") << "also for a controller that begins after it was rewritten";
  ASSERT_NE(later.declaration, nullptr);
  EXPECT_EQ(later.declaration->commit, seen);
}

TEST_F(FollowTest, AgreementsCountForSigners) {
  const auto source = FromBase();
  source->Look(clock_.Now());
  Script(R"sh(commit alice "$(printf 'agree\n\nPoolshift-Approve: 5f0c1234')")sh");
  const Sighting agreed = source->Look(clock_.Now());
  ASSERT_THAT(agreed.agreements, SizeIs(1)) << agreed.refused;
  EXPECT_EQ(agreed.agreements[0].digest, "5f0c1234");
  EXPECT_EQ(agreed.agreements[0].who, "alice");
  EXPECT_EQ(agreed.agreements[0].commit, Id("main"));
  EXPECT_THAT(source->Look(clock_.Now()).agreements, IsEmpty()) << "said once";
}

TEST_F(FollowTest, UnconfirmedPolicyLeavesTheLastInForce) {
  Script("confirm=2; policy >policy.yaml; commit alice two; git tag two");
  FromBase()->Look(clock_.Now());
  Script(
      "EXTRA='      - {name: eve, ssh: '$(key eve)'}'; confirm=2; policy >policy.yaml;"
      "commit alice; git tag proposed; change alice contoso.yaml;"
      "commit alice \"$(printf 'agree\\n\\nPoolshift-Approve: 5f0c1234')\"");
  for (int look = 0; look < 2; ++look) {  // also of a controller that begins anew
    const Sighting waiting = FromBase()->Look(clock_.Now());
    EXPECT_THAT(waiting.refused, HasSubstr("must confirm it"));
    EXPECT_EQ(waiting.refused_commit, Id("proposed"));
    ASSERT_NE(waiting.declaration, nullptr);
    EXPECT_EQ(waiting.declaration->commit, Id("two"));
    EXPECT_THAT(waiting.declaration->author, HasSubstr("signed by alice"));
    EXPECT_THAT(waiting.agreements, IsEmpty()) << "nothing after it is heard";
  }
  Script("confirms carol proposed");
  const Sighting taken = FromBase()->Look(clock_.Now());
  EXPECT_EQ(taken.refused, "");
  EXPECT_EQ(taken.declaration->commit, Id("main"));
  EXPECT_THAT(taken.declaration->author, HasSubstr("signed by carol"));
  EXPECT_THAT(taken.agreements, SizeIs(1));
}

TEST_F(FollowTest, LockFileIsThatOfTheCommit) {
  const auto source = FromBase();
  EXPECT_FALSE(source->Look(clock_.Now()).declaration->lock.has_value());
  Script("printf 'sim %064d\\n' 1 >poolshift.lock; commit alice");
  const auto taken = source->Look(clock_.Now()).declaration;
  ASSERT_TRUE(taken->lock.has_value());
  EXPECT_EQ(taken->lock->first, Id("main").substr(0, 12) + ":poolshift.lock");
  EXPECT_EQ(taken->lock->second, "sim " + std::string(63, '0') + "1\n");
  Script("printf 'sim %064d\\n' 2 >poolshift.lock; commit none");
  EXPECT_EQ(source->Look(clock_.Now()).declaration->lock->second, taken->lock->second)
      << "an unsigned commit pins nothing";
}

}  // namespace
}  // namespace poolshift
