// Teller: tells people what a running loop sees, as the declaration in force wishes. It has a
// thread of its own, so that the loop waits for no mail server.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controller/gitops/announcements.h"
#include "controller/gitops/board.h"
#include "controller/notify/notifier.h"
#include "controller/world/world.h"

namespace poolshift {

class Teller {
 public:
  struct Options {
    std::string state_directory;
    notify::SenderOptions sending;
    std::function<void(const std::string& line)> log;
  };

  // `board` and what `world` points to are borrowed.
  Teller(const World& world, Options options, Board& board)
      : world_(world), options_(std::move(options)), board_(board) {}

  // Until the board is stopped. What has not arrived by then is told after the next start.
  void Run();

 private:
  void Follow(const Snapshot& now);
  void Keep();
  absl::Duration Wait() const;
  void TakeIn();

  const World world_;
  const Options options_;
  Board& board_;
  std::vector<Notification> declared_;
  std::unique_ptr<notify::Notifier> notifier_;
  Announced told_, kept_;  // kept: what is on disk, all of which has arrived or was given up
};

}  // namespace poolshift
