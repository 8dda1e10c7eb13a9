#include "controller/daemon/roles.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

TEST(RolesTest, AreTheGreatestThatWasGranted) {
  struct Row {
    std::string name;
    std::vector<std::string> granted;
    std::string account;
    std::vector<std::string> groups;
    CallerRole role;
  };
  const std::vector<Row> rows = {
      {"the owner operates", {}, "svc", {}, CallerRole::kOperator},
      {"root operates", {}, "root", {}, CallerRole::kOperator},
      {"others are nothing", {}, "eve", {"users"}, CallerRole::kNone},
      {"by name", {"eve=approver"}, "eve", {}, CallerRole::kApprover},
      {"by group", {"@ops=operator"}, "eve", {"users", "ops"}, CallerRole::kOperator},
      {"a group of another name", {"@ops=operator"}, "eve", {"op"}, CallerRole::kNone},
      {"an account is no group", {"@ops=operator"}, "ops", {}, CallerRole::kNone},
      {"everybody", {"*=viewer"}, "eve", {}, CallerRole::kViewer},
      {"the greatest counts", {"*=viewer", "@ops=approver"}, "eve", {"ops"}, CallerRole::kApprover},
      {"a name beats its groups",
       {"@ops=operator", "eve=viewer"},
       "eve",
       {"ops"},
       CallerRole::kViewer},
      {"the owner may be less", {"svc=viewer"}, "svc", {}, CallerRole::kViewer},
      {"none takes away", {"*=viewer", "eve=none"}, "eve", {}, CallerRole::kNone},
  };
  for (const Row& row : rows) {
    Roles roles("svc");
    for (const std::string& text : row.granted)
      ASSERT_TRUE(roles.Grant(text).ok()) << row.name;
    EXPECT_EQ(Name(roles.Of(row.account, row.groups)), Name(row.role)) << row.name;
  }
}

// An account and a name in a certificate have nothing of each other.
TEST(RolesTest, CertificatesHaveTheirOwn) {
  struct Row {
    std::string name;
    std::vector<std::string> granted;
    CallerRole account, certificate;
  };
  const std::vector<Row> rows = {
      {"nobody said anything", {}, CallerRole::kNone, CallerRole::kNone},
      {"the account", {"alice=operator"}, CallerRole::kOperator, CallerRole::kNone},
      {"everybody at the socket", {"*=viewer"}, CallerRole::kViewer, CallerRole::kNone},
      {"the certificate", {"cert:alice=approver"}, CallerRole::kNone, CallerRole::kApprover},
      {"every certificate", {"cert:*=viewer"}, CallerRole::kNone, CallerRole::kViewer},
      {"another", {"cert:alic=viewer"}, CallerRole::kNone, CallerRole::kNone},
      {"none takes away",
       {"cert:*=viewer", "cert:alice=none"},
       CallerRole::kNone,
       CallerRole::kNone},
  };
  for (const Row& row : rows) {
    Roles roles("svc");
    for (const std::string& text : row.granted)
      ASSERT_TRUE(roles.Grant(text).ok()) << row.name;
    EXPECT_EQ(Name(roles.Of("alice", {})), Name(row.account)) << row.name;
    EXPECT_EQ(Name(roles.OfCertificate("alice")), Name(row.certificate)) << row.name;
  }
  EXPECT_EQ(Roles("svc").OfCertificate("root"), CallerRole::kNone);
  EXPECT_EQ(Roles("svc").OfCertificate("svc"), CallerRole::kNone);
}

TEST(RolesTest, NamesOfCertificatesAreShortAndPlain) {
  for (const char* name : {"a", "alice", "alice@contoso.com", "night-shift_2", "a.b+c"})
    EXPECT_TRUE(IsCertificateName(name)) << name;
  for (const std::string& name : {std::string(),
                                  std::string("*"),
                                  std::string("alice example"),
                                  std::string("alice\0", 6),
                                  std::string("alice\n"),
                                  std::string("\xc3\xa4"),
                                  std::string("a=b"),
                                  std::string(65, 'a')})
    EXPECT_FALSE(IsCertificateName(name)) << name;
}

TEST(RolesTest, WhatIsNoGrantIsRefused) {
  for (const char* text : {"",
                           "alice",
                           "alice=",
                           "=viewer",
                           "@=viewer",
                           "alice=admin",
                           "alice=Viewer",
                           "cert:=viewer",
                           "cert:@ops=viewer",
                           "cert:alice example=viewer",
                           "cert:al\nice=viewer"})
    EXPECT_TRUE(absl::IsInvalidArgument(Roles("svc").Grant(text))) << text;
}

}  // namespace
}  // namespace poolshift
