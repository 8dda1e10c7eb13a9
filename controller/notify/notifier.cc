#include "controller/notify/notifier.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace poolshift::notify {

Notifier Notifier::Make(const std::vector<Notification>& notifications,
                        const World& world,
                        const SenderOptions& options,
                        const OutboxLimits& limits) {
  Notifier notifier(world, limits);
  for (const Notification& each : notifications) {
    absl::StatusOr<std::unique_ptr<Sender>> sender = MakeSender(each, world, options);
    if (!sender.ok()) {
      notifier.failures_.push_back("notification " + each.name + " is not told of anything: " +
                                   std::string(sender.status().message()));
      continue;
    }
    const bool status = each.way == Notification::Way::kCommitStatus;
    notifier.targets_[each.name] = {each.events, status, *std::move(sender)};
  }
  return notifier;
}

void Notifier::Tell(const Event& event) {
  for (const auto& [name, target] : targets_) {
    const auto& wanted = target.events;
    if (target.commit_status != (event.name == kCommitStatusEvent)) continue;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), event.name) == wanted.end())
      continue;
    if (target.commit_status) outbox_.Supersede(name, event.commit);
    if (outbox_.Offer(name, event, world_.clock->Now()) == Outbox::Offered::kFull)
      failures_.push_back(name + " is not told of " + event.key + ": too much waits already");
  }
}

void Notifier::Work(const std::function<bool()>& stopped) {
  const std::size_t waiting = outbox_.waiting();
  for (std::size_t i = 0; i < waiting && !stopped(); ++i) {
    const std::optional<Outbox::Item> item = outbox_.Next(world_.clock->Now());
    if (!item.has_value()) break;
    const absl::Status status = targets_.at(item->target).sender->Send(item->event);
    outbox_.Ended(item->number, status, world_.clock->Now());
  }
  for (const auto& [item, status] : outbox_.TakeGivenUp())
    failures_.push_back(item.target + " could not be told of " + item.event.key + ": " +
                        std::string(status.message()));
}

std::vector<std::string> Notifier::TakeFailures() { return std::exchange(failures_, {}); }

}  // namespace poolshift::notify
