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

TEST(RolesTest, WhatIsNoGrantIsRefused) {
  for (const char* text :
       {"", "alice", "alice=", "=viewer", "@=viewer", "alice=admin", "alice=Viewer"})
    EXPECT_TRUE(absl::IsInvalidArgument(Roles("svc").Grant(text))) << text;
}

}  // namespace
}  // namespace poolshift
