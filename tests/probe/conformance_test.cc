// Every promise of the provider protocol that concerns observing, kept by `probe` on real servers
// and through an agent.
#include <filesystem>
#include <sstream>

#include "gmock/gmock.h"

#include "tests/probe/plugin_stage.h"

namespace poolshift::probe::testing {
namespace {

class ProbeConformance : public PluginStage {
 protected:
  // The lines of a private key, without its frame.
  static std::vector<std::string> LinesOfKey(const std::string& file) {
    std::vector<std::string> lines;
    std::istringstream text(scratch().Read(file));
    for (std::string line; std::getline(text, line);) {
      if (line.size() > 30 && line.front() != '-') lines.push_back(line);
    }
    return lines;
  }
};

TEST_F(ProbeConformance, KeepsEveryPromise) {
  const auto agent = StartAgent("agent");
  const Value::List vantages{Value::Map{{"name", "here"}, {"local", true}},
                             ByTls("berlin", "agent.test")};
  conformance::Fixture fixture;
  fixture.organization = "contoso";
  fixture.reset = [] { std::filesystem::remove_all(scratch().Path("state")); };
  fixture.start = [&](const conformance::Start& start) { return StartProvider(start, vantages); };
  for (const char* vantage : {"here", "berlin"}) {
    fixture.keys.push_back(Sip(vantage));
    fixture.keys.push_back(Xmpp(vantage));
    fixture.keys.push_back(Closed(vantage));
  }
  fixture.unreachable = Sip("rome");
  for (const char* file : {"controller.key", "probe.key"}) {
    for (const std::string& line : LinesOfKey(file))
      fixture.secrets.push_back(line);
  }
  ASSERT_FALSE(fixture.secrets.empty());
  fixture.log = [&] { return log_; };
  using conformance::Need;
  fixture.without = {{Need::kTarget, "it only looks"},
                     {Need::kAbsent, "of every place it tells what answered, or that nothing did"}};
  EXPECT_GE(conformance::RunConformance(fixture).ran, 40);
}

}  // namespace
}  // namespace poolshift::probe::testing
