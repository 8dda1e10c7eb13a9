// Notifier: tells events to everybody who is declared to be told. No threads: whoever owns it calls
// Work() when something is due. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
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
  // Sends what is due, each at most once, until `stopped` says so.
  void Work(const std::function<bool()>& stopped = [] { return false; });

  const Outbox& outbox() const { return outbox_; }
  // What was not told at all, in words, for the log; taken away by the call.
  std::vector<std::string> TakeFailures();

 private:
  struct Target {
    std::vector<std::string> events;  // empty: all
    bool commit_status = false;       // and nothing else
    std::unique_ptr<Sender> sender;
  };
  Notifier(const World& world, const OutboxLimits& limits) : world_(world), outbox_(limits) {}

  World world_;
  Outbox outbox_;
  std::map<std::string, Target> targets_;
  std::vector<std::string> failures_;
};

}  // namespace poolshift::notify
