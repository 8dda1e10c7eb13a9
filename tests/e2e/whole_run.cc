#include "tests/e2e/whole_run.h"

#include <map>

#include "gtest/gtest.h"

namespace poolshift::e2e {

std::string Brisk(const std::string& manifest) {
  return With(manifest, "successes: 3", "successes: 1");
}

std::string Slow(const std::string& world) {
  return world + "durations: {EdgeComponents: 1s, Topology: 1s}\n";
}

const std::string& WholeRun(const std::string& scenario) {
  static std::map<std::string, std::string> ends;
  const auto [end, missing] = ends.try_emplace(scenario);
  if (missing) {
    Contoso contoso({.scenario = scenario, .manifest = Brisk});
    const Finished apply = contoso.Run(kApply);
    EXPECT_EQ(apply.status, 0) << apply.said();
    end->second = contoso.Platform();
  }
  return end->second;
}

void ExpectFinished(Contoso& contoso, const std::string& scenario, const Lines& verb) {
  const Finished run = contoso.Run(verb);
  EXPECT_EQ(run.status, 0) << run.said();
  EXPECT_TRUE(EndsInNoDrift(run.out)) << run.said();
  EXPECT_EQ(contoso.Platform(), WholeRun(scenario));
  const Finished plan = contoso.Run({"plan"});
  EXPECT_EQ(plan.status, 0) << plan.said();
}

}  // namespace poolshift::e2e
