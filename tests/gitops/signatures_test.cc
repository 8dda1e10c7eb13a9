// Who is believed: every row makes real commits on top of `base` with real keys, and says what the
// judge must find.
#include <cstdlib>

#include "gmock/gmock.h"

#include "tests/gitops/repository.h"

namespace poolshift {
namespace {

struct Row {
  std::string_view name;
  std::string_view script;       // prelude.sh; the branch is `main`, checked out
  std::string_view fault;        // Name(CommitFault), or "" when the tip is believed
  std::string_view reached;      // revision of the last believed commit
  std::string_view signer = "";  // of the refused commit
  std::string_view paths = "";   // that are not allowed, in order
};

const Row kRows[] = {
    // Signatures themselves.
    {"SshKey", "change alice contoso.yaml", "", "HEAD"},
    {"OpenPgpKey", "change carol contoso.yaml", "", "HEAD"},
    {"SeveralSigners", "change alice a.txt; change carol b.txt; change bob README.md", "", "HEAD"},
    {"NothingNew", "true", "", "base"},
    {"Unsigned", "change none contoso.yaml", "unsigned", "base"},
    {"UnsignedAfterSigned", "change alice a.txt; change none b.txt", "unsigned", "HEAD^"},
    {"SignedAfterUnsigned", "change none a.txt; change alice b.txt", "unsigned", "base"},
    {"StrangeSshKey", "change eve contoso.yaml", "unknown-key", "base"},
    {"StrangeOpenPgpKey", "change stranger contoso.yaml", "unknown-key", "base"},
    {"OtherNamespace",
     "git -c gpg.ssh.program=$KEYS/bin/other-purpose $(signed alice) commit -q --allow-empty -m x",
     "other-purpose",
     "base"},
    {"SshKeyPastItsDay", "change old contoso.yaml", "expired", "base", "old"},
    {"BackdatedCommit",
     "export GIT_COMMITTER_DATE=2019-01-01T00:00:00Z GIT_AUTHOR_DATE=2019-01-01T00:00:00Z;"
     "change old contoso.yaml",
     "expired",
     "base",
     "old"},
    {"OpenPgpKeyPastItsDay", "change lapsed contoso.yaml", "expired", "base", "lapsed"},
    {"RevokedSshKey", "change gone contoso.yaml", "revoked", "base", "gone"},
    {"RevokedOpenPgpKey", "change taken contoso.yaml", "revoked", "base", "taken"},
    {"TamperedMessage",
     "change alice a.txt; forge 's/^change a.txt/change b.txt/'",
     "bad-signature",
     "base"},
    {"TamperedMessageOpenPgp",
     "change carol a.txt; forge 's/^change a.txt/x/'",
     "bad-signature",
     "base"},
    {"TamperedTree",
     "change alice a.txt; forge \"s/^tree .*/tree $(git rev-parse base^{tree})/\"",
     "bad-signature",
     "base"},
    {"TamperedAuthor",
     "change alice a.txt; forge 's/^author Somebody/author Alice/'",
     "bad-signature",
     "base"},
    {"SignatureOfAnotherCommit",
     "change alice a.txt; change alice b.txt;"
     "git cat-file commit HEAD^ | sed -n '/^gpgsig/,/END SSH/p' >$HOME/taken;"
     "forge \"/^gpgsig/,/END SSH/d\"; forge \"/^committer/r $HOME/taken\"",
     "bad-signature",
     "HEAD~1"},
    {"GarbledSignature",
     "change alice a.txt; forge '/^ U1N/s/[A-Za-z]/Q/g'",
     "bad-signature",
     "base"},
    {"SignatureOfAnotherSystemIsNone",
     "change alice a.txt; forge 's/SSH SIGNATURE/SIGNED MESSAGE/'",
     "unsigned",
     "base"},
    {"KeyOfTheUsersOwnConfiguration",
     "echo \"eve $(key eve)\" >$HOME/signers;"
     "git config --global gpg.ssh.allowedSignersFile $HOME/signers;"
     "git config gpg.ssh.allowedSignersFile $HOME/signers; change eve contoso.yaml",
     "unknown-key",
     "base"},
    {"ReplacedCommit",
     "change none a.txt; bad=$(git rev-parse HEAD); git reset -q --hard base; change alice a.txt;"
     "git replace $bad HEAD; git update-ref refs/heads/main $bad",
     "unsigned",
     "base"},
    // Who says who may sign.
    {"SignerNamesItself",
     "EXTRA='      - {name: eve, ssh: '$(key eve)'}'; policy >policy.yaml; commit eve",
     "unknown-key",
     "base"},
    {"SignerNamedByAnother",
     "EXTRA='      - {name: eve, ssh: '$(key eve)'}'; policy >policy.yaml; commit alice;"
     "change eve contoso.yaml",
     "",
     "HEAD"},
    {"SignerRemovesItself",
     "policy | grep -v 'name: alice' >policy.yaml; commit alice; change alice a.txt",
     "unknown-key",
     "HEAD^"},
    {"RemovedSignerSigns",
     "policy | grep -v 'name: bob' >policy.yaml; commit alice; change bob README.md",
     "unknown-key",
     "HEAD^"},
    {"RemovedSignersBranchIsMerged",
     "git checkout -q -b side; change bob README.md; git checkout -q main;"
     "policy | grep -v 'name: bob' >policy.yaml; commit alice; merge alice side",
     "unknown-key",
     "HEAD^1"},
    {"SignerNamedOnABranchSignsThere",
     "git checkout -q -b side; EXTRA='      - {name: eve, ssh: '$(key eve)'}';"
     "policy >policy.yaml; commit alice; change eve a.txt; git checkout -q main; change alice "
     "b.txt;"
     "merge alice side",
     "unknown-key",
     "HEAD^1"},
    {"NobodyMaySign",
     "rm policy.yaml; commit alice; change alice a.txt",
     "nobody-may-sign",
     "HEAD^"},
    {"OptionalSignatures",
     "signatures=optional; policy >policy.yaml; commit alice; change none a.txt; change eve b.txt",
     "",
     "HEAD"},
    {"OptionalAndTampered",
     "signatures=optional; policy >policy.yaml; commit alice; change alice a.txt;"
     "forge 's/^change/changed/'",
     "bad-signature",
     "HEAD^"},
    {"BrokenManifestsChangeNoTrust",
     "echo 'a: [' >broken.yaml; commit alice; change bob README.md; rm broken.yaml; commit alice",
     "",
     "HEAD"},
    // What a signer may change.
    {"PathOfTheSigner", "change bob sites/berlin/edge.yaml; change bob README.md", "", "HEAD"},
    {"PathOfOthers", "change bob policy.yaml", "forbidden-path", "base", "bob", "policy.yaml"},
    {"OneOfManyPaths",
     "echo x >a.txt; echo x >sites/x.md; echo x >z.txt; commit bob",
     "forbidden-path",
     "base",
     "bob",
     "a.txt z.txt"},
    {"MovedIn",
     "git mv contoso.yaml sites/contoso.yaml; commit bob",
     "forbidden-path",
     "base",
     "bob",
     "contoso.yaml"},
    {"MovedOut",
     "git mv sites/berlin.yaml berlin.yaml; commit bob",
     "forbidden-path",
     "base",
     "bob",
     "berlin.yaml"},
    {"Removed",
     "git rm -q contoso.yaml; commit bob",
     "forbidden-path",
     "base",
     "bob",
     "contoso.yaml"},
    {"ModeAlone",
     "chmod +x contoso.yaml; commit bob",
     "forbidden-path",
     "base",
     "bob",
     "contoso.yaml"},
    {"FolderBecomesFile",
     "git rm -qr sites; mkdir -p sites; git mv README.md sites/README.md; commit bob;"
     "git rm -qr sites; echo x >sites; commit bob",
     "forbidden-path",
     "HEAD^",
     "bob",
     "sites"},
    {"EmptyCommit", "commit bob", "", "HEAD"},
    // Merges.
    {"SignedMerge",
     "git checkout -q -b side; change bob README.md; git checkout -q main; change alice a.txt;"
     "merge carol side",
     "",
     "HEAD"},
    {"UnsignedMerge",
     "git checkout -q -b side; change bob README.md; git checkout -q main; change alice a.txt;"
     "merge none side",
     "unsigned",
     "HEAD^1"},
    {"UnsignedSecondParent",
     "git checkout -q -b side; change none README.md; git checkout -q main; change alice a.txt;"
     "merge alice side",
     "unsigned",
     "HEAD^1"},
    {"MergedTheOtherWayRound",
     "change alice a.txt; git checkout -q -b side base; change bob README.md; merge alice main;"
     "git branch -qf main side; git checkout -q main",
     "",
     "HEAD"},
    {"MergeOfWhatOthersChanged",
     "git checkout -q -b side; change alice policy.yaml; git checkout -q main;"
     "change bob README.md; merge bob side",
     "",
     "HEAD"},
    {"MergeWithAChangeOfItsOwn",
     "git checkout -q -b side; change bob README.md; git checkout -q main; change alice a.txt;"
     "merge bob side --no-commit; echo x >>policy.yaml; commit bob",
     "forbidden-path",
     "HEAD^1",
     "bob",
     "policy.yaml"},
    {"MergeThatTakesBack",
     "git checkout -q -b side; change alice policy.yaml; git checkout -q main;"
     "change bob README.md; merge bob side -s ours",
     "forbidden-path",
     "HEAD^1",
     "bob",
     "policy.yaml"},
    {"BranchThatTakesBack",
     "git checkout -q -b side; change bob README.md; git checkout -q main; change alice "
     "policy.yaml;"
     "git checkout -q side; merge bob main -s ours; git checkout -q main; merge bob side",
     "forbidden-path",
     "HEAD^1",
     "bob",
     "policy.yaml"},
    {"HistoryFromElsewhere",
     "git checkout -q --orphan other; git rm -rqf .; change eve sites/x.md; git checkout -q main;"
     "merge alice other --allow-unrelated-histories",
     "unknown-key",
     "base"},
    {"RootOfASigner",
     "git checkout -q --orphan other; git rm -rqf .; change bob policy.yaml; git checkout -q main;"
     "merge alice other --allow-unrelated-histories -s ours",
     "forbidden-path",
     "base",
     "bob",
     "policy.yaml"},
    // History.
    {"ForcePush",
     "git checkout -q --orphan other; commit alice; git branch -qf main other",
     "left",
     "base"},
    {"AmendedCommit", "git $(signed alice) commit -q --amend -m amended", "left", "base"},
    {"GoingBackByACommit",
     "change alice a.txt; git $(signed alice) revert --no-edit HEAD >/dev/null",
     "",
     "HEAD"},
};

class SignatureRows : public RepositoryTest, public testing::WithParamInterface<Row> {};

TEST_P(SignatureRows, AreJudged) {
  const Row& row = GetParam();
  ::setenv("HOME", (root_ + "/home").c_str(), 1);  // the user's own configuration, such as it is
  GitSource source = Open();
  ASSERT_TRUE(source.Fetch().ok());
  Script(std::string(row.script));
  const auto verdict = JudgeFromBase(source);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  const CommitRefusal refusal = verdict->refusal.value_or(CommitRefusal());
  EXPECT_EQ(verdict->refusal.has_value() ? Name(refusal.fault) : "", row.fault) << refusal.text;
  EXPECT_EQ(verdict->reached.commit, Id(std::string(row.reached))) << refusal.text;
  EXPECT_EQ(refusal.signer, row.signer);
  std::string paths;
  for (const std::string& path : refusal.paths)
    paths += (paths.empty() ? "" : " ") + path;
  EXPECT_EQ(paths, row.paths);
  if (!verdict->refusal.has_value()) {
    EXPECT_EQ(verdict->reached.commit, verdict->tip);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, SignatureRows, testing::ValuesIn(kRows), [](const auto& row) {
  return std::string(row.param.name);
});

class TrustTest : public RepositoryTest {};

TEST_F(TrustTest, RefusalSaysWhatAndWhatNext) {
  Script("change bob policy.yaml");
  GitSource source = Open();
  const auto verdict = JudgeFromBase(source);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  ASSERT_TRUE(verdict->refusal.has_value());
  EXPECT_EQ(verdict->refusal->text,
            "commit " + Id("HEAD").substr(0, 12) +
                " is signed by bob, who may not change policy.yaml; let a signer who may sign this "
                "change, or part the commit");
  EXPECT_EQ(verdict->refusal->key, Script("ssh-keygen -lf $KEYS/bob.pub | cut -d' ' -f2"));
}

TEST_F(TrustTest, ChangesInTheMirrorHaveNoEffect) {
  Script("change none a.txt; change alice b.txt");
  GitSource source = Open();
  ASSERT_TRUE(source.Fetch().ok());
  const std::string mirror = source.mirror().git().mirror();
  Script("git tag bad HEAD^; git checkout -q -b good base; change alice a.txt");
  Script("git push -q " + mirror + " good:refs/heads/good");
  // A replacement, a graft that leaves out the unsigned commit, and a configuration with a key.
  Script("git --git-dir=" + mirror + " replace bad^{commit} refs/heads/good || git --git-dir=" +
         mirror + " update-ref refs/replace/$(git rev-parse bad) $(git rev-parse good)");
  Script("mkdir -p " + mirror + "/info; echo $(git rev-parse main base) >" + mirror +
         "/info/grafts");
  Script("echo \"eve $(key eve)\" >$HOME/signers; git --git-dir=" + mirror +
         " config gpg.ssh.allowedSignersFile $HOME/signers; git --git-dir=" + mirror +
         " config url.ext::evil.insteadOf /");
  GitSource again = Open();
  const auto verdict = JudgeFromBase(again);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  ASSERT_TRUE(verdict->refusal.has_value());
  EXPECT_EQ(Name(verdict->refusal->fault), "unsigned");
  EXPECT_EQ(verdict->refusal->commit, Id("main^"));
}

TEST_F(TrustTest, TagMustNotPointElsewhere) {
  Script("git tag v1; change alice a.txt; git tag v2");
  GitSource source = Open(OptionsFor("v2"));
  const auto tip = source.Fetch();
  ASSERT_TRUE(tip.ok()) << tip.status();
  const auto standing = source.StandOn(*tip, *tip);
  ASSERT_TRUE(standing.ok()) << standing.status();
  Script("git tag -f v2 v1");
  const auto moved = source.Fetch();
  ASSERT_TRUE(moved.ok()) << moved.status();
  const auto verdict = source.Judge(*standing, *moved, clock_.Now());
  ASSERT_TRUE(verdict.ok() && verdict->refusal.has_value());
  EXPECT_EQ(Name(verdict->refusal->fault), "left");
  EXPECT_EQ(verdict->reached.commit, standing->commit);
}

TEST_F(TrustTest, SignedTagDoesNotCoverItsCommit) {
  Script("change none a.txt; git $(signed alice) tag -s -m signed v1");
  GitSource source = Open(OptionsFor("v1"));
  const auto verdict = JudgeFromBase(source);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  ASSERT_TRUE(verdict->refusal.has_value());
  EXPECT_EQ(Name(verdict->refusal->fault), "unsigned");
}

TEST_F(TrustTest, NamedSignersJudgeTheNewestCommit) {
  GitSource source = Open();
  const auto tip = source.Fetch();
  ASSERT_TRUE(tip.ok()) << tip.status();
  CommitSigner eve, alice;
  eve.name = "eve";
  eve.ssh = Script("key eve");
  alice.name = "Alice";
  alice.ssh = Script("key alice");
  const auto refused = source.JudgeFirst({eve}, *tip, clock_.Now());
  ASSERT_TRUE(refused.ok()) << refused.status();
  ASSERT_TRUE(refused->refusal.has_value());
  EXPECT_EQ(Name(refused->refusal->fault), "unknown-key");
  EXPECT_EQ(refused->reached.commit, "");
  const auto believed = source.JudgeFirst({eve, alice}, *tip, clock_.Now());
  ASSERT_TRUE(believed.ok()) << believed.status();
  EXPECT_FALSE(believed->refusal.has_value());
  EXPECT_EQ(believed->reached.commit, *tip);
  ASSERT_EQ(believed->believed.size(), 1U);
  EXPECT_EQ(believed->believed[0].signer, "Alice");
  EXPECT_EQ(believed->reached.trust.signers.size(), 7U) << "from here on the declaration says it";
}

TEST_F(TrustTest, StandsOnlyOnWhatIsThere) {
  GitSource source = Open();
  ASSERT_TRUE(source.Fetch().ok());
  const std::string nowhere(40, '1');
  EXPECT_TRUE(absl::IsInvalidArgument(source.StandOn(nowhere, nowhere).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(source.StandOn("main", "main").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(source.StandOn("-x", "-x").status()));
}

TEST_F(TrustTest, LostCommitIsLeftNotForgotten) {
  GitSource source = Open();
  const auto tip = source.Fetch();
  ASSERT_TRUE(tip.ok()) << tip.status();
  auto standing = source.StandOn(*tip, *tip);
  ASSERT_TRUE(standing.ok());
  standing->commit = std::string(40, '1');
  const auto verdict = source.Judge(*standing, *tip, clock_.Now());
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  ASSERT_TRUE(verdict->refusal.has_value());
  EXPECT_EQ(Name(verdict->refusal->fault), "left");
}

}  // namespace
}  // namespace poolshift
