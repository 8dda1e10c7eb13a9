// Outbox: what waits to be told, and to whom. It decides what is sent next and when again; it sends
// nothing itself, has no clock and no threads. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "controller/notify/event.h"

namespace poolshift::notify {

struct OutboxLimits {
  std::size_t most_waiting = 1000;
  std::size_t most_keys = 10'000;  // that are remembered, to tell no event twice
  int most_attempts = 8;
  absl::Duration first_wait = absl::Seconds(5);  // doubled with each failure
  absl::Duration longest_wait = absl::Minutes(10);
};

class Outbox {
 public:
  explicit Outbox(OutboxLimits limits) : limits_(limits) {}

  enum class Offered { kTaken, kKnown, kFull };
  // kKnown: this target was told, or will be. kFull: it is not told; `dropped` counts it.
  Offered Offer(const std::string& target, const Event& event, absl::Time now);

  // What waits for `target` about `commit` is not told any more: something newer is.
  void Supersede(const std::string& target, const std::string& commit);

  struct Item {
    std::int64_t number = 0;
    std::string target;
    Event event;
    int attempts = 0;  // that failed
    absl::Time due = absl::InfinitePast();
  };
  // The item that is due and not for one of `busy`, the one that has waited longest first. It stays
  // until Ended().
  std::optional<Item> Next(absl::Time now, const std::set<std::string>& busy = {}) const;
  // How sending it went. Unavailable, DeadlineExceeded, Aborted and ResourceExhausted are tried
  // again; any other failure is final.
  void Ended(std::int64_t number, const absl::Status& status, absl::Time now);
  // When Next() has something; infinite future: nothing waits.
  absl::Time NextDue(const std::set<std::string>& busy = {}) const;

  std::size_t waiting() const { return items_.size(); }
  std::int64_t delivered() const { return delivered_; }
  std::int64_t dropped() const { return dropped_; }
  std::int64_t failed() const { return failed_; }  // given up
  // Given up, with the last failure; taken away by the call.
  std::vector<std::pair<Item, absl::Status>> TakeGivenUp();

 private:
  OutboxLimits limits_;
  std::deque<Item> items_;
  std::set<std::pair<std::string, std::string>> known_;  // target, key
  std::deque<std::pair<std::string, std::string>> order_;
  std::vector<std::pair<Item, absl::Status>> given_up_;
  std::int64_t last_number_ = 0, delivered_ = 0, dropped_ = 0, failed_ = 0;
};

}  // namespace poolshift::notify
