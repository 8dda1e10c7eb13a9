// DrawnErrands: calls of a run made one at a time, in its own thread, whenever nothing else is to
// be done; with providers that answer alike, every run of a plan is then the same.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "controller/engine/errands.h"
#include "controller/world/clock.h"

namespace poolshift {

class DrawnErrands final : public Errands {
 public:
  // Which of so many calls that wait is made next.
  using Draw = std::function<std::size_t(std::size_t waiting)>;

  // `clock` sleeps where nothing waits. Borrowed.
  DrawnErrands(Clock& clock, Draw draw);

  void Post(std::function<void(const Tell& tell)> call) override;
  std::optional<Item> Next(absl::Duration patience) override;
  int Close(absl::Duration patience) override;

 private:
  Clock& clock_;
  const Draw draw_;
  std::vector<std::function<void(const Tell& tell)>> waiting_;
  std::deque<Item> items_;
};

}  // namespace poolshift
