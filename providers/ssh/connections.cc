#include "providers/ssh/connections.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include "absl/time/clock.h"

#include "controller/model/try.h"
#include "providers/ssh/master.h"
#include "providers/ssh/mux_client.h"

namespace poolshift::ssh {
namespace {

// sshd serves ten sessions on one connection unless told otherwise (MaxSessions); forwards are
// none.
constexpr int kSessions = 8;

// For a session that sshd refuses.
constexpr int kAttempts = 20;
constexpr absl::Duration kPause = absl::Milliseconds(50);

class SshHost final : public Host {
 public:
  SshHost(Processes& processes, const RunFolder& folder, Target target, std::size_t number)
      : processes_(processes),
        folder_(folder),
        target_(std::move(target)),
        prefix_(std::to_string(number)) {}

  const std::string& name() const override { return target_.name; }

  absl::StatusOr<Output> Run(const Command& command, absl::Time deadline) override {
    const absl::Time asked = absl::Now();
    POOLSHIFT_TRY(TakeTurn(deadline));
    auto output = RunInTurn(command, asked, deadline);
    {
      const std::lock_guard lock(turns_mutex_);
      --running_;
    }
    turn_ended_.notify_one();
    return output;
  }

  absl::StatusOr<std::string> Forward(const Remote& remote, absl::Time deadline) override {
    const absl::Time asked = absl::Now();
    const std::lock_guard lock(forwards_mutex_);
    POOLSHIFT_ASSIGN(Conversation conversation, Converse(asked, deadline));
    const std::string place =
        remote.path.empty() ? remote.address + ':' + std::to_string(remote.port) : remote.path;
    Forwarded& forwarded = forwards_[place];
    if (forwarded.master.lock() == conversation.master) return forwarded.path;
    const std::string path = folder_.Path(prefix_ + "-f" + std::to_string(next_forward_++));
    const absl::Status opened = conversation.client.Forward(path, remote, deadline);
    if (!opened.ok()) return Named(opened);
    forwarded = {conversation.master, path};
    return path;
  }

 private:
  struct Forwarded {
    std::weak_ptr<Master> master;  // the connection that it belongs to
    std::string path;
  };

  absl::Status Named(const absl::Status& status) const {
    return {status.code(), target_.name + ": " + std::string(status.message())};
  }

  absl::Status TakeTurn(absl::Time deadline) {
    std::unique_lock lock(turns_mutex_);
    const bool free = turn_ended_.wait_until(
        lock, absl::ToChronoTime(deadline), [this] { return running_ < kSessions; });
    if (!free)
      return absl::UnavailableError(target_.name + ": " + std::to_string(kSessions) +
                                    " commands run there and none ended in time");
    ++running_;
    return absl::OkStatus();
  }

  absl::StatusOr<Output> RunInTurn(const Command& command, absl::Time asked, absl::Time deadline) {
    for (int attempt = 0;; ++attempt) {
      POOLSHIFT_ASSIGN(Conversation conversation, Converse(asked, deadline));
      absl::StatusOr<Output> output = conversation.client.Run(command, deadline);
      if (output.ok()) return output;
      // sshd may still count a session that has just ended. It was not begun, so it may be again.
      const bool not_begun = absl::IsUnavailable(output.status());
      if (!not_begun || attempt == kAttempts || absl::Now() + kPause > deadline)
        return Named(output.status());
      absl::SleepFor(kPause);
    }
  }

  struct Conversation {
    std::shared_ptr<Master> master;
    MuxClient client;
  };

  absl::StatusOr<Conversation> Converse(absl::Time asked, absl::Time deadline) {
    for (int attempt = 0;; ++attempt) {
      POOLSHIFT_ASSIGN(std::shared_ptr<Master> master, Connected(asked, deadline));
      absl::StatusOr<MuxClient> client = MuxClient::Connect(master->control_path(), deadline);
      if (client.ok()) return Conversation{std::move(master), *std::move(client)};
      // An ssh that is about to end. Nothing has begun, so another is started, once.
      Forget(master.get());
      if (attempt > 0) return absl::UnavailableError(Named(client.status()).message());
    }
  }

  void Forget(const Master* master) {
    const std::lock_guard lock(mutex_);
    if (master_.get() == master) master_.reset();
  }

  // The connection, made when there is none. Who had `asked` before an attempt failed is told the
  // same and makes none of its own: one dead host costs one time-out, however many ask for it. But
  // an attempt that had less time than we have says nothing to us.
  absl::StatusOr<std::shared_ptr<Master>> Connected(absl::Time asked, absl::Time deadline) {
    const std::lock_guard lock(mutex_);
    if (master_ != nullptr && master_->is_running()) return master_;
    const bool had_time = !failed_in_haste_ || failed_until_ >= deadline;
    if (failed_at_ > asked && had_time) return failure_;
    master_.reset();
    const absl::Time patient = absl::Now() + target_.connect_timeout;
    auto made = Connect(std::min(deadline, patient));
    if (!made.ok()) {
      failure_ = made.status();
      failed_at_ = absl::Now();
      failed_until_ = std::min(deadline, patient);
      failed_in_haste_ = deadline < patient;
      return failure_;
    }
    master_ = *std::move(made);
    return master_;
  }

  absl::StatusOr<std::shared_ptr<Master>> Connect(absl::Time deadline) {
    std::string known_hosts = target_.known_hosts;
    if (!target_.host_key.empty()) {
      if (pin_path_.empty()) {
        POOLSHIFT_ASSIGN(pin_path_, folder_.Write(prefix_ + "-k", PinLine(target_)));
      }
      known_hosts = pin_path_;
    }
    const std::string control = folder_.Path(prefix_ + "-c" + std::to_string(next_control_++));
    POOLSHIFT_ASSIGN(std::unique_ptr<Master> master,
                     Master::Start(processes_, target_, control, known_hosts, deadline));
    return std::shared_ptr<Master>(std::move(master));
  }

  Processes& processes_;
  const RunFolder& folder_;
  const Target target_;
  const std::string prefix_;

  std::mutex mutex_;  // guards what follows
  std::shared_ptr<Master> master_;
  absl::Status failure_;
  absl::Time failed_at_ = absl::InfinitePast();
  absl::Time failed_until_ = absl::InfinitePast();  // when that attempt would have given up
  bool failed_in_haste_ = false;  // its caller had less time than a connection may take
  std::string pin_path_;
  int next_control_ = 0;

  std::mutex forwards_mutex_;  // taken before mutex_
  std::map<std::string, Forwarded> forwards_;
  int next_forward_ = 0;

  std::mutex turns_mutex_;
  std::condition_variable turn_ended_;
  int running_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Connections>> Connections::Make() {
  POOLSHIFT_ASSIGN(std::unique_ptr<RunFolder> folder, RunFolder::Make());
  return std::unique_ptr<Connections>(new Connections(std::move(folder)));
}

Host& Connections::Add(Target target) {
  hosts_.push_back(
      std::make_unique<SshHost>(processes_, *folder_, std::move(target), hosts_.size()));
  return *hosts_.back();
}

}  // namespace poolshift::ssh
