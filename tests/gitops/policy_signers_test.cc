// A change of who is believed that several signers have to agree to: every row makes real commits
// with real keys on top of `two`, where two signers are wanted.
#include "gmock/gmock.h"

#include "controller/gitops/policy_change.h"
#include "tests/gitops/repository.h"

namespace poolshift {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// `two` is the commit that wants two signers; `propose NAME` adds eve to them.
constexpr char kPrelude[] = R"sh(
more='      - {name: eve, ssh: '$(key eve)'}'
propose() { EXTRA=$more; policy >policy.yaml; EXTRA=; commit "$1" propose; git tag -f proposed >/dev/null; }
confirm=2; policy >policy.yaml; commit alice two; git tag two
)sh";

struct Row {
  std::string_view name;
  std::string_view script;
  std::string_view fault;         // Name(CommitFault), or "" when the tip is believed
  std::string_view reached;       // revision of the last believed commit
  std::string_view signers = "";  // that the change has
};

const Row kRows[] = {
    {"OneSignerAlone", "propose alice", "unconfirmed", "two", "alice"},
    {"AnotherConfirms", "propose alice; confirms carol", "", "HEAD"},
    {"TheOtherWayRound", "propose carol; confirms alice", "", "HEAD"},
    {"FromThenOnItHolds", "propose alice; confirms carol; change eve contoso.yaml", "", "HEAD"},
    {"NotBefore", "propose alice; change eve contoso.yaml", "unknown-key", "two"},
    {"OtherChangesNeedOne", "change alice contoso.yaml; change bob README.md", "", "HEAD"},
    {"ConfirmedLater",
     "propose alice; change carol a.txt; change alice b.txt; confirms carol proposed",
     "",
     "HEAD"},
    // One person alone.
    {"TwiceTheSame", "propose alice; confirms alice", "unconfirmed", "two", "alice"},
    {"TwoKeysOfOnePerson",
     "git reset -q --hard base; EXTRA='      - {name: alice, ssh: '$(key eve)'}';"
     "policy >policy.yaml; commit alice; git tag own;"
     "policy | grep -v 'name: bob' >policy.yaml; commit alice; confirms eve",
     "unconfirmed",
     "own",
     "alice"},
    {"WhoIsAddedConfirms", "propose alice; confirms eve", "unknown-key", "two"},
    {"WhoIsRevokedConfirms", "propose alice; confirms gone", "revoked", "two"},
    {"WhoHasExpiredConfirms", "propose alice; confirms old", "expired", "two"},
    {"NobodyConfirms", "propose alice; confirms none", "unsigned", "two"},
    {"CountIsLowered",
     "confirm=1; policy >policy.yaml; commit alice; change alice a.txt",
     "unconfirmed",
     "two",
     "alice"},
    {"CountIsLoweredByTwo",
     "confirm=1; policy >policy.yaml; commit alice; confirms carol; propose alice",
     "",
     "HEAD"},
    {"PolicyIsRemoved", "git rm -q policy.yaml; commit alice", "unconfirmed", "two", "alice"},
    {"SignaturesBecomeOptional",
     "signatures=optional; policy >policy.yaml; commit alice",
     "unconfirmed",
     "two",
     "alice"},
    // Who may not change the policy cannot confirm it.
    {"OfOtherPaths", "propose alice; confirms bob", "unconfirmed", "two", "alice"},
    {"OfOtherPathsAndThenOfAll",
     "propose alice; confirms bob; confirms carol proposed",
     "",
     "HEAD"},
    {"MovedToWhereOthersMayChangeIt",
     "git mv policy.yaml sites/policy.yaml; commit alice; confirms bob",
     "unconfirmed",
     "two",
     "alice"},
    {"BroughtInByWhoMayNot",
     "git checkout -q -b side; propose alice; git checkout -q main; change bob README.md;"
     "merge bob side; confirms carol",
     "unconfirmed",
     "HEAD^^1",
     "carol"},
    {"BroughtInByWhoMayNotAndConfirmedByTwo",
     "git checkout -q -b side; propose alice; git checkout -q main; change bob README.md;"
     "merge bob side; git tag merged; confirms carol; confirms alice merged",
     "",
     "HEAD"},
    {"SquashedFromABranch",
     "git checkout -q -b side; change alice contoso.yaml; propose alice; git checkout -q main;"
     "git merge -q --squash side; commit carol; confirms alice",
     "unconfirmed",
     "two",
     "alice"},
    {"NobodyProposes",
     "signatures=optional; policy >policy.yaml; commit alice; confirms carol; git tag lax;"
     "propose none; confirms alice",
     "unconfirmed",
     "lax",
     "alice"},
    {"NobodyProposesAndTwoConfirm",
     "signatures=optional; policy >policy.yaml; commit alice; confirms carol;"
     "propose none; confirms alice; confirms carol proposed",
     "",
     "HEAD"},
    // What is no confirmation of this change.
    {"OnlyACommitOnTop", "propose alice; change carol contoso.yaml", "unconfirmed", "two", "alice"},
    {"OfAnotherCommit", "propose alice; confirms carol two", "unconfirmed", "two", "alice"},
    {"Abbreviated",
     "propose alice; git $(signed carol) commit -q --allow-empty "
     "-m \"$(printf 'yes\\n\\nPoolshift-Confirm: %.12s' $(git rev-parse HEAD))\"",
     "unconfirmed",
     "two",
     "alice"},
    {"NotInTheTrailers",
     "propose alice; git $(signed carol) commit -q --allow-empty "
     "-m \"$(printf 'Poolshift-Confirm: %s\\n\\nno, not this' $(git rev-parse HEAD))\"",
     "unconfirmed",
     "two",
     "alice"},
    {"OfAChangeThatWasChanged",
     "propose alice; git tag first;"
     "more='      - {name: dora, ssh: '$(key eve)'}'; propose alice; confirms carol first",
     "unconfirmed",
     "two"},
    {"WhoeverChangesItAgainHasNotConfirmed",
     "propose alice; git tag first; more='      - {name: dora, ssh: '$(key eve)'}';"
     "EXTRA=$more; policy >policy.yaml; git add -A; confirms carol first",
     "unconfirmed",
     "two"},
    {"WhoAddsToItHasNotRead",
     "propose alice; EXTRA=\"$more\"; policy | grep -v 'name: old' >policy.yaml; commit carol;"
     "confirms alice",
     "unconfirmed",
     "two",
     "alice"},
    {"WhoMendsAFaultHasNotRead",
     "echo 'a: [' >broken.yaml; propose alice; git rm -q broken.yaml; commit carol; confirms alice",
     "unconfirmed",
     "proposed",
     "alice"},
    {"WhoMergesItHasNotRead",
     "git checkout -q -b side; propose alice; git checkout -q main; change alice a.txt;"
     "merge carol side; confirms alice",
     "unconfirmed",
     "HEAD^^1",
     "alice"},
    {"WhoMergesItMaySaySo",
     "git checkout -q -b side; propose alice; git checkout -q main; change alice a.txt;"
     "merge carol side; git tag merged; confirms alice merged; confirms carol merged",
     "",
     "HEAD"},
    {"OldConfirmationOfTheSameText",
     "propose alice; git tag first; confirms carol; policy >policy.yaml; commit alice;"
     "confirms carol; git tag back; propose alice; confirms alice first",
     "unconfirmed",
     "back",
     "alice"},
    {"ConfirmedOnABranchOnly",
     "git checkout -q -b side; propose alice; confirms carol; git checkout -q main;"
     "change alice a.txt; merge alice side",
     "unconfirmed",
     "HEAD^1"},
    {"BothOnTheWay",
     "git checkout -q -b side; propose alice; confirms carol; git checkout -q main;"
     "git $(signed bob) merge -q --ff-only side; change eve a.txt",
     "",
     "HEAD"},
    {"UnsignedInBetween",
     "propose alice; change none a.txt; confirms carol proposed",
     "unsigned",
     "two"},
    // Taken back, and faults.
    {"TakenBack",
     "propose alice; policy >policy.yaml; commit alice; change bob README.md",
     "",
     "HEAD"},
    {"FaultsInBetween",
     "propose alice; echo 'a: [' >broken.yaml; commit carol; git rm -q broken.yaml;"
     "confirms carol proposed",
     "",
     "HEAD"},
    {"FaultyCommitConfirmsNothing",
     "propose alice; echo 'a: [' >broken.yaml; git add -A; confirms carol proposed",
     "unconfirmed",
     "two",
     "alice"},
};

class PolicySigners : public RepositoryTest, public testing::WithParamInterface<Row> {};

TEST_P(PolicySigners, AreAsked) {
  const Row& row = GetParam();
  Script(kPrelude + std::string(row.script));
  GitSource source = Open();
  const auto verdict = JudgeFromBase(source);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  const CommitRefusal refusal = verdict->refusal.value_or(CommitRefusal());
  EXPECT_EQ(verdict->refusal.has_value() ? Name(refusal.fault) : "", row.fault) << refusal.text;
  EXPECT_EQ(verdict->reached.commit, Id(std::string(row.reached) + "^{commit}")) << refusal.text;
  if (row.fault == "unconfirmed") {
    EXPECT_EQ(refusal.signer, row.signers) << refusal.text;
  }
  const std::string last = verdict->believed.empty() ? "" : verdict->believed.back().id;
  EXPECT_EQ(last, verdict->reached.commit) << "nothing after it is believed";
  // Judging again from there, as after a restart, says the same.
  const auto standing = source.StandOn(verdict->reached.commit, verdict->reached.trust_commit);
  ASSERT_TRUE(standing.ok()) << standing.status();
  const auto again = source.Judge(*standing, verdict->tip, clock_.Now());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->reached.commit, verdict->reached.commit);
  EXPECT_EQ(again->refusal.value_or(CommitRefusal()).text, refusal.text);
}

INSTANTIATE_TEST_SUITE_P(Rows, PolicySigners, testing::ValuesIn(kRows), [](const auto& row) {
  return std::string(row.param.name);
});

class UnconfirmedTest : public RepositoryTest {
 protected:
  std::string Refused(const std::string& script) const {
    Script(kPrelude + script);
    GitSource source = Open();
    const auto verdict = JudgeFromBase(source);
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return verdict.ok() && verdict->refusal.has_value() ? verdict->refusal->text : "";
  }
};

TEST_F(UnconfirmedTest, SaysWhoMustConfirmWhat) {
  const std::string text = Refused("propose alice");
  const std::string commit = Id("proposed");
  EXPECT_EQ(text,
            "commit " + commit.substr(0, 12) +
                " changes who is believed (adds a key of eve); the "
                "declaration of " +
                Id("two").substr(0, 12) +
                " wants 2 signers for that, and it has alice; carol or lapsed or taken must "
                "confirm it, with `git commit -S --allow-empty -m confirmed --trailer "
                "'Poolshift-Confirm: " +
                commit + "'`, or somebody takes it back (`git revert`)");
}

TEST_F(UnconfirmedTest, CommandThatItNamesConfirms) {
  const std::string text = Refused("propose alice");
  const std::size_t begin = text.find("--trailer"), end = text.find('`', begin);
  ASSERT_NE(end, std::string::npos) << text;
  Script("git $(signed carol) commit -S -q --allow-empty -m confirmed " +
         text.substr(begin, end - begin));
  GitSource source = Open();
  const auto verdict = JudgeFromBase(source);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_FALSE(verdict->refusal.has_value()) << verdict->refusal->text;
  EXPECT_EQ(verdict->reached.commit, Id("HEAD"));
}

TEST_F(UnconfirmedTest, SaysWhatIsChanged) {
  EXPECT_THAT(Refused("confirm=3; signatures=optional; policy | grep -v 'name: bob' | "
                      "sed '/name: alice/s/}/, until: 2030-01-01}/' >policy.yaml; commit alice"),
              AllOf(HasSubstr("changes what a key of alice may do"),
                    HasSubstr("removes a key of bob"),
                    HasSubstr("makes signatures optional"),
                    HasSubstr("`policySigners` 2 → 3"),
                    Not(HasSubstr("carol may do"))));
}

TEST_F(UnconfirmedTest, SaysWhenNobodyElseCould) {
  EXPECT_THAT(Refused("git reset -q --hard base;"
                      "cat >policy.yaml <<END\napiVersion: poolshift/v1\nkind: Policy\n"
                      "metadata: {name: policy}\nspec:\n  commits:\n    policySigners: 2\n"
                      "    signers:\n      - {name: alice, ssh: $(key alice)}\n"
                      "      - {name: bob, ssh: $(key bob), paths: [\"sites/**\"]}\nEND\n"
                      "commit alice; echo '      - {name: eve, ssh: '$(key eve)'}' >>policy.yaml;"
                      "commit alice"),
              HasSubstr("there are too few others whose signature would count"));
}

}  // namespace
}  // namespace poolshift
