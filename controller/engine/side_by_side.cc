#include "controller/engine/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace poolshift {

std::size_t WorkersFor(std::size_t count) {
  return std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
}

void SideBySide(std::size_t count,
                std::size_t workers,
                const std::function<void(std::size_t, std::size_t)>& piece) {
  std::atomic<std::size_t> next{0};
  const auto work = [&](std::size_t worker) {
    for (std::size_t i = next++; i < count; i = next++)
      piece(i, worker);
  };
  std::vector<std::jthread> others;
  for (std::size_t worker = 1; worker < workers; ++worker)
    others.emplace_back(work, worker);
  work(0);
}

void SideBySide(std::size_t count, const std::function<void(std::size_t)>& piece) {
  SideBySide(count, WorkersFor(count), [&](std::size_t i, std::size_t) { piece(i); });
}

}  // namespace poolshift
