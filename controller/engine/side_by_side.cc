#include "controller/engine/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace poolshift {

void SideBySide(std::size_t count, const std::function<void(std::size_t)>& piece) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++)
      piece(i);
  };
  const std::size_t workers =
      std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < workers; ++i)
    others.emplace_back(work);
  work();
}

}  // namespace poolshift
