#include "controller/serve/teller.h"

#include <algorithm>
#include <csignal>
#include <utility>

namespace poolshift {
namespace {

constexpr absl::Duration kLongestWait = absl::Minutes(1);
constexpr absl::Duration kSending = absl::Milliseconds(50);  // until it is looked at again

std::vector<Notification> DeclaredIn(const Snapshot& now) {
  std::vector<Notification> all;
  for (const auto& [name, notification] : now.organization->notifications)
    all.push_back(notification);
  return all;
}

}  // namespace

void Teller::Keep() {
  if (told_ == kept_) return;
  const absl::Status status = WriteAnnounced(*world_.files, options_.state_directory, told_);
  if (!status.ok())
    return options_.log("what was told is not kept: " + std::string(status.message()));
  kept_ = told_;
}

void Teller::Follow(const Snapshot& now) {
  if (now.organization == nullptr) return;  // nobody knows yet whom to tell
  std::vector<Notification> declared = DeclaredIn(now);
  if (notifier_ == nullptr || declared != declared_) {
    // What has not arrived yet is told to the new targets, once more from what is on disk.
    TakeIn();
    told_ = kept_;
    declared_ = std::move(declared);
    notifier_ = std::make_unique<notify::Notifier>(
        notify::Notifier::Make(declared_, world_, options_.sending));
  }
  for (const notify::Event& event : Announce(now, world_.clock->Now(), told_))
    notifier_->Tell(event);
}

// What is on its way arrives, or does not; what has arrived is not told again.
void Teller::TakeIn() {
  if (notifier_ == nullptr) return;
  notifier_->Finish();
  if (notifier_->outbox().waiting() == 0) Keep();
}

absl::Duration Teller::Wait() const {
  if (notifier_ == nullptr) return kLongestWait;
  return std::clamp(notifier_->NextDue() - world_.clock->Now(),
                    absl::ZeroDuration(),
                    notifier_->is_sending() ? kSending : kLongestWait);
}

void Teller::Run() {
  // A far side that hangs up while TLS writes is an error of that call, and no end of the program.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  absl::StatusOr<Announced> kept = ReadAnnounced(*world_.files, options_.state_directory);
  if (!kept.ok()) options_.log(std::string(kept.status().message()));
  if (kept.ok()) told_ = kept_ = *std::move(kept);
  std::uint64_t seen = 0;
  while (!board_.stopped()) {
    const std::shared_ptr<const Snapshot> now = board_.After(seen, Wait());
    if (board_.stopped()) break;
    if (now->round > seen) {
      seen = now->round;
      Follow(*now);
    }
    if (notifier_ == nullptr) continue;
    notifier_->Work();
    for (const std::string& failure : notifier_->TakeFailures())
      options_.log(failure);
    const notify::Outbox& outbox = notifier_->outbox();
    board_.Count({outbox.waiting(), outbox.delivered(), outbox.dropped(), outbox.failed()});
    if (outbox.waiting() == 0) Keep();
  }
  TakeIn();
}

}  // namespace poolshift
