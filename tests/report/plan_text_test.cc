#include "controller/report/plan_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/safe_text.h"
#include "tests/golden/golden_file.h"
#include "tests/report/plan_samples.h"

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct GoldenCase {
  const char* name;
  Plan (*plan)();
  Style style;
};

class PlanTextGolden : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(PlanTextGolden, IsByteForByteAsReviewed) {
  const GoldenCase& sample = GetParam();
  ExpectGolden(std::string(POOLSHIFT_SOURCE_DIR "/tests/report/golden/") + sample.name + ".txt",
               PlanText(sample.plan(), sample.style));
}

INSTANTIATE_TEST_SUITE_P(
    Plans,
    PlanTextGolden,
    ::testing::Values(GoldenCase{"every_symbol", EverySymbolPlan, {}},
                      GoldenCase{"every_symbol_80", EverySymbolPlan, {.width = 80}},
                      GoldenCase{"every_symbol_color", EverySymbolPlan, {.color = true}},
                      GoldenCase{"refused", RefusedPlan, {}},
                      GoldenCase{"empty", EmptyPlan, {}},
                      GoldenCase{"hostile", HostilePlan, {}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(PlanTextTest, BeginsWithTheCounts) {
  EXPECT_THAT(PlanText(EverySymbolPlan(), {}), StartsWith("Plan: 8 actions, 3 gates\n"));
  EXPECT_THAT(PlanText(EmptyPlan(), {}), StartsWith("Plan: 0 actions, 0 gates\nNothing to do: "));
  EXPECT_THAT(PlanText(HostilePlan(), {}), StartsWith("Plan: 1 action, 0 gates\n"));
}

TEST(PlanTextTest, TellsDangerBeforeActions) {
  const std::string text = PlanText(EverySymbolPlan(), {});
  EXPECT_LT(text.find("--approve PoolFailover/fe1.contoso.net"), text.find("\nActions"));
  EXPECT_LT(text.find("deletes DnsRecordSet/stray.contoso.com/A"), text.find("\nActions"));
}

TEST(PlanTextTest, KeepsWithinTheWidth) {
  const std::string text = PlanText(EverySymbolPlan(), {.width = 80});
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    const bool command = line.find("-Cs") != std::string::npos ||
                         line.find("runs") != std::string::npos ||
                         line.find(" do ") != std::string::npos;
    if (command) continue;
    EXPECT_LE(Columns(line), 80) << line;
  }
}

TEST(PlanTextTest, NeverEmitsControlBytes) {
  const std::string text = PlanText(HostilePlan(), {});
  for (const char* unsafe : {"\x1b", "\x07", "\r", "\u202E", "\u200B", "\u2066", "\xFF"}) {
    EXPECT_THAT(text, Not(HasSubstr(unsafe)));
  }
}

TEST(PlanTextTest, LongestChainFollowsTheNeeds) {
  Plan plan;
  plan.actions.resize(3);
  plan.actions[0].id = "a1";
  plan.actions[1].id = "a2";
  plan.actions[2].id = "a3";
  plan.actions[1].duration = absl::Seconds(60);
  plan.actions[2].needs = {"a1"};
  EXPECT_EQ(LongestChain(plan), absl::Seconds(60));
  plan.actions[2].needs = {"a1", "a2"};
  EXPECT_EQ(LongestChain(plan), absl::Seconds(65));
}

}  // namespace
}  // namespace poolshift
