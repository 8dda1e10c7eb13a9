// The kit itself: an honest provider passes each check, and for each there is a provider that
// breaks just its promise and is caught by it.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "tests/conformance/broken.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

const std::vector<Broken>& EachBroken() {
  static const std::vector<Broken> all = [] {
    std::vector<Broken> broken;
    for (const auto& some : {BrokenLooks(), BrokenKeys(), BrokenChanges()})
      broken.insert(broken.end(), some.begin(), some.end());
    return broken;
  }();
  return all;
}

const Check& Find(const std::string& name) {
  const auto& checks = AllChecks();
  const auto found = std::find_if(
      checks.begin(), checks.end(), [&](const Check& check) { return check.name == name; });
  if (found == checks.end()) throw std::runtime_error("no check " + name);
  return *found;
}

Nature NatureFor(const Check& check) {
  const auto needs = [&](Need need) {
    return std::find(check.needs.begin(), check.needs.end(), need) != check.needs.end();
  };
  return needs(Need::kObserver)  ? Nature::kObserves
         : needs(Need::kRefusal) ? Nature::kRefuses
                                 : Nature::kChanges;
}

// What the check finds wrong, and nothing of it a failure of this test.
std::vector<std::string> Findings(const Check& check, const Twister& twister) {
  Backstage backstage;
  const Fixture fixture = TwistedFixture(backstage, NatureFor(check), twister);
  testing::TestPartResultArray results;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
    RunCheck(check, fixture);
  }
  std::vector<std::string> findings;
  for (int i = 0; i < results.size(); ++i) {
    if (results.GetTestPartResult(i).failed())
      findings.emplace_back(results.GetTestPartResult(i).message());
  }
  return findings;
}

class Kit : public testing::TestWithParam<Broken> {};

TEST_P(Kit, CatchesTheBrokenAndPassesTheHonest) {
  const Check& check = Find(GetParam().check);
  const Twister honest = [](Backstage&, const Start&) { return Twist{}; };
  EXPECT_THAT(Findings(check, honest), testing::IsEmpty()) << "of an honest provider";
  EXPECT_THAT(Findings(check, GetParam().twister), testing::Not(testing::IsEmpty()))
      << "a provider broke this promise, and nothing was noticed: " << check.promise;
}

INSTANTIATE_TEST_SUITE_P(Checks, Kit, testing::ValuesIn(EachBroken()), [](const auto& row) {
  std::string name = row.param.check;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(KitTable, EachCheckIsNamedOnceExplainedAndProven) {
  std::set<std::string> proven, seen;
  for (const Broken& broken : EachBroken())
    EXPECT_TRUE(proven.insert(broken.check).second) << broken.check;
  for (const Check& check : AllChecks()) {
    EXPECT_TRUE(seen.insert(check.name).second) << check.name;
    EXPECT_TRUE(proven.count(check.name)) << check.name << ": no broken provider proves it";
    EXPECT_EQ(check.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string::npos);
    EXPECT_EQ(check.promise.back(), '.') << check.name;
    EXPECT_FALSE(check.source.empty()) << check.name;
  }
  EXPECT_EQ(proven, seen);
  EXPECT_GE(seen.size(), 120U);
}

}  // namespace

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.check; }

}  // namespace poolshift::conformance
