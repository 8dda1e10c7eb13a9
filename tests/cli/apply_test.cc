// The verbs that change the world, as a person uses them: on the scenarios, with the provider
// `sim`.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/cli/home.h"
#include "tests/cli/terminal.h"
#include <nlohmann/json.hpp>

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using ApplyTest = HomeTest;

TEST_F(ApplyTest, EndsWithoutDrift) {
  const std::string scenario = Scenario("xmpp-failover");
  EXPECT_EQ(Run({"drift", scenario}).status, 2);
  const ProgramRun applied = Run({"apply", "--auto-approve", scenario});
  EXPECT_EQ(applied.status, 0) << applied.err;
  EXPECT_THAT(applied.out, StartsWith("Plan: "));
  EXPECT_THAT(applied.out, EndsWith("\nNo drift.\n"));
  const ProgramRun again = Run({"plan", scenario});
  EXPECT_EQ(again.status, 0) << again.out;
  EXPECT_THAT(again.out, HasSubstr("Nothing to do: "));
  EXPECT_THAT(Run({"history", scenario}).out, HasSubstr(", by alice, plan "));
}

void Replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

// A planned move in two runs, with a TTL of four seconds instead of hours.
TEST_F(ApplyTest, CutsOverOneTtlAfterPreparing) {
  const fs::path from = POOLSHIFT_SOURCE_DIR "/tests/scenarios/xmpp-planned";
  std::string manifest = ReadText(from / "contoso.yaml"), world = ReadText(from / "world.sim");
  Replace(manifest, "host: xmpp.contoso.com, ttl: 300", "host: xmpp.contoso.com, ttl: 4");
  manifest += "  dns: {moveTtl: 1s, unpreparedTtl: 2s}\n";
  Replace(world,
          "xmpp.contoso.com/A: [203.0.113.11, 203.0.113.12]",
          "xmpp.contoso.com/A: {records: [203.0.113.11, 203.0.113.12], ttl: 4}");
  Replace(world,
          "_xmpp-server._tcp.contoso.com/SRV: 0 0 5269 xmpp.contoso.com",
          "_xmpp-server._tcp.contoso.com/SRV: {records: 0 0 5269 xmpp.contoso.com, ttl: 4}");
  const std::string folder = home_ / "move";
  fs::create_directory(folder);
  WriteText(fs::path(folder) / "contoso.yaml", manifest);
  WriteText(fs::path(folder) / "world.sim", world);
  const auto phase = [&](const char* name) {
    return Run({"apply", "--auto-approve", "--phase", name, folder});
  };
  EXPECT_EQ(phase("sideways").status, 10);
  const ProgramRun unprepared = phase("cut-over");
  EXPECT_EQ(unprepared.status, 12) << unprepared.out;
  EXPECT_THAT(unprepared.out, HasSubstr("the move is not prepared"));
  const ProgramRun prepared = phase("prepare");
  EXPECT_EQ(prepared.status, 0) << prepared.out << prepared.err;
  EXPECT_THAT(prepared.out, HasSubstr("Prepared. Cut over with --phase cut-over from "));
  const ProgramRun early = phase("cut-over");
  EXPECT_EQ(early.status, 12) << early.out;
  EXPECT_THAT(early.out, HasSubstr("cut over after "));
  std::this_thread::sleep_for(std::chrono::seconds(5));
  const ProgramRun moved = phase("cut-over");
  EXPECT_EQ(moved.status, 0) << moved.out << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("TTL of A xmpp.contoso.com back to 4s"));
  EXPECT_THAT(moved.out, EndsWith("\nNo drift.\n"));
}

// The run waits for a partner, and goes on when a person has written the answer into the manifest.
TEST_F(ApplyTest, GoesOnWhenThePartnerHasAgreed) {
  CopyScenario("nothing-to-do");
  const fs::path file = home_ / "contoso" / "contoso.yaml";
  const std::string sample = ReadText(file);
  const auto declare = [&](const std::string& names) {
    std::string text = sample;
    Replace(text, "federation: edgepool1", "federation: edgepool2");
    Replace(text,
            "  discovery: dns\n",
            "  discovery: dns\n  acceptsNames: [" + names + "]\n  contact: noc@fabrikam.com\n");
    WriteText(file, text);
  };
  declare("sip.contoso.com");
  ProgramCall call = Call({"apply", "--auto-approve", "contoso"});
  std::string waiting, moving;
  const auto wait_for = [](const std::string& word, const std::string& log, std::string& text) {
    for (int tenths = 0; tenths < 300 && text.find(word) == std::string::npos; ++tenths) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      text = ReadText(log);
    }
  };
  call.started = [&](int pid, const std::string& err) {
    wait_for("accepted", err, waiting);
    declare("sip.contoso.com, sip2.contoso.com");
    wait_for("(none): started", err, moving);
    kill(pid, SIGINT);  // what comes then waits for caches
  };
  const ProgramRun applied = RunProgram(call);
  EXPECT_THAT(waiting, HasSubstr("accepted")) << "it has waited";
  EXPECT_THAT(waiting, Not(HasSubstr("route Site1"))) << "nothing that moves began before";
  EXPECT_THAT(moving, HasSubstr("to allow sip2.contoso.com: done"));
  EXPECT_EQ(applied.status, 130) << applied.out << applied.err;
  EXPECT_THAT(applied.out,
              HasSubstr("! ask fabrikam.com (noc@fabrikam.com) to allow sip2.contoso."));
}

TEST_F(ApplyTest, SavedPlanIsUsedOnce) {
  const std::string scenario = Scenario("xmpp-failover");
  const ProgramRun planned = Run({"plan", "--out", "night.plan", scenario});
  EXPECT_EQ(planned.status, 2);
  EXPECT_THAT(planned.err, HasSubstr("poolshift apply night.plan " + scenario));
  EXPECT_EQ(fs::status(home_ / "night.plan").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(Run({"show", "night.plan"}).out, planned.out);
  EXPECT_EQ(Run({"show", "--json", "night.plan"}).out, Run({"plan", "--json", scenario}).out);
  EXPECT_THAT(Run({"graph", "--format", "mermaid", "night.plan"}).out,
              StartsWith("flowchart LR\n"));
  const ProgramRun applied = Run({"apply", "night.plan", scenario});
  EXPECT_EQ(applied.status, 0) << applied.err;
  EXPECT_THAT(applied.out, EndsWith("No drift.\n"));
  const ProgramRun again = Run({"apply", "night.plan", scenario});
  EXPECT_EQ(again.status, 13) << again.err;
  EXPECT_THAT(again.err, HasSubstr("used"));
  EXPECT_THAT(again.out, Not(HasSubstr("Done: ")));
}

TEST_F(ApplyTest, SavedPlanIsRefusedAfterChange) {
  const std::string scenario = Scenario("xmpp-failover");
  ASSERT_EQ(Run({"plan", "--out", "night.plan", scenario}).status, 2);
  ASSERT_EQ(Run({"apply", "--auto-approve", scenario}).status, 0);
  const ProgramRun applied = Run({"apply", "night.plan", scenario});
  EXPECT_EQ(applied.status, 13) << applied.err;
  EXPECT_THAT(applied.err, HasSubstr("SiteRoute/Site1"));
}

TEST_F(ApplyTest, CutPlanFileIsInvalid) {
  ASSERT_EQ(Run({"plan", "--out", "night.plan", Scenario("xmpp-failover")}).status, 2);
  fs::resize_file(home_ / "night.plan", fs::file_size(home_ / "night.plan") - 1);
  EXPECT_EQ(Run({"apply", "night.plan", Scenario("xmpp-failover")}).status, 10);
}

TEST_F(ApplyTest, WithoutTerminalNothingIsChanged) {
  const std::string scenario = Scenario("xmpp-failover");
  const ProgramRun applied = Run({"apply", scenario});
  EXPECT_EQ(applied.status, 12);
  EXPECT_THAT(applied.err, HasSubstr("--auto-approve"));
  EXPECT_EQ(Run({"plan", scenario}).status, 2);
}

TEST_F(ApplyTest, DataLossNeedsItsApproval) {
  const ProgramRun applied = Run({"apply", "--auto-approve", Scenario("failback")});
  EXPECT_EQ(applied.status, 12);
  EXPECT_THAT(applied.err, HasSubstr("--approve PoolFailover/frontend1.contoso.com"));
  EXPECT_THAT(applied.err, Not(HasSubstr("Run 1")));
}

TEST_F(ApplyTest, RefusedPlanIsNeitherSavedNorRun) {
  const std::string scenario = Scenario("second-pool-missing");
  EXPECT_EQ(Run({"apply", "--auto-approve", scenario}).status, 12);
  EXPECT_EQ(Run({"plan", "--out", "night.plan", scenario}).status, 12);
  EXPECT_FALSE(fs::exists(home_ / "night.plan"));
}

TEST_F(ApplyTest, PlanOfEveryScenarioFollowsSchema) {
  for (const auto& entry : fs::directory_iterator(Scenario(""))) {
    if (!entry.is_directory()) continue;
    const ProgramRun planned = Run({"plan", "--json", entry.path().string()});
    EXPECT_THAT(planned.status, ::testing::AnyOf(0, 2, 12)) << entry.path() << planned.err;
    ASSERT_TRUE(nlohmann::json::accept(planned.out)) << entry.path();
    std::ofstream(home_ / "plan.json") << planned.out;
    const std::string check = "python3 " POOLSHIFT_SOURCE_DIR
                              "/tests/report/check_schema.py " POOLSHIFT_SOURCE_DIR
                              "/docs/plan.schema.json " +
                              (home_ / "plan.json").string();
    EXPECT_EQ(std::system(check.c_str()), 0) << entry.path();
    const auto document = nlohmann::json::parse(planned.out);
    EXPECT_EQ(document["refusals"].empty(), planned.status != 12) << entry.path();
    EXPECT_EQ(document["actions"].empty(), planned.status != 2) << entry.path();
  }
}

class StoppedTest : public HomeTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Signals, StoppedTest, ::testing::Values(SIGINT, SIGTERM));

TEST_P(StoppedTest, TellsHowToContinue) {
  ProgramCall call = Call({"apply", "--auto-approve", Scenario("xmpp-failover")});
  call.started = [](int pid, const std::string& err) {
    for (int look = 0; look < 3000; ++look) {
      std::ifstream file(err);
      const std::string text(std::istreambuf_iterator<char>(file), {});
      if (text.find(": started\n") != std::string::npos) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::kill(pid, GetParam());
  };
  const ProgramRun stopped = RunProgram(call);
  EXPECT_EQ(stopped.status, 130) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("nothing more is started"));
  EXPECT_THAT(stopped.out, HasSubstr("Interrupted: "));
  EXPECT_THAT(stopped.out, HasSubstr("Not done\n"));
  EXPECT_THAT(stopped.out, HasSubstr("Continue with: poolshift resume "));
  const ProgramRun resumed = Run({"resume", Scenario("xmpp-failover")});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.out, EndsWith("No drift.\n"));
}

TEST_F(ApplyTest, OnlyYesIsConsent) {
  ProgramCall call = Call({"apply", Scenario("xmpp-failover")});
  for (const char* answer : {"y\n", "\n", "Yes\n", "no\n"}) {
    call.input = answer;
    const ProgramRun asked = RunOnTerminal(call);
    EXPECT_EQ(asked.status, 12) << answer << asked.out;
    EXPECT_THAT(asked.out, HasSubstr("nothing was changed"));
  }
  call.input = "yes\n";
  const ProgramRun agreed = RunOnTerminal(call);
  EXPECT_EQ(agreed.status, 0) << agreed.out;
  EXPECT_THAT(agreed.out, HasSubstr("No drift."));
  EXPECT_THAT(agreed.out, HasSubstr("\x1b[J"));  // progress in place
}

TEST_F(ApplyTest, ColourIsForTerminalsOnly) {
  ProgramCall call = Call({"plan", Scenario("nothing-to-do")});
  EXPECT_THAT(RunOnTerminal(call).out, HasSubstr("\x1b["));
  EXPECT_THAT(RunProgram(call).out, Not(HasSubstr("\x1b")));
  call.words.push_back("--no-color");
  EXPECT_THAT(RunOnTerminal(call).out, Not(HasSubstr("\x1b")));
  call.words.pop_back();
  call.environment.push_back("NO_COLOR=1");
  EXPECT_THAT(RunOnTerminal(call).out, Not(HasSubstr("\x1b")));
}

TEST_F(ApplyTest, StateStaysOutOfTree) {
  CopyScenario("xmpp-failover");
  const auto content = [this] {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(home_ / "contoso")) {
      std::ifstream file(entry.path());
      text += entry.path().string() + std::string(std::istreambuf_iterator<char>(file), {});
    }
    return text;
  };
  const std::string before = content();
  EXPECT_EQ(Run({"apply", "--auto-approve", "contoso"}).status, 0);
  EXPECT_EQ(content(), before);
  EXPECT_EQ(Run({"plan", (home_ / "contoso").string() + '/'}).status, 0)
      << "one state for one place";
}

}  // namespace
}  // namespace poolshift
