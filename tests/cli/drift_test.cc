// `poolshift drift` as a person and a program call it: formats, memory, acknowledging, watching.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <thread>

#include "gmock/gmock.h"

#include "tests/cli/home.h"
#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace poolshift {
namespace {

namespace fs = std::filesystem;
using DriftVerbTest = HomeTest;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(DriftVerbTest, JsonOfEveryScenarioFollowsSchema) {
  for (const auto& entry : fs::directory_iterator(Scenario(""))) {
    if (!entry.is_directory()) continue;
    const ProgramRun drifted = Run({"drift", "--format", "json", entry.path().string()});
    EXPECT_THAT(drifted.status, AnyOf(0, 2)) << entry.path() << drifted.err;
    ASSERT_TRUE(nlohmann::json::accept(drifted.out)) << entry.path();
    WriteText(home_ / "drift.json", drifted.out);
    const std::string check = "python3 " POOLSHIFT_SOURCE_DIR
                              "/tests/report/check_schema.py " POOLSHIFT_SOURCE_DIR
                              "/docs/drift.schema.json " +
                              (home_ / "drift.json").string();
    EXPECT_EQ(std::system(check.c_str()), 0) << entry.path();
  }
}

// What mends a difference is in the plan that is made then, and each action of that plan that
// changes something the report speaks of is suggested there.
TEST_F(DriftVerbTest, SuggestionsAreOfThePlan) {
  const auto drift = nlohmann::json::parse(Run({"drift", "--json", Scenario("xmpp-failover")}).out);
  const auto plan = nlohmann::json::parse(Run({"plan", "--json", Scenario("xmpp-failover")}).out);
  std::map<std::string, std::string> titles;
  for (const auto& item : plan["actions"])
    titles[item["id"]] = item["title"];
  std::size_t suggested = 0;
  for (const auto& entry : drift["drift"]) {
    EXPECT_EQ(entry["mend"]["actions"].empty(), !entry["mend"]["none"].get<std::string>().empty())
        << entry;
    for (const auto& action : entry["mend"]["actions"]) {
      ++suggested;
      EXPECT_EQ(titles[action["id"]], action["title"]) << entry;
    }
  }
  EXPECT_GT(suggested, 3U);
}

TEST_F(DriftVerbTest, FormatsAreNamed) {
  const std::string path = Scenario("xmpp-failover");
  EXPECT_THAT(Run({"drift", "--format", "html", path}).out, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(Run({"drift", "--format", "markdown", path}).out, StartsWith("# Drift of contoso"));
  EXPECT_THAT(Run({"drift", "--format", "junit", path}).out, StartsWith("<?xml"));
  const ProgramRun wrong = Run({"drift", "--format", "jnuit", path});
  EXPECT_EQ(wrong.status, 10);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean `junit`?"));
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--json", "--format", "html"},
                                             {"--watch", "--format", "html"},
                                             {"--every", "5s"},
                                             {"--watch", "--history"},
                                             {"--for", "5h"},
                                             {"--watch", "--every", "0s"}}) {
    std::vector<std::string> words = {"drift", path};
    words.insert(words.end(), options.begin(), options.end());
    EXPECT_EQ(Run(words).status, 10) << options[0];
  }
}

// One difference: the XMPP route of Site2, changed by hand.
class HandEditTest : public HomeTest {
 protected:
  HandEditTest() {
    CopyScenario("nothing-to-do");
    Route("edgepool1.contoso.com", "edgepool2.contoso.com");
  }
  void Route(const std::string& from, const std::string& to) const {
    std::string text = ReadText(home_ / "contoso/world.sim");
    const std::size_t at = text.find("xmpp: " + from, text.find("sites:"));
    ASSERT_NE(at, std::string::npos) << text;
    text.replace(at + 6, from.size(), to);
    WriteText(home_ / "contoso/world.sim", text);
  }
  nlohmann::json Drift() const {
    return nlohmann::json::parse(Run({"drift", "--json", "contoso"}).out);
  }
};

TEST_F(HandEditTest, AcknowledgedIsShownApart) {
  const nlohmann::json before = Drift();
  ASSERT_EQ(before["drift"].size(), 1U) << before;
  EXPECT_TRUE(before["drift"][0]["mend"]["designation"]);
  const std::string name = before["drift"][0]["fingerprint"];
  EXPECT_EQ(Run({"drift", "ack", name.substr(0, 8), "contoso"}).status, 10);
  EXPECT_EQ(Run({"drift", "ack", name, "--for", "24h", "contoso"}).status, 10);
  EXPECT_EQ(Run({"drift", "ack", name, "--for", "367d", "--reason", "x", "contoso"}).status, 10);
  EXPECT_EQ(Run({"drift", "ack", "zz", "--for", "1h", "--reason", "x", "contoso"}).status, 10);
  EXPECT_EQ(Run({"drift", "contoso"}).status, 2);
  const ProgramRun done = Run(
      {"drift", "ack", name.substr(0, 8), "--for", "24h", "--reason", "change 4711", "contoso"});
  EXPECT_EQ(done.status, 0) << done.err;
  const ProgramRun known = Run({"drift", "contoso"});
  EXPECT_EQ(known.status, 0) << known.err;
  EXPECT_THAT(known.out, HasSubstr("1 acknowledged"));
  EXPECT_THAT(known.out, HasSubstr("says alice: change 4711"));
  EXPECT_EQ(Drift()["drift"][0]["impact"], before["drift"][0]["impact"]);
  EXPECT_EQ(Run({"drift", "unack", name, "contoso"}).status, 0);
  EXPECT_EQ(Run({"drift", "contoso"}).status, 2);
  EXPECT_EQ(Run({"drift", "unack", name, "contoso"}).status, 10);
}

TEST_F(HandEditTest, AcknowledgementRunsOut) {
  const std::string name = Drift()["drift"][0]["fingerprint"];
  ASSERT_EQ(Run({"drift", "ack", name, "--for", "1ms", "--reason", "soon over", "contoso"}).status,
            0);
  EXPECT_EQ(Run({"drift", "contoso"}).status, 2);
}

TEST_F(HandEditTest, HistoryHasBothPeriods) {
  EXPECT_THAT(Run({"drift", "--history", "contoso"}).out, HasSubstr("No drift is on record."));
  ASSERT_EQ(Drift()["drift"].size(), 1U);
  Route("edgepool2.contoso.com", "edgepool1.contoso.com");
  ASSERT_EQ(Drift()["drift"].size(), 0U);
  Route("edgepool1.contoso.com", "edgepool2.contoso.com");
  const nlohmann::json back = Drift();
  EXPECT_FALSE(back["drift"][0]["last_in_sync"].is_null());
  const ProgramRun history = Run({"drift", "--history", "--json", "contoso"});
  EXPECT_EQ(history.status, 0);
  const auto document = nlohmann::json::parse(history.out);
  ASSERT_EQ(document["differences"].size(), 1U);
  EXPECT_EQ(document["differences"][0]["periods"].size(), 2U);
  EXPECT_TRUE(document["differences"][0]["open"]);
  EXPECT_EQ(document["differences"][0]["periods"][1]["first_seen"], back["drift"][0]["first_seen"]);
}

// Waits until what is printed contains `text`; the test's time limit bounds it.
void Await(const fs::path& file, const std::string& text) {
  while (ReadText(file).find(text) == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

TEST_F(HandEditTest, WatchTellsOnlyWhatChanges) {
  ProgramCall call = Call({"drift", "--watch", "--every", "1s", "--json", "contoso"});
  const fs::path world = home_ / "contoso/world.sim";
  call.started = [&](int pid, const std::string& err) {
    const fs::path out = fs::path(err).parent_path() / "out";
    Await(out, "\"appeared\"");
    const std::string kept = ReadText(world);
    WriteText(world, "}");
    Await(out, "\"could_not_look\"");
    WriteText(world, kept);
    Route("edgepool2.contoso.com", "edgepool1.contoso.com");
    Await(out, "\"in_sync\"");
    ::kill(pid, SIGTERM);
  };
  const ProgramRun watched = RunProgram(call);
  EXPECT_EQ(watched.status, 0) << watched.err;
  std::istringstream lines(watched.out);
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    const std::string event = nlohmann::json::parse(line)["event"];
    if (event != "could_not_look" || events.back() != event) events.push_back(event);
  }
  EXPECT_EQ(events, (std::vector<std::string>{"appeared", "could_not_look", "gone", "in_sync"}));
}

TEST_F(HandEditTest, WatchEndsAsItsLastLook) {
  ProgramCall call = Call({"drift", "--watch", "contoso"});
  call.started = [](int pid, const std::string& err) {
    Await(fs::path(err).parent_path() / "out", "traffic is affected");
    ::kill(pid, SIGINT);
  };
  const ProgramRun watched = RunProgram(call);
  EXPECT_EQ(watched.status, 2) << watched.err;
  EXPECT_THAT(watched.out, HasSubstr(" + traffic is affected: the XMPP route of"));
}

TEST_F(HandEditTest, WatchOfFaultyManifestsEndsAtOnce) {
  WriteText(home_ / "contoso/broken.yaml", "kind: Nothing\n");
  EXPECT_EQ(Run({"drift", "--watch", "contoso"}).status, 10);
}

}  // namespace
}  // namespace poolshift
