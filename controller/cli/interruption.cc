#include "controller/cli/interruption.h"

#include <cerrno>
#include <csignal>
#include <string_view>

#include <unistd.h>

namespace poolshift {
namespace {

// A signal handler has no other way to what it changes.
Interruption interruptions;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void OnSignal(int /*signal*/) { interruptions.Raise(); }

void OnSignalTelling(int /*signal*/) {
  constexpr std::string_view kFirst =
      "\nstopping: what runs is finished, nothing more is started; once more stops the waiting\n";
  constexpr std::string_view kSecond = "\nnot waiting any longer\n";
  const int error = errno;
  interruptions.Raise();
  const std::string_view text = interruptions.requests() == 1 ? kFirst : kSecond;
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  errno = error;
}

void Install(void (*action)(int)) {
  struct sigaction installed {};
  installed.sa_handler = action;
  installed.sa_flags = SA_RESTART;
  ::sigemptyset(&installed.sa_mask);
  ::sigaction(SIGINT, &installed, nullptr);
  ::sigaction(SIGTERM, &installed, nullptr);
}

}  // namespace

SignalWatch::SignalWatch(For reader) {
  Install(reader == For::kPerson ? OnSignalTelling : OnSignal);
}

SignalWatch::~SignalWatch() { Install(SIG_DFL); }

const Interruption& SignalWatch::interruption() const { return interruptions; }

}  // namespace poolshift
