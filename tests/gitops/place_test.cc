// What is taken for a repository, a ref, a folder, a pattern, a signer; the forms that git prints.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/gitops/git_objects.h"
#include "controller/gitops/git_place.h"
#include "controller/gitops/named_signers.h"
#include "controller/gitops/path_pattern.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

TEST(GitPlace, AcceptsFourForms) {
  EXPECT_EQ(ReadGitPlace("/srv/git/contoso.git", "main", "")->url, "/srv/git/contoso.git");
  EXPECT_EQ(ReadGitPlace("file:///srv/git", "", "")->url, "/srv/git");
  EXPECT_EQ(ProtocolOf(*ReadGitPlace("https://git.contoso.com/a.git", "v1", "")), "https");
  EXPECT_EQ(ProtocolOf(*ReadGitPlace("https://[2001:db8::1]:8443/a", "", "")), "https");
  EXPECT_EQ(
      ProtocolOf(*ReadGitPlace("ssh://git@git.contoso.com:2222/a.git", "refs/pull/3/head", "")),
      "ssh");
  EXPECT_EQ(ReadGitPlace("/a", "main", "org/contoso/")->folder, "org/contoso");
  EXPECT_EQ(ReadGitPlace("/a", "main", ".")->folder, "");
}

TEST(GitPlace, RefusesEverythingElse) {
  for (const char* url : {"",
                          "-u/a",
                          "--upload-pack=evil",
                          "ext::sh -c evil",
                          "ext::evil",
                          "fd::7",
                          "http://git.contoso.com/a",
                          "git://git.contoso.com/a",
                          "ftp://git.contoso.com/a",
                          "git@git.contoso.com:a.git",
                          "relative/path",
                          "file://host/a",
                          "file:///a%2e%2e",
                          "ssh://-oProxyCommand=evil/a",
                          "ssh://-x@host/a",
                          "ssh://host:-1/a",
                          "ssh://host:123456/a",
                          "ssh://host",
                          "https:///a",
                          "https://host/a?b",
                          "https://host/a#b",
                          "/a b",
                          "/a\nb",
                          "/a\"b",
                          "https://host\\@evil/a"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadGitPlace(url, "main", "").status())) << url;
  }
}

TEST(GitPlace, NeverShowsASecret) {
  for (const char* url : {"https://user:hunter2@git.contoso.com/a",
                          "https://hunter2@git.contoso.com/a",
                          "ssh://git:hunter2@git.contoso.com/a"}) {
    const auto place = ReadGitPlace(url, "", "");
    ASSERT_FALSE(place.ok()) << url;
    EXPECT_THAT(std::string(place.status().message()), testing::Not(HasSubstr("hunter2")));
    EXPECT_THAT(std::string(place.status().message()),
                HasSubstr("leave out what stands before `@`"));
  }
}

TEST(GitPlace, RefusesOddRefsAndFolders) {
  for (const char* ref :
       {"-x", "a..b", "a b", "a~1",    "a^",   "a:b",  "a?", "a*",    "a[", "a\\b",
        "/a", "a/",   "a.",  "a.lock", "a//b", "a/.b", ".a", "a@{1}", "@",  "a\x01"}) {
    EXPECT_FALSE(ReadGitPlace("/a", ref, "").ok()) << ref;
  }
  for (const char* folder : {"/a", "..", "a/../b", "a//b", "./a", "a\\b", "a\nb", "a\xff"})
    EXPECT_FALSE(ReadGitPlace("/a", "main", folder).ok()) << folder;
}

struct Fit {
  const char* path;
  const char* pattern;
  bool fits;
};

TEST(PathPattern, Fits) {
  for (const Fit& row : {Fit{"a.yaml", "a.yaml", true},
                         {"a.yaml", "*.yaml", true},
                         {"s/a.yaml", "*.yaml", false},
                         {"s/a.yaml", "*/*.yaml", true},
                         {"s/a.yaml", "s/**", true},
                         {"s/t/a.yaml", "s/**", true},
                         {"st/a.yaml", "s/**", false},
                         {"s", "s/**", false},
                         {"a", "**", true},
                         {"s/t/a", "**", true},
                         {"a.yaml", "**/a.yaml", true},
                         {"s/t/a.yaml", "**/a.yaml", true},
                         {"s/xa.yaml", "**/a.yaml", false},
                         {"s/a", "s/**/a", true},
                         {"s/t/u/a", "s/**/a", true},
                         {"s/ta", "s/**/a", false},
                         {"ab", "a?", true},
                         {"a/", "a?", false},
                         {"a", "a?", false},
                         {"", "", true},
                         {"a", "", false},
                         {"sites/berlin/x/../../y", "sites/berlin/*", false}}) {
    EXPECT_EQ(FitsPathPattern(row.path, row.pattern), row.fits)
        << row.path << " and " << row.pattern;
  }
}

TEST(NamedSigners, ReadsTwoForms) {
  const auto signers = ReadNamedSigners(
      "f", "# people\nalice namespaces=\"git\" ssh-ed25519 AAAAx a@b\n\nbob ssh-rsa AAAAy\n");
  ASSERT_TRUE(signers.ok()) << signers.status();
  ASSERT_EQ(signers->size(), 2U);
  EXPECT_EQ((*signers)[0].name, "alice");
  EXPECT_EQ((*signers)[0].ssh, "ssh-ed25519 AAAAx");
  EXPECT_EQ((*signers)[1].ssh, "ssh-rsa AAAAy");
  const auto block = ReadNamedSigners(
      "/x/desk.asc",
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n-----END PGP PUBLIC KEY BLOCK-----\n");
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ((*block)[0].name, "desk.asc");
}

TEST(NamedSigners, RefusesWhatWouldNotBeHeeded) {
  for (const char* text : {"",
                           "# nobody\n",
                           "alice\n",
                           "alice valid-before=\"2020\" ssh-ed25519 AAAAx\n",
                           "alice cert-authority ssh-ed25519 AAAAx\n",
                           "alice namespaces=\"file\" ssh-ed25519 AAAAx\n",
                           "-----BEGIN PGP PRIVATE KEY BLOCK-----\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadNamedSigners("f", text).status())) << text;
  }
}

TEST(GitObjects, ReadsOnlyItsForms) {
  const std::string id(40, 'a');
  const auto entries = ReadTreeListing("100644 blob " + id + "      12\ta b\n.yaml" + '\0' +
                                       "160000 commit " + id + "       -\tsub" + '\0');
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ((*entries)[0].path, "a b\n.yaml");
  EXPECT_EQ((*entries)[0].size, 12U);
  for (const std::string& text : {std::string("x"),
                                  "100644 blob " + id + " x\ta",
                                  std::string("100644 blob zz 1\ta"),
                                  "100644 blob " + id + " 1\t",
                                  "1 blob " + id + " 1\ta"}) {
    EXPECT_FALSE(ReadTreeListing(text + '\0').ok()) << text;
  }
  EXPECT_EQ(ReadBatch(id + " blob 3\na\nb\n", {id})->at(0), "a\nb");
  for (const std::string& text : {std::string(),
                                  id + " missing\n",
                                  id + " tree 1\nx\n",
                                  id + " blob 9\nx\n",
                                  id + " blob 1\nxy\n",
                                  id + " blob 1\nx\nmore",
                                  id + " blob -1\nx\n",
                                  id + " blob 18446744073709551615\nx\n"}) {
    EXPECT_FALSE(ReadBatch(text, {id}).ok()) << text;
  }
  EXPECT_EQ(ReadRemoteRefs("warning\n" + id + "\trefs/heads/x\nnoid\trefs/heads/y\n").size(), 1U);
}

}  // namespace
}  // namespace poolshift
