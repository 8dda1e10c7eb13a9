#include "controller/gitops/board.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

TEST(BoardTest, ForgetsOldLinesByTheirNumberAndTheirSize) {
  Board board;
  for (int i = 0; i < 10'050; ++i)
    board.Say("{}");
  std::vector<RunLine> lines = board.LinesAfter(0, absl::ZeroDuration());
  EXPECT_EQ(lines.size(), 10'000U);
  EXPECT_EQ(lines.front().number, 51U);
  // A line that holds a whole plan counts as what it is.
  const std::string plan(std::size_t{3} << 20U, 'x');
  for (int i = 0; i < 5; ++i)
    board.Say(plan);
  lines = board.LinesAfter(0, absl::ZeroDuration());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines.back().number, 10'055U);
  // The newest is kept however large it is.
  board.Say(std::string(std::size_t{20} << 20U, 'x'));
  lines = board.LinesAfter(0, absl::ZeroDuration());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().number, 10'056U);
  board.Say("{}");
  EXPECT_EQ(board.LinesAfter(10'056, absl::ZeroDuration()).size(), 1U);
}

}  // namespace
}  // namespace poolshift
