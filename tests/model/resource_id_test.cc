#include "controller/model/resource_id.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace poolshift {
namespace {

struct GoodRow {
  const char* name;
  const char* text;
  ResourceId id;
};

class GoodResourceId : public testing::TestWithParam<GoodRow> {};

TEST_P(GoodResourceId, ParsesAndPrints) {
  const absl::StatusOr<ResourceId> parsed = ParseResourceId(GetParam().text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, GetParam().id);
  EXPECT_EQ(ToString(*parsed), GetParam().text);
}

const GoodRow kGood[] = {
    {"plain", "SiteRoute/Site1", {"SiteRoute", "Site1"}},
    {"name_with_slash", "DnsRecordSet/xmpp.contoso.com/A", {"DnsRecordSet", "xmpp.contoso.com/A"}},
    {"name_ends_in_slash", "Fence//", {"Fence", "/"}},
    {"ipv6", "Reachability/2001:db8::1/5061", {"Reachability", "2001:db8::1/5061"}},
};

INSTANTIATE_TEST_SUITE_P(Ids, GoodResourceId, testing::ValuesIn(kGood), [](const auto& row) {
  return std::string(row.param.name);
});

TEST(ResourceIdTest, RefusesWhatHasNoTwoParts) {
  for (const char* text : {"", "/", "SiteRoute", "SiteRoute/", "/Site1"}) {
    const absl::StatusOr<ResourceId> parsed = ParseResourceId(text);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(parsed.status().message().find("KIND/NAME"), std::string::npos) << text;
  }
}

TEST(ResourceIdTest, OrdersByKindThenName) {
  EXPECT_LT((ResourceId{"A", "z"}), (ResourceId{"B", "a"}));
  EXPECT_LT((ResourceId{"A", "a"}), (ResourceId{"A", "b"}));
}

}  // namespace
}  // namespace poolshift
