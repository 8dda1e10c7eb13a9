// Work that falls into independent pieces, on as many cores as there are.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/try.h"

namespace poolshift {

// Calls `piece` once for each number below `count`, several at a time, in no order; back when all
// are done. What a piece writes must belong to its number alone, so that the outcome is the same on
// any number of cores.
void SideBySide(std::size_t count, const std::function<void(std::size_t)>& piece);

// The same on so many workers; `piece` is told which of them it runs on.
void SideBySide(std::size_t count,
                std::size_t workers,
                const std::function<void(std::size_t, std::size_t worker)>& piece);
// Asked once for a piece of work: the number of cores may change.
std::size_t WorkersFor(std::size_t count);

template <class T>
absl::StatusOr<std::vector<T>> AllOrFirstError(std::vector<absl::StatusOr<T>> made) {
  std::vector<T> all;
  all.reserve(made.size());
  for (absl::StatusOr<T>& each : made) {
    POOLSHIFT_TRY(each.status());
    all.push_back(*std::move(each));
  }
  return all;
}

// What `make` made of each number below `count`, in their order, or the first error of them.
template <class T, class Make>
absl::StatusOr<std::vector<T>> MadeSideBySide(std::size_t count, const Make& make) {
  std::vector<absl::StatusOr<T>> made(count, absl::UnknownError("not made"));
  SideBySide(count, [&](std::size_t i) { made[i] = make(i); });
  return AllOrFirstError(std::move(made));
}

// The same; each worker has a tool of its own, a std::unique_ptr from `equip`.
template <class T, class Equip, class Make>
absl::StatusOr<std::vector<T>> MadeSideBySide(std::size_t count,
                                              const Equip& equip,
                                              const Make& make) {
  std::vector<absl::StatusOr<T>> made(count, absl::UnknownError("not made"));
  std::vector<decltype(equip())> tools(WorkersFor(count));
  SideBySide(count, tools.size(), [&](std::size_t i, std::size_t worker) {
    if (tools[worker] == nullptr) tools[worker] = equip();
    made[i] = make(i, *tools[worker]);
  });
  return AllOrFirstError(std::move(made));
}

}  // namespace poolshift
