#include "controller/notify/outbox.h"

#include <algorithm>

namespace poolshift::notify {
namespace {

bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsAborted(status) || absl::IsResourceExhausted(status);
}

}  // namespace

Outbox::Offered Outbox::Offer(const std::string& target, const Event& event, absl::Time now) {
  const std::pair<std::string, std::string> name{target, event.key};
  if (known_.contains(name)) return Offered::kKnown;
  if (items_.size() >= limits_.most_waiting) {
    ++dropped_;
    return Offered::kFull;
  }
  known_.insert(name);
  order_.push_back(name);
  if (order_.size() > limits_.most_keys) {
    known_.erase(order_.front());
    order_.pop_front();
  }
  items_.push_back({++last_number_, target, event, 0, now});
  return Offered::kTaken;
}

void Outbox::Supersede(const std::string& target, const std::string& commit) {
  std::erase_if(items_, [&](const Item& item) {
    return item.target == target && item.event.commit == commit;
  });
}

std::optional<Outbox::Item> Outbox::Next(absl::Time now, const std::set<std::string>& busy) const {
  const Item* next = nullptr;
  for (const Item& item : items_) {
    if (item.due > now || busy.contains(item.target)) continue;
    if (next == nullptr || item.due < next->due) next = &item;
  }
  return next == nullptr ? std::nullopt : std::optional(*next);
}

void Outbox::Ended(std::int64_t number, const absl::Status& status, absl::Time now) {
  const auto item = std::find_if(
      items_.begin(), items_.end(), [number](const Item& each) { return each.number == number; });
  if (item == items_.end()) return;
  if (status.ok()) {
    ++delivered_;
    items_.erase(item);
    return;
  }
  ++item->attempts;
  if (!MayPass(status) || item->attempts >= limits_.most_attempts) {
    ++failed_;
    given_up_.emplace_back(*item, status);
    items_.erase(item);
    return;
  }
  absl::Duration wait = limits_.first_wait;
  for (int i = 1; i < item->attempts && wait < limits_.longest_wait; ++i)
    wait *= 2;
  item->due = now + std::min(wait, limits_.longest_wait);
}

absl::Time Outbox::NextDue(const std::set<std::string>& busy) const {
  absl::Time due = absl::InfiniteFuture();
  for (const Item& item : items_)
    if (!busy.contains(item.target)) due = std::min(due, item.due);
  return due;
}

std::vector<std::pair<Outbox::Item, absl::Status>> Outbox::TakeGivenUp() {
  return std::exchange(given_up_, {});
}

}  // namespace poolshift::notify
