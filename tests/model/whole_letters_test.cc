#include "controller/model/whole_letters.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

TEST(WholeLettersTest, PartsNone) {
  struct Row {
    const char* name;
    std::string_view text;
    std::size_t most, fits;
  };
  for (const Row& row : {Row{"all of it", "abc", 10, 3},
                         Row{"exactly all of it", "aä", 3, 3},
                         Row{"plain letters", "abc", 2, 2},
                         Row{"within a letter of two bytes", "aä", 2, 1},
                         Row{"within one of three", "あい", 5, 3},
                         Row{"within one of four", "😀", 3, 0},
                         Row{"between letters", "あい", 3, 3},
                         Row{"nothing fits", "ä", 0, 0},
                         Row{"nothing there", "", 5, 0}})
    EXPECT_EQ(WholeLetters(row.text, row.most), row.fits) << row.name;
}

}  // namespace
}  // namespace poolshift
