// Many keys through a real program: batches, order, repetition.
#include <gtest/gtest.h>

#include "tests/provider/stage.h"

namespace poolshift {
namespace {

struct Case {
  const char* name;
  const char* program;
  int keys;
  int distinct;
};

class Observing : public testing::TestWithParam<Case> {};

// Both programs show a switch with its own name.
TEST_P(Observing, GivesEachKeyItsOwnAnswer) {
  Stage stage;
  const auto provider = stage.Start(GetParam().program);
  ASSERT_TRUE(provider.ok()) << provider.status();
  std::vector<ObservationKey> keys;
  for (int i = 0; i < GetParam().keys; ++i)
    keys.push_back({{"Switch", "lamp" + std::to_string(i % GetParam().distinct)}, "v"});
  const auto seen = (*provider)->Observe(keys, absl::Seconds(60));
  ASSERT_TRUE(seen.ok()) << seen.status();
  ASSERT_EQ(seen->size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ((*seen)[i].properties.StringOr("value", ""), keys[i].id.name) << i;
    EXPECT_EQ((*seen)[i].provider, "p");
  }
}

INSTANTIATE_TEST_SUITE_P(Keys,
                         Observing,
                         testing::Values(Case{"none", "named", 0, 1},
                                         Case{"one", "named", 1, 1},
                                         Case{"one_batch", "named", 1000, 1000},
                                         Case{"several_batches", "named", 3500, 3500},
                                         Case{"backwards", "backwards", 700, 700},
                                         Case{"backwards_in_batches", "backwards", 2500, 2500},
                                         Case{"a_key_in_two_batches", "named", 2000, 1000},
                                         Case{"a_key_twice", "named", 10, 5}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Previewing, SeveralBatchesKeepTheirOrder) {
  Stage stage;
  const auto provider = stage.Start("named");
  ASSERT_TRUE(provider.ok()) << provider.status();
  std::vector<Action> actions(2500, SwitchOff().action);
  for (std::size_t i = 0; i < actions.size(); ++i)
    actions[i].target.name = "lamp" + std::to_string(i);
  const auto commands = (*provider)->Preview(actions, absl::Seconds(60));
  ASSERT_TRUE(commands.ok()) << commands.status();
  ASSERT_EQ(commands->size(), actions.size());
  for (std::size_t i = 0; i < actions.size(); ++i)
    EXPECT_EQ((*commands)[i], std::vector<std::string>{"set " + actions[i].target.name});
}

}  // namespace
}  // namespace poolshift
