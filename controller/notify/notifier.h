// Notifier: tells events to everybody who is declared to be told. Each target is told one event at
// a time, on a thread of its own, so that one that does not answer delays nobody else. Whoever owns
// it calls Work() when something is due. Not thread-safe; ends when what is being sent has ended.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "controller/model/notification.h"
#include "controller/notify/outbox.h"
#include "controller/notify/sender.h"

namespace poolshift::notify {

class Notifier {
 public:
  // A notification whose target or template is wrong is left out and is a failure; the others are
  // told. All that `world` points to outlives it.
  static Notifier Make(const std::vector<Notification>& notifications,
                       const World& world,
                       const SenderOptions& options,
                       const OutboxLimits& limits = {});

  // Puts it into the queue of every target that wants such events.
  void Tell(const Event& event);
  // Begins to send what is due, and takes in what has ended. Does not wait.
  void Work();
  // Waits for what is being sent, and takes it in.
  void Finish();
  bool is_sending() const { return !busy_.empty(); }
  // When Work() has something to begin; infinite future: never, until something ends or is told.
  absl::Time NextDue() const { return outbox_.NextDue(busy_); }

  const Outbox& outbox() const { return outbox_; }
  // What was not told at all, in words, for the log; taken away by the call.
  std::vector<std::string> TakeFailures();

 private:
  struct Target {
    std::vector<std::string> events;  // empty: all
    bool commit_status = false;       // and nothing else
    std::unique_ptr<Sender> sender;
    std::int64_t number = 0;            // of the item that is being sent
    std::future<absl::Status> sending;  // not valid: none is
  };
  void TakeIn(const std::string& name, Target& target);
  Notifier(const World& world, const OutboxLimits& limits) : world_(world), outbox_(limits) {}

  World world_;
  Outbox outbox_;
  std::map<std::string, Target> targets_;
  std::set<std::string> busy_;  // targets to which something is being sent
  std::vector<std::string> failures_;
};

}  // namespace poolshift::notify
