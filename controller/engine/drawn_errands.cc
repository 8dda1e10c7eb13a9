#include "controller/engine/drawn_errands.h"

#include <algorithm>
#include <utility>

namespace poolshift {
namespace {

constexpr absl::Duration kLongestSleep = absl::Hours(1);

}  // namespace

DrawnErrands::DrawnErrands(Clock& clock, Draw draw) : clock_(clock), draw_(std::move(draw)) {}

void DrawnErrands::Post(std::function<void(const Tell& tell)> call) {
  waiting_.push_back(std::move(call));
}

std::optional<Errands::Item> DrawnErrands::Next(absl::Duration patience) {
  if (!items_.empty()) {
    Item item = std::move(items_.front());
    items_.pop_front();
    return item;
  }
  if (patience <= absl::ZeroDuration()) return std::nullopt;
  if (waiting_.empty()) {
    clock_.Sleep(std::min(patience, kLongestSleep));
    return std::nullopt;
  }
  const auto place = waiting_.begin() + static_cast<std::ptrdiff_t>(draw_(waiting_.size()));
  const auto call = std::move(*place);
  waiting_.erase(place);
  call([this](Item item) { items_.push_back(std::move(item)); });
  return std::nullopt;
}

int DrawnErrands::Close(absl::Duration /*patience*/) {
  waiting_.clear();
  return 0;
}

}  // namespace poolshift
