// What a provider lists, behind the checks that every answer goes through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/provider/checked.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

class Lister final : public Provider {
 public:
  explicit Lister(absl::StatusOr<std::vector<Listed>> entities) : entities_(std::move(entities)) {}

  absl::StatusOr<ProviderDescription> Describe() override {
    ProviderDescription description;
    description.type = "lister";
    description.kinds = {{"Replica", false, "", "", {}}};
    return description;
  }
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration) override {
    return std::vector<Observation>(keys.size());
  }
  absl::StatusOr<std::vector<Listed>> List(absl::Duration) override { return entities_; }
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>&,
                                                                absl::Duration) override {
    return absl::UnimplementedError("it only lists");
  }
  ApplyResult Apply(const ApplyRequest&, const ProgressSink&) override { return {}; }
  absl::StatusOr<ApplyResult> Lookup(const std::string&, absl::Duration) override {
    return absl::NotFoundError("it only lists");
  }
  void Cancel(const std::string&) override {}

 private:
  const absl::StatusOr<std::vector<Listed>> entities_;
};

absl::StatusOr<std::vector<Listed>> ThroughChecks(absl::StatusOr<std::vector<Listed>> entities) {
  auto checked = Checked::Wrap("platform", std::make_unique<Lister>(std::move(entities)));
  EXPECT_TRUE(checked.ok()) << checked.status();
  return (*checked)->List(absl::Seconds(1));
}

const Listed kSite{{"Site", "Site1"}, Value::Map{}};

TEST(ListTest, GoodAnswersPass) {
  const auto listed = ThroughChecks(std::vector<Listed>{kSite});
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->front(), kSite);
}

TEST(ListTest, OneEntityTwiceIsABrokenPromise) {
  const auto listed = ThroughChecks(std::vector<Listed>{kSite, kSite});
  EXPECT_THAT(std::string(listed.status().message()), HasSubstr("it listed Site/Site1 twice"));
}

TEST(ListTest, PropertiesAreAMap) {
  const auto listed = ThroughChecks(std::vector<Listed>{{{"Site", "Site1"}, Value("x")}});
  EXPECT_THAT(std::string(listed.status().message()), HasSubstr("are no map"));
}

TEST(ListTest, WhoeverCannotListSaysSo) {
  EXPECT_TRUE(absl::IsUnimplemented(ThroughChecks(absl::UnimplementedError("no")).status()));
}

}  // namespace
}  // namespace poolshift
