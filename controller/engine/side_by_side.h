// Work that falls into independent pieces, on as many cores as there are.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/try.h"

namespace poolshift {

// Calls `piece` once for each number below `count`, several at a time, in no order; back when all
// are done. What a piece writes must belong to its number alone, so that the outcome is the same on
// any number of cores.
void SideBySide(std::size_t count, const std::function<void(std::size_t)>& piece);

// What `make` made of each number below `count`, in their order, or the first error of them.
template <class T, class Make>
absl::StatusOr<std::vector<T>> MadeSideBySide(std::size_t count, const Make& make) {
  std::vector<absl::StatusOr<T>> made(count, absl::UnknownError("not made"));
  SideBySide(count, [&](std::size_t i) { made[i] = make(i); });
  std::vector<T> all;
  for (absl::StatusOr<T>& each : made) {
    POOLSHIFT_TRY(each.status());
    all.push_back(*std::move(each));
  }
  return all;
}

}  // namespace poolshift
