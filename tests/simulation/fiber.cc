#include "tests/simulation/fiber.h"

#include <cstddef>
#include <cstdlib>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace poolshift::simulation {
namespace {

constexpr std::size_t kStackBytes = std::size_t{512} * 1024;
constexpr std::size_t kGuardBytes = 4096;

Fiber* current = nullptr;

// Stacks are used again: making one costs more than a simulated call.
std::vector<void*>& Spare() {
  static std::vector<void*> spare;
  return spare;
}

void* TakeMemory() {
  if (!Spare().empty()) {
    void* memory = Spare().back();
    Spare().pop_back();
    return memory;
  }
  void* memory =
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, kGuardBytes, PROT_NONE) != 0) std::abort();
  return memory;
}

}  // namespace

struct Fiber::Stack {
  void* memory = TakeMemory();
  ucontext_t here = {};
  ucontext_t back = {};
#if defined(__SANITIZE_ADDRESS__)
  void* fake = nullptr;       // of the fiber, while it is away
  void* fake_back = nullptr;  // of whoever resumed it
  const void* bottom_back = nullptr;
  std::size_t size_back = 0;
#endif
  ~Stack() { Spare().push_back(memory); }
  Stack() = default;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  void Go() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&fake_back, memory, kStackBytes);
#endif
    swapcontext(&back, &here);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake_back, nullptr, nullptr);
#endif
  }
  void Return(bool for_good) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(for_good ? nullptr : &fake, bottom_back, size_back);
#else
    (void)for_good;
#endif
    swapcontext(&here, &back);
    Arrived();
  }
  void Arrived() {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, &bottom_back, &size_back);
#endif
  }
};

Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)), stack_(std::make_unique<Stack>()) {
  getcontext(&stack_->here);
  stack_->here.uc_stack.ss_sp = stack_->memory;
  stack_->here.uc_stack.ss_size = kStackBytes;
  stack_->here.uc_link = nullptr;
  makecontext(&stack_->here, &Fiber::Enter, 0);
}

Fiber::~Fiber() { Kill(); }

Fiber* Fiber::Current() { return current; }

bool Fiber::ended() const { return stack_ == nullptr; }

void Fiber::Enter() { current->Run(); }

void Fiber::Run() {
  stack_->Arrived();
  try {
    if (!killed_) body_();
  } catch (const Killed&) {
  }
  body_ = nullptr;
  begun_ = false;  // it has ended: Resume() gives the stack back
  stack_->Return(true);
  std::abort();
}

void Fiber::Resume() {
  if (ended()) return;
  begun_ = true;
  below_ = std::exchange(current, this);
  stack_->Go();
  current = below_;
  if (!begun_) stack_.reset();
}

void Fiber::Kill() {
  killed_ = true;
  if (!ended() && !begun_) {
    stack_.reset();  // it never ran
    return;
  }
  while (!ended())
    Resume();
}

void Fiber::GiveWay() {
  Fiber* self = current;
  if (self->killed_) throw Killed();
  self->stack_->Return(false);
  if (self->killed_) throw Killed();
}

}  // namespace poolshift::simulation
