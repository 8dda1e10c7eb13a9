// What is read of a commit, and what is refused; repositories that are away, slow or odd.
#include <thread>

#include "gmock/gmock.h"

#include "controller/world/descriptor.h"
#include "tests/gitops/repository.h"
#include <arpa/inet.h>
#include <sys/socket.h>

namespace poolshift {
namespace {

using testing::HasSubstr;

class ManifestsTest : public RepositoryTest {
 protected:
  absl::StatusOr<ManifestTexts> Read(const std::string& folder = "") {
    GitSource source = Open(OptionsFor("main", folder));
    const auto tip = source.Fetch();
    if (!tip.ok()) return tip.status();
    absl::StatusOr<CommittedManifests> read = source.Manifests(*tip);
    if (!read.ok()) return read.status();
    lock_ = std::move(read->lock);
    return std::move(read->texts);
  }

  std::optional<LockText> lock_;  // read with them
};

struct Refused {
  std::string_view name;
  std::string_view script;
  std::string_view place;  // after the commit
  std::string_view why;
};

const Refused kRefused[] = {
    {"Link",
     "ln -s /etc/passwd sites/link.yaml; commit alice",
     ":sites/link.yaml",
     "symbolic link"},
    {"LinkedFolder", "ln -s ../.. up; commit alice", ":up", "symbolic link"},
    {"Submodule",
     "git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),other; "
     "git $(signed alice) commit -q -m sub",
     ":other",
     "submodule"},
    {"Executable", "chmod +x contoso.yaml; commit alice", ":contoso.yaml", "executable"},
    {"ControlCharacter",
     "printf x >\"$(printf 'a\\001.yaml')\"; commit alice",
     ":a\\u{1}.yaml",
     "control characters"},
    {"LineEnd", "printf x >\"$(printf 'a\\nb.yaml')\"; commit alice", ":a\\u{A}b.yaml", "control"},
    {"HiddenDirection",
     "printf x >\"$(printf 'a\\342\\200\\256.yaml')\"; commit alice",
     ":a\\u{202E}.yaml",
     "hidden characters"},
    {"NotUtf8", "printf x >\"$(printf 'a\\377.yaml')\"; commit alice", ":a\\xFF.yaml", "UTF-8"},
    {"Backslash", "printf x >'..\\a.yaml'; commit alice", ":..\\a.yaml", "would lead elsewhere"},
    {"DotDot",
     "blob=$(git hash-object -w README.md);"
     "inner=$(printf '100644 blob %s\\tevil.yaml\\n' $blob | git mktree);"
     "top=$(printf '040000 tree %s\\t..\\n' $inner | git mktree);"
     "git update-ref refs/heads/main $(git commit-tree -p HEAD -m evil $top)",
     ":../evil.yaml",
     "would lead elsewhere"},
    {"DotGit",
     "inner=$(printf '100644 blob %s\\tconfig.yaml\\n' $(git hash-object -w README.md) | git "
     "mktree);"
     "top=$(printf '040000 tree %s\\t.GIT\\n' $inner | git mktree);"
     "git update-ref refs/heads/main $(git commit-tree -p HEAD -m evil $top)",
     ":.GIT/config.yaml",
     "would lead elsewhere"},
    {"LockThatIsALink",
     "ln -s /etc/passwd poolshift.lock; commit alice",
     ":poolshift.lock",
     "symbolic link"},
    {"LockThatIsExecutable",
     "echo >poolshift.lock; chmod +x poolshift.lock; commit alice",
     ":poolshift.lock",
     "executable"},
    {"TooLarge",
     "head -c 4194305 /dev/zero | tr '\\0' '#' >big.yaml; commit alice",
     ":big.yaml",
     "at most 4 MiB"},
    {"TooManyBytes",
     "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do "
     "head -c 4194304 /dev/zero | tr '\\0' '#' >big$i.yaml; done; commit alice",
     ": ",
     "at most 20000 files and 64 MiB"},
    {"TooMany",
     "blob=$(git hash-object -w README.md);"
     "top=$(seq 10001 30001 | sed \"s/.*/100644 blob $blob\\t&.yaml/\" | git mktree);"
     "git update-ref refs/heads/main $(git commit-tree -p HEAD -m many $top)",
     ": 20001 manifests",
     "at most 20000 files"},
};

class RefusedTrees : public ManifestsTest, public testing::WithParamInterface<Refused> {};

TEST_P(RefusedTrees, NameCommitAndPath) {
  Script(std::string(GetParam().script));
  const auto texts = Read();
  EXPECT_TRUE(absl::IsInvalidArgument(texts.status())) << texts.status();
  const std::string message(texts.status().message());
  EXPECT_TRUE(message.starts_with(Id("main").substr(0, 12) + std::string(GetParam().place)))
      << message;
  EXPECT_THAT(message, HasSubstr(std::string(GetParam().why)));
}

INSTANTIATE_TEST_SUITE_P(Rows, RefusedTrees, testing::ValuesIn(kRefused), [](const auto& row) {
  return std::string(row.param.name);
});

TEST_F(ManifestsTest, AreInTheOrderOfAFolder) {
  Script(
      "mkdir a; echo '# 1' >a/z.yaml; echo '# 2' >a.yaml; echo '# 3' >a-b.yml; echo x >.h.yaml;"
      "mkdir .hidden; echo x >.hidden/x.yaml; ln -sf README.md README.md 2>/dev/null || true;"
      "chmod +x README.md; commit alice");
  const auto texts = Read();
  ASSERT_TRUE(texts.ok()) << texts.status();
  std::vector<std::string> names;
  const std::string commit = Id("main").substr(0, 12) + ':';
  for (const auto& [name, text] : *texts) {
    ASSERT_TRUE(name.starts_with(commit)) << name;
    names.push_back(name.substr(commit.size()));
  }
  EXPECT_THAT(
      names,
      testing::ElementsAre(
          "a/z.yaml", "a-b.yml", "a.yaml", "contoso.yaml", "policy.yaml", "sites/berlin.yaml"));
  EXPECT_EQ((*texts)[2].second, "# 2\n");
}

TEST_F(ManifestsTest, LockFileIsThatOfTheFolder) {
  Script("echo top >poolshift.lock; echo berlin >sites/poolshift.lock; commit alice");
  const std::string commit = Id("main").substr(0, 12) + ':';
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(lock_, std::optional(LockText(commit + "poolshift.lock", "top\n")));
  ASSERT_TRUE(Read("sites").ok());
  EXPECT_EQ(lock_, std::optional(LockText(commit + "sites/poolshift.lock", "berlin\n")));
  Script("git rm -q poolshift.lock; commit alice");
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(lock_, std::nullopt) << "one of another folder says nothing";
}

TEST_F(ManifestsTest, OneFolderIsReadAlone) {
  Script("ln -s x link.yaml; commit alice");
  const auto texts = Read("sites");
  ASSERT_TRUE(texts.ok()) << texts.status();
  ASSERT_EQ(texts->size(), 1U);
  EXPECT_EQ((*texts)[0].first, Id("main").substr(0, 12) + ":sites/berlin.yaml");
  const auto missing = Read("nowhere");
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("has no folder `nowhere`"));
  Script("git rm -q README.md; mkdir empty; echo x >empty/readme; commit alice");
  EXPECT_THAT(std::string(Read("empty").status().message()), HasSubstr("no manifest"));
}

TEST_F(ManifestsTest, AttributesChangeNothing) {
  Script(
      "echo '# $Format:%H$ $Id$' >raw.yaml;"
      "printf '*.yaml filter=evil export-subst ident text eol=crlf working-tree-encoding=UTF-16' "
      ">.gitattributes; git config --global filter.evil.smudge 'touch '$HOME/ran;"
      "git config filter.evil.smudge 'touch '$HOME/ran; git config filter.evil.clean cat;"
      "git -c core.attributesFile=/dev/null add raw.yaml 2>/dev/null || true;"
      "git update-index --add --cacheinfo 100644,$(git hash-object -w --no-filters "
      "raw.yaml),raw.yaml;"
      "git update-index --add --cacheinfo 100644,$(git hash-object -w --no-filters .gitattributes),"
      ".gitattributes; git $(signed alice) commit -q -m raw");
  const auto texts = Read();
  ASSERT_TRUE(texts.ok()) << texts.status();
  EXPECT_EQ((*texts)[2].second, "# $Format:%H$ $Id$\n");
  EXPECT_EQ(Script("ls $HOME/ran 2>/dev/null || echo nothing ran"), "nothing ran");
}

TEST_F(ManifestsTest, HooksAreNotRun) {
  GitSource source = Open();
  ASSERT_TRUE(source.Fetch().ok());
  const std::string mirror = source.mirror().git().mirror();
  Script("mkdir -p " + mirror +
         "/hooks; for hook in reference-transaction post-fetch pre-auto-gc; do "
         "printf '#!/bin/sh\\ntouch '$HOME/ran >" +
         mirror + "/hooks/$hook; chmod +x " + mirror + "/hooks/$hook; done; change alice a.txt");
  ASSERT_TRUE(source.Fetch().ok());
  EXPECT_EQ(Script("ls $HOME/ran 2>/dev/null || echo nothing ran"), "nothing ran");
}

TEST_F(ManifestsTest, AliasBombIsAFault) {
  Script(
      "printf 'a: &a [x,x,x,x,x,x,x,x,x]\\n' >bomb.yaml;"
      "for i in b c d e f g h i; do printf '%s: &%s [*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s]\\n' "
      "$i $i $(for n in 1 2 3 4 5 6 7 8 9; do echo $i | tr b-i a-h; done); done >>bomb.yaml;"
      "commit alice");
  const auto texts = Read();
  ASSERT_TRUE(texts.ok()) << texts.status();
  const LoadedOrganization loaded = ParseManifests(*texts);
  ASSERT_TRUE(loaded.diagnostics.has_errors());
  EXPECT_THAT(ToString(loaded.diagnostics.items()[0]),
              HasSubstr("aliases of all files stand for more than 100000 nodes"));
}

TEST_F(ManifestsTest, FaultsHaveThePlaceInTheCommit) {
  Script(
      "printf 'apiVersion: poolshift/v1\\nkind: Site\\nmetadata: {nam: x}\\n' >sites/berlin.yaml;"
      "commit alice");
  const LoadedOrganization loaded = ParseManifests(*Read());
  ASSERT_TRUE(loaded.diagnostics.has_errors());
  EXPECT_THAT(ToString(loaded.diagnostics.items()[0]),
              testing::StartsWith(Id("main").substr(0, 12) + ":sites/berlin.yaml:3:"));
}

TEST_F(ManifestsTest, RemoteThatIsAwayIsUnavailable) {
  GitSource source = Open();
  ASSERT_TRUE(source.Fetch().ok());
  Script("mv .git gone");
  const auto tip = source.Fetch();
  EXPECT_TRUE(absl::IsUnavailable(tip.status())) << tip.status();
  EXPECT_THAT(std::string(tip.status().message()),
              HasSubstr("does not appear to be a git repository"));
  Script("mv gone .git");
  EXPECT_TRUE(source.Fetch().ok());
}

TEST_F(ManifestsTest, RemoteThatHangsIsUnavailable) {
  const Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(server.number(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(server.number(), 8), 0);  // and nobody ever answers
  ASSERT_EQ(::getsockname(server.number(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  GitProgram::Options options = OptionsFor();
  options.place = *ReadGitPlace(
      "https://127.0.0.1:" + std::to_string(::ntohs(address.sin_port)) + "/x", "", "");
  options.timeout = absl::Seconds(1);
  GitSource source = Open(options);
  const auto tip = source.Fetch();
  EXPECT_TRUE(absl::IsUnavailable(tip.status())) << tip.status();
  EXPECT_THAT(std::string(tip.status().message()), HasSubstr("took longer than 1s"));
}

TEST_F(ManifestsTest, MissingRefIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Open(OptionsFor("nope")).Fetch().status()));
  Script("git tag main base");
  const auto both = Open().Fetch();
  EXPECT_TRUE(absl::IsInvalidArgument(both.status())) << "a branch and a tag: " << both.status();
  EXPECT_TRUE(Open(OptionsFor("refs/heads/main")).Fetch().ok());
  Script("git tag blob $(git hash-object -w README.md)");
  EXPECT_THAT(std::string(Open(OptionsFor("blob")).Fetch().status().message()),
              HasSubstr("leads to no commit"));
}

TEST_F(ManifestsTest, TheRemotesOwnBranchIsTaken) {
  EXPECT_EQ(Open(OptionsFor("")).Fetch().value_or(""), Id("main"));
}

TEST_F(ManifestsTest, ShallowRemoteIsRefused) {
  Script("change alice a.txt; git clone -q --depth 1 --bare file://$PWD $HOME/shallow");
  GitProgram::Options options = OptionsFor();
  options.place = *ReadGitPlace(root_ + "/home/shallow", "main", "");
  const auto tip = Open(options).Fetch();
  EXPECT_TRUE(absl::IsInvalidArgument(tip.status())) << tip.status();
  EXPECT_THAT(std::string(tip.status().message()), HasSubstr("shallow"));
}

TEST_F(ManifestsTest, Sha256RepositoriesWork) {
  Script(
      "rm -rf .git; git init -q -b main --object-format=sha256 .; git config user.name S;"
      "git config user.email s@contoso.com; commit alice base; git tag base; change alice a.txt");
  GitSource source = Open();
  const auto verdict = JudgeFromBase(source);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_FALSE(verdict->refusal.has_value()) << verdict->refusal->text;
  EXPECT_EQ(verdict->reached.commit.size(), 64U);
  Script("change none b.txt");
  const auto refused = JudgeFromBase(source);
  ASSERT_TRUE(refused.ok() && refused->refusal.has_value());
  EXPECT_EQ(Name(refused->refusal->fault), "unsigned");
}

TEST_F(ManifestsTest, MessagesHaveTrailers) {
  Script(
      "git $(signed alice) commit -q --allow-empty -m 'Move XMPP' "
      "-m 'Poolshift-Approve: no, this is text' "
      "-m 'Poolshift-Approve: 4f2a9c' -m '' --trailer 'Acked-by: Bob <b@contoso.com>'");
  GitSource source = Open();
  const auto tip = source.Fetch();
  ASSERT_TRUE(tip.ok());
  const auto message = source.mirror().Message(*tip);
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_EQ(message->subject, "Move XMPP");
  EXPECT_EQ(message->author, "Somebody <s@contoso.com>");
  EXPECT_EQ(absl::FormatTime(message->committed_at, absl::UTCTimeZone()),
            "2026-01-01T00:00:00+00:00");
  ASSERT_EQ(message->trailers.size(), 2U);
  EXPECT_EQ(message->trailers[0],
            std::make_pair(std::string("Poolshift-Approve"), std::string("4f2a9c")));
  EXPECT_EQ(message->trailers[1].first, "Acked-by");
}

TEST_F(ManifestsTest, CommitsBetweenAreInOrder) {
  Script("change alice a.txt; change alice b.txt");
  GitSource source = Open();
  ASSERT_TRUE(source.Fetch().ok());
  const auto between = source.mirror().Between(Id("base^{commit}"), Id("main"));
  ASSERT_TRUE(between.ok()) << between.status();
  ASSERT_EQ(between->size(), 2U);
  EXPECT_EQ((*between)[0].id, Id("main^"));
  EXPECT_EQ((*between)[1].parents, std::vector<std::string>{Id("main^")});
  EXPECT_TRUE(*source.mirror().Descends(Id("main"), Id("base^{commit}")));
  EXPECT_FALSE(*source.mirror().Descends(Id("base^{commit}"), Id("main")));
}

TEST_F(ManifestsTest, TheMirrorIsPrivate) {
  ASSERT_TRUE(Open().Fetch().ok());
  EXPECT_EQ(
      Script("stat -c %a ../state/git ../state/git/mirror.git ../state/git/scratch | sort -u"),
      "700");
  EXPECT_EQ(Script("ls ../state/git/scratch"), "");
}

}  // namespace
}  // namespace poolshift
