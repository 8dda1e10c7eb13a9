// Process: fibers that live and die together: the threads of one program. It can be killed at any
// moment at which one of them waits or touches the outside, and paused.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "controller/world/clock.h"
#include "tests/simulation/fiber.h"
#include "tests/simulation/timeline.h"

namespace poolshift::simulation {

// Where a fiber waits for something. Signal() wakes it; a second one is of no effect.
struct Wait {
  std::shared_ptr<Fiber> fiber;  // null: nobody waits
};

class Process {
 public:
  Process(Timeline& timeline, std::int64_t id, std::function<absl::Duration()> wall_offset)
      : timeline_(timeline), id_(id), wall_offset_(std::move(wall_offset)), clock_(*this) {}
  ~Process() { Kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // A thread of it, which begins some time after the present event.
  void Spawn(std::function<void()> body);

  // From outside: every thread unwinds now. From inside: throws, and the others unwind after.
  void Kill();
  [[noreturn]] void Die();
  bool alive() const { return alive_; }

  // Whoever is woken meanwhile goes on when it is resumed.
  void Pause() { paused_ = true; }
  void Resume();
  bool paused() const { return paused_; }

  // From inside.
  void Sleep(absl::Duration duration);
  // Until it is signalled or the time is over: whether it was signalled.
  bool WaitFor(Wait& wait, absl::Duration patience);
  // From anywhere.
  void Signal(Wait& wait);

  Clock& clock() { return clock_; }
  std::int64_t id() const { return id_; }
  absl::Duration now() const { return timeline_.now(); }
  Timeline& timeline() { return timeline_; }

 private:
  class ProcessClock final : public Clock {
   public:
    explicit ProcessClock(Process& process) : process_(process) {}
    absl::Time Now() const override;
    absl::Duration Elapsed() const override { return process_.now(); }
    void Sleep(absl::Duration duration) override { process_.Sleep(duration); }

   private:
    Process& process_;
  };

  void GoOn(const std::shared_ptr<Fiber>& fiber);
  std::shared_ptr<Fiber> Self() const;

  Timeline& timeline_;
  const std::int64_t id_;
  std::function<absl::Duration()> wall_offset_;
  ProcessClock clock_;
  bool alive_ = true;
  bool paused_ = false;
  std::vector<std::shared_ptr<Fiber>> fibers_;
  std::vector<std::shared_ptr<Fiber>> held_;               // woken while paused
  std::shared_ptr<char> life_ = std::make_shared<char>();  // events outlive the process
};

}  // namespace poolshift::simulation
