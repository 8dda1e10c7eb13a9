// Order: who comes before whom in a plan, as its edges say.
#pragma once

#include <map>
#include <utility>
#include <vector>

namespace poolshift::check {

// Borrows `needs`: by position, the positions that come directly before it, all smaller.
class Order {
 public:
  explicit Order(const std::vector<std::vector<int>>& needs);

  // Whether `earlier` is done in every state in which `later` is.
  bool Before(int earlier, int later) const;
  // As if the two were not ordered, and every other pair still were.
  void Forget(int earlier, int later) { forgotten_ = {earlier, later}; }
  void Remember() { forgotten_ = {-1, -1}; }
  // An edge to `position` that other edges imply: its origin, or -1.
  int Superfluous(int position) const;

 private:
  // All that comes before a step which waits for very many others. Such steps stand between most
  // others, so that walking through one for each question would be quadratic.
  const std::vector<bool>& BeforeHub(int hub) const;

  const std::vector<std::vector<int>>& needs_;
  mutable std::map<int, std::vector<bool>> before_hubs_;
  std::pair<int, int> forgotten_{-1, -1};
  mutable std::vector<int> seen_;  // by position: the walk that saw it last
  mutable int walk_ = 0;
  mutable std::vector<int> open_;
};

}  // namespace poolshift::check
