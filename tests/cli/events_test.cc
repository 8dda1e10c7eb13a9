// What programs are told of a run: one event a line.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"

#include "tests/cli/home.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

using Json = nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Names = std::vector<std::string>;

class EventsTest : public HomeTest {
 protected:
  // Every line, checked against the schema.
  std::vector<Json> Events(const ProgramRun& run) {
    std::vector<Json> events;
    std::istringstream lines(run.out);
    std::string files;
    for (std::string line; std::getline(lines, line);) {
      events.push_back(Json::parse(line, nullptr, /*allow_exceptions=*/false));
      EXPECT_FALSE(events.back().is_discarded()) << line;
      const auto file = home_ / ("event" + std::to_string(events.size()));
      std::ofstream(file) << line;
      files += ' ' + file.string();
    }
    const std::string check = "python3 " POOLSHIFT_SOURCE_DIR
                              "/tests/report/check_schema.py " POOLSHIFT_SOURCE_DIR
                              "/docs/run-events.schema.json" +
                              files;
    EXPECT_EQ(std::system(check.c_str()), 0);
    return events;
  }
};

Names NamesOf(const std::vector<Json>& events) {
  Names names;
  for (const Json& event : events)
    if (names.empty() || names.back() != event["event"]) names.push_back(event["event"]);
  return names;
}

std::size_t CountOf(const std::vector<Json>& events, const std::string& name) {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&](const Json& event) { return event["event"] == name; }));
}

TEST_F(EventsTest, TellTheWholeRun) {
  const ProgramRun run =
      Run({"apply", "--json", "--auto-approve", Scenario("federation-failover")});
  EXPECT_EQ(run.status, 0) << run.err;
  const std::vector<Json> events = Events(run);
  const std::size_t actions = events[0]["plan"]["actions"].size();
  EXPECT_GT(actions, 5U);
  EXPECT_EQ(events[0]["event"], "planned");
  EXPECT_EQ(events[1]["event"], "run_started");
  EXPECT_NEAR(events[1]["remaining_s"].get<double>(),
              events[0]["plan"]["time"]["total_s"].get<double>(),
              1.0)
      << "waiting for turns is counted, as in the plan";
  EXPECT_EQ(CountOf(events, "action_started"), actions);
  EXPECT_EQ(CountOf(events, "action_ended"), actions);
  EXPECT_GT(CountOf(events, "pulse"), 0U) << "its gates last for seconds";
  const std::size_t size = events.size();
  EXPECT_EQ(events[size - 3]["event"], "run_ended");
  EXPECT_EQ(events[size - 3]["outcome"], "done");
  EXPECT_EQ(events[size - 2]["event"], "proved");
  EXPECT_EQ(events[size - 1]["event"], "finished");
  EXPECT_EQ(events[size - 1]["exit_code"], 0);
  EXPECT_THAT(run.err, HasSubstr(": done\n")) << "people are told too";
}

TEST_F(EventsTest, TellWhyNothingBegan) {
  const ProgramRun refused = Run({"apply", "--json", Scenario("second-pool-missing")});
  EXPECT_EQ(refused.status, 12);
  EXPECT_THAT(NamesOf(Events(refused)), ElementsAre("planned", "finished"));
  const ProgramRun faulty = Run({"apply", "--json", "no-such-folder"});
  EXPECT_EQ(faulty.status, 10);
  const std::vector<Json> told = Events(faulty);
  EXPECT_THAT(NamesOf(told), ElementsAre("finished"));
  EXPECT_THAT(told.back()["why"].dump(), HasSubstr("no-such-folder"));
  const ProgramRun nothing = Run({"resume", "--json", Scenario("nothing-to-do")});
  EXPECT_EQ(nothing.status, 0) << nothing.err;
  EXPECT_THAT(NamesOf(Events(nothing)), ElementsAre("remark", "finished"));
}

// A minute that is far from now.
std::string ClosedWindow() {
  const absl::Time opening = absl::Now() + absl::Hours(6);
  const auto clock = [](absl::Time time) {
    return absl::FormatTime("\"%H:%M\"", time, absl::UTCTimeZone());
  };
  return "  windows: [{from: " + clock(opening) + ", to: " + clock(opening + absl::Minutes(1)) +
         "}]\n";
}

// The scenario whose window is closed.
void CloseWindow(const std::filesystem::path& home) {
  const auto file = home / "contoso" / "contoso.yaml";
  std::string text = ReadText(file);
  const std::string policy = "metadata: {name: default}\nspec:\n";
  const std::size_t at = text.find(policy);
  ASSERT_NE(at, std::string::npos);
  WriteText(file, text.insert(at + policy.size(), ClosedWindow()));
}

// What was let in may end: the reason that was given covers what its consent covers.
TEST_F(EventsTest, WhatWasLetInMayEnd) {
  CopyScenario("xmpp-failover");
  CloseWindow(home_);
  const auto world = home_ / "contoso" / "world.sim";
  WriteText(world,
            ReadText(world) + "faults:\n  - {resource: \"SiteRoute/*\", fault: error, times: 5}\n");
  const ProgramRun cut_off =
      Run({"apply", "--auto-approve", "--override", "Site1 burns", "contoso"});
  ASSERT_EQ(cut_off.status, 1) << cut_off.out << cut_off.err;
  const ProgramRun resumed = Run({"resume", "contoso"});
  EXPECT_EQ(resumed.status, 0) << resumed.out << resumed.err;
  const std::string history = Run({"history", "--json", "contoso"}).out;
  EXPECT_NE(history.find("Site1 burns"), history.rfind("Site1 burns")) << history;
}

TEST_F(EventsTest, ClosedWindowNeedsAReason) {
  CopyScenario("xmpp-failover");
  CloseWindow(home_);

  const ProgramRun closed = Run({"apply", "--auto-approve", "contoso"});
  EXPECT_EQ(closed.status, 12) << closed.out;
  EXPECT_THAT(closed.err, AllOf(HasSubstr("the next window opens"), HasSubstr("--override")));
  EXPECT_THAT(Run({"history", "contoso"}).out, Not(HasSubstr(", plan "))) << "no run began";
  const ProgramRun forced =
      Run({"apply", "--auto-approve", "--override", "Site1 burns", "contoso"});
  EXPECT_EQ(forced.status, 0) << forced.err;
  EXPECT_THAT(Run({"history", "contoso"}).out, HasSubstr("outside the windows: Site1"));
}

}  // namespace
}  // namespace poolshift
