#include "controller/web/connection_ages.h"

#include <array>
#include <atomic>

#include <gtest/gtest.h>

#include "controller/world/descriptor.h"
#include <sys/socket.h>

namespace poolshift {
namespace {

struct Pair {
  Pair() {
    std::array<int, 2> both{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both.data()), 0);
    ours = Descriptor(both[0]);
    theirs = Descriptor(both[1]);
  }
  // What they read, or would wait for.
  ssize_t Read(int flags) const {
    char letter = 0;
    return ::recv(theirs.number(), &letter, 1, flags);
  }
  Descriptor ours, theirs;
};

class HandClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::UnixEpoch() + Elapsed(); }
  absl::Duration Elapsed() const override { return absl::Seconds(seconds.load()); }
  void Sleep(absl::Duration /*duration*/) override {}
  std::atomic<int> seconds = 0;
};

TEST(ConnectionAgesTest, OldOnesEnd) {
  HandClock clock;
  const Pair gone, old, young;
  ConnectionAges ages(clock, absl::Minutes(1));
  ages.Began(gone.ours.number());
  ages.Ended(gone.ours.number());
  ages.Began(old.ours.number());
  clock.seconds = 59;
  ages.Began(young.ours.number());
  EXPECT_EQ(old.Read(MSG_DONTWAIT), -1);
  clock.seconds = 60;
  EXPECT_EQ(old.Read(0), 0) << "the end";
  EXPECT_EQ(young.Read(MSG_DONTWAIT), -1);
  EXPECT_EQ(gone.Read(MSG_DONTWAIT), -1);
}

}  // namespace
}  // namespace poolshift
