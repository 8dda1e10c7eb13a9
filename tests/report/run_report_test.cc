#include "controller/report/run_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/report/diagnostics_text.h"
#include "tests/golden/golden_file.h"
#include "tests/report/plan_samples.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using State = StepOutcome::State;

std::string Golden(const std::string& name) {
  return POOLSHIFT_SOURCE_DIR "/tests/report/golden/" + name;
}

RunReport FailedRun() {
  RunReport report;
  report.run = "r1";
  report.outcomes["a0000000000000001"] = {State::kDone, ""};
  report.outcomes["g0000000000000002"] = {State::kFailed,
                                          "Replica/edge2a.contoso.net: watermark is 41, wanted 42"};
  report.outcomes["a0000000000000007"] = {State::kStarted, "its answer was lost"};
  report.continuation = RefusedPlan();
  report.resume = "poolshift apply .";
  return report;
}

TEST(RunReportTest, IsByteForByteAsReviewed) {
  ExpectGolden(Golden("run_failed.txt"), RunText(EverySymbolPlan(), FailedRun(), {}));
}

TEST(RunReportTest, CompleteRunIsOneLine) {
  RunReport report;
  const Plan plan = EverySymbolPlan();
  for (const Action& action : plan.actions)
    report.outcomes[action.id] = {State::kDone, ""};
  EXPECT_EQ(RunText(plan, report, {}), "Done: 8 actions, 3 gates.\n");
}

TEST(RunReportTest, ActionsWithoutOutcomeWereNotDone) {
  RunReport report = FailedRun();
  report.interrupted = true;
  const std::string text = RunText(EverySymbolPlan(), report, {});
  EXPECT_THAT(text, ::testing::StartsWith("Interrupted: "));
  EXPECT_LT(text.find("Not done"), text.find("fail the users of fe1 back home"));
  EXPECT_THAT(text, Not(HasSubstr("No drift.")));
}

TEST(RunReportTest, ProgressNamesNumberAndTitle) {
  EXPECT_EQ(ProgressText(EverySymbolPlan(), "a0000000000000006", "done", {}),
            " 6/11 ~ point xmpp.contoso.com to edgepool2: done");
  EXPECT_EQ(ProgressText(EverySymbolPlan(), "a0000000000000006", "x\x1b[2J", {}),
            " 6/11 ~ point xmpp.contoso.com to edgepool2: x\\u{1B}[2J");
}

TEST(DiagnosticsTextTest, CountsAndListsFaults) {
  Diagnostics faults;
  faults.Error({"a.yaml", 1, 2}, "unknown key `hots`", "did you mean `hosts`?");
  faults.Warning({"a.yaml", 2, 1}, "odd \x1b[1m");
  faults.Error({}, "no Organization");
  EXPECT_EQ(DiagnosticsText(faults, {}),
            "a.yaml:1:2: error: unknown key `hots`; did you mean `hosts`?\n"
            "a.yaml:2:1: warning: odd \\u{1B}[1m\n"
            "error: no Organization\n");
  EXPECT_EQ(DiagnosticsCount(faults), "2 errors, 1 warning");
  const auto document = nlohmann::json::parse(DiagnosticsJson(faults));
  EXPECT_EQ(document["valid"], false);
  EXPECT_EQ(document["diagnostics"][2]["at"], nullptr);
}

}  // namespace
}  // namespace poolshift
