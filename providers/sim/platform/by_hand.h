// The program's commands for people: look at a world, and change it behind the controller's back.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace poolshift::sim {

// `arguments` after "world". Returns the exit status: 0 done, 1 could not, 2 not understood.
int RunByHand(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace poolshift::sim
