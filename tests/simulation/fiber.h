// Fiber: a call stack of its own in the one thread of the simulation. Code that blocks (a run, a
// provider call) runs in one and gives way wherever it would wait.
#pragma once

#include <functional>
#include <memory>

namespace poolshift::simulation {

// Thrown where a fiber waits, when its process has been killed: the stack unwinds, and nothing that
// stands after it happens.
struct Killed {};

class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs it until it gives way or ends. Not from inside itself.
  void Resume();
  // Unwinds what is left of it.
  void Kill();
  bool ended() const;

  // The one that runs now, or null.
  static Fiber* Current();
  // Gives way. Throws Killed.
  static void GiveWay();

 private:
  struct Stack;
  static void Enter();
  void Run();

  std::function<void()> body_;
  std::unique_ptr<Stack> stack_;  // null when it has ended
  bool killed_ = false;
  bool begun_ = false;
  Fiber* below_ = nullptr;  // that resumed it
};

}  // namespace poolshift::simulation
