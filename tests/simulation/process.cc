#include "tests/simulation/process.h"

#include <algorithm>
#include <utility>

namespace poolshift::simulation {
namespace {

// An ordinary day; far enough from the epoch that clocks can be set back.
constexpr absl::Time kMorning = absl::FromUnixSeconds(1'790'000'000);

}  // namespace

absl::Time Process::ProcessClock::Now() const {
  return kMorning + process_.now() + process_.wall_offset_();
}

void Process::Spawn(std::function<void()> body) {
  if (!alive_) return;
  auto fiber = std::make_shared<Fiber>(std::move(body));
  fibers_.push_back(fiber);
  timeline_.After(absl::ZeroDuration(), [this, life = std::weak_ptr(life_), fiber] {
    if (!life.expired()) GoOn(fiber);
  });
}

void Process::GoOn(const std::shared_ptr<Fiber>& fiber) {
  if (!alive_) return;
  if (paused_) return held_.push_back(fiber);
  fiber->Resume();
  if (!alive_) return Kill();
  if (fiber->ended())
    fibers_.erase(std::remove(fibers_.begin(), fibers_.end(), fiber), fibers_.end());
}

void Process::Kill() {
  alive_ = false;
  life_.reset();
  held_.clear();
  for (const std::shared_ptr<Fiber>& fiber : std::exchange(fibers_, {})) {
    if (fiber.get() != Fiber::Current()) fiber->Kill();
  }
}

void Process::Die() {
  alive_ = false;
  throw Killed();
}

void Process::Resume() {
  paused_ = false;
  for (const std::shared_ptr<Fiber>& fiber : std::exchange(held_, {})) {
    timeline_.After(absl::ZeroDuration(), [this, life = std::weak_ptr(life_), fiber] {
      if (!life.expired()) GoOn(fiber);
    });
  }
}

std::shared_ptr<Fiber> Process::Self() const {
  const auto self = std::find_if(fibers_.begin(), fibers_.end(), [](const auto& fiber) {
    return fiber.get() == Fiber::Current();
  });
  return self == fibers_.end() ? nullptr : *self;
}

bool Process::WaitFor(Wait& wait, absl::Duration patience) {
  wait.fiber = Self();
  const auto timed_out = std::make_shared<bool>(false);
  if (patience != absl::InfiniteDuration()) {
    // The frame may be gone by then, and `wait` with it.
    timeline_.After(patience, [this, &wait, frame = std::weak_ptr(timed_out)] {
      const auto over = frame.lock();
      if (over == nullptr || wait.fiber == nullptr) return;
      *over = true;
      GoOn(std::exchange(wait.fiber, nullptr));
    });
  }
  Fiber::GiveWay();
  return !*timed_out;
}

void Process::Signal(Wait& wait) {
  if (wait.fiber == nullptr || !alive_) return;
  auto fiber = std::exchange(wait.fiber, nullptr);
  timeline_.After(absl::ZeroDuration(), [this, life = std::weak_ptr(life_), fiber] {
    if (!life.expired()) GoOn(fiber);
  });
}

void Process::Sleep(absl::Duration duration) {
  Wait wait;
  WaitFor(wait, duration);
}

}  // namespace poolshift::simulation
