// Style: how text for people is laid out. Chosen once by the program; every report takes it as a
// value.
#pragma once

namespace poolshift {

struct Style {
  bool color = false;  // ANSI colours; only on a terminal, never with NO_COLOR or --no-color
  int width =
      100;  // columns; lines are broken at words, commands never (they are there to be copied)
};

}  // namespace poolshift
