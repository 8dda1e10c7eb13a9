#include "controller/notify/notifier.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <system_error>
#include <utility>

namespace poolshift::notify {
namespace {

// On a thread of its own; what cannot have one now may have one later.
std::future<absl::Status> Begun(std::function<absl::Status()> send) {
  try {
    return std::async(std::launch::async, std::move(send));
  } catch (const std::system_error& error) {
    std::promise<absl::Status> none;
    none.set_value(absl::UnavailableError(std::string("no thread can be had: ") + error.what()));
    return none.get_future();
  }
}

}  // namespace

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
    Target& target = notifier.targets_[each.name];
    target.events = each.events;
    target.commit_status = status;
    target.sender = *std::move(sender);
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

void Notifier::TakeIn(const std::string& name, Target& target) {
  outbox_.Ended(target.number, target.sending.get(), world_.clock->Now());
  busy_.erase(name);
  for (const auto& [item, status] : outbox_.TakeGivenUp())
    failures_.push_back(item.target + " could not be told of " + item.event.key + ": " +
                        std::string(status.message()));
}

void Notifier::Work() {
  for (auto& [name, target] : targets_) {
    if (target.sending.valid() &&
        target.sending.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      TakeIn(name, target);
  }
  while (const auto item = outbox_.Next(world_.clock->Now(), busy_)) {
    Target& target = targets_.at(item->target);
    busy_.insert(item->target);
    target.number = item->number;
    target.sending =
        Begun([sender = target.sender.get(), event = item->event] { return sender->Send(event); });
  }
}

void Notifier::Finish() {
  for (auto& [name, target] : targets_)
    if (target.sending.valid()) TakeIn(name, target);
}

std::vector<std::string> Notifier::TakeFailures() { return std::exchange(failures_, {}); }

}  // namespace poolshift::notify
