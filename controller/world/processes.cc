#include "controller/world/processes.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "controller/world/descriptor.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace poolshift {
namespace {

// Everything that the child needs between vfork and exec, where it may not allocate.
struct Prepared {
  int program = -1;
  int input = -1;
  int output = -1;
  int errors = -1;
  int report = -1;  // receives errno when the program could not be executed
  pid_t parent = 0;
  rlimit file_size{RLIM_INFINITY, RLIM_INFINITY};
  std::vector<int> descriptors;
  std::vector<char*> arguments;
  std::vector<char*> environment;
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts)
    pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void RestoreSignals() {
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD})
    ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool ArrangeDescriptors(const Prepared& prepared) {
  if (::dup2(prepared.input, 0) < 0 || ::dup2(prepared.output, 1) < 0) return false;
  if (::dup2(prepared.errors, 2) < 0) return false;
  int next = 3;
  for (const int descriptor : prepared.descriptors) {
    if (::dup2(descriptor, next++) < 0) return false;
  }
  // Whatever this process has open and forgot to mark, the child must not have.
  return ::syscall(SYS_close_range, next, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) == 0;
}

// Runs in the child, in the parent's memory: system calls only.
[[noreturn]] void Become(const Prepared& prepared) {
  const rlimit no_core{0, 0};
  const bool limited = prepared.file_size.rlim_cur == RLIM_INFINITY ||
                       ::setrlimit(RLIMIT_FSIZE, &prepared.file_size) == 0;
  const bool ready = limited && ::setpgid(0, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
                     ::getppid() == prepared.parent && ::setrlimit(RLIMIT_CORE, &no_core) == 0 &&
                     ArrangeDescriptors(prepared);
  RestoreSignals();
  if (ready) ::fexecve(prepared.program, prepared.arguments.data(), prepared.environment.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(prepared.report, &error, sizeof error);
  ::_exit(127);
}

pid_t ForkInto(const Prepared& prepared) {
  // No signal handler of ours may run in the child while it shares our memory.
  sigset_t all, former;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &former);
  const pid_t child = ::vfork();
  if (child == 0) Become(prepared);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &former, nullptr);
  errno = error;
  return child;
}

// A copy with a number above all that the child's own descriptors will have.
Descriptor Above(int descriptor) { return Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, 100)); }

std::string Describe(const siginfo_t& status) {
  if (status.si_code == CLD_EXITED) return "exited with status " + std::to_string(status.si_status);
  return "was ended by signal " + std::to_string(status.si_status) + " (" +
         ::strsignal(status.si_status) + ')';
}

class RealProcess final : public Process {
 public:
  RealProcess(pid_t pid, Descriptor handle) : pid_(pid), handle_(std::move(handle)) {}

  ~RealProcess() override {
    Kill();
    ::waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const override { return pid_; }

  std::optional<std::string> Wait(absl::Duration timeout) override {
    pollfd ended{handle_.number(), POLLIN, 0};
    const auto milliseconds =
        std::clamp<std::int64_t>(absl::ToInt64Milliseconds(timeout), 0, INT32_MAX);
    int result = 0;
    do {
      result = ::poll(&ended, 1, static_cast<int>(milliseconds));
    } while (result < 0 && errno == EINTR);
    if (result <= 0) return std::nullopt;
    // WNOWAIT keeps the entry, and with it the number of the group, until this object goes.
    siginfo_t status{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &status, WEXITED | WNOWAIT) != 0)
      return std::nullopt;
    return Describe(status);
  }

  void Kill() override { ::kill(-pid_, SIGKILL); }

 private:
  const pid_t pid_;
  const Descriptor handle_;
};

absl::StatusOr<std::unique_ptr<Process>> StartHere(const Launch& launch) {
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) return SystemError("cannot make a pipe", errno);
  const Descriptor report_in(report[0]);
  Descriptor report_out(report[1]);
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::vector<Descriptor> copies;
  const int input = launch.input < 0 ? null.number() : launch.input;
  const int errors = launch.errors < 0 ? launch.output : launch.errors;
  for (const int descriptor : {launch.program, input, launch.output, errors, report_out.number()}) {
    copies.push_back(Above(descriptor));
  }
  Prepared prepared;
  prepared.program = copies[0].number();
  prepared.input = copies[1].number();
  prepared.output = copies[2].number();
  prepared.errors = copies[3].number();
  prepared.report = copies[4].number();
  prepared.parent = ::getpid();
  if (launch.largest_file > 0) prepared.file_size = {launch.largest_file, launch.largest_file};
  prepared.arguments = Pointers(launch.arguments);
  prepared.environment = Pointers(launch.environment);
  for (const int descriptor : launch.descriptors) {
    copies.push_back(Above(descriptor));
    prepared.descriptors.push_back(copies.back().number());
  }
  for (const Descriptor& copy : copies) {
    if (!copy.is_open()) return absl::ResourceExhaustedError("too many open descriptors");
  }
  const pid_t child = ForkInto(prepared);
  if (child < 0) return SystemError("cannot start a process", errno);
  // pidfd_open(2): waits that cannot meet another process of the same number.
  Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  auto process = std::make_unique<RealProcess>(child, std::move(handle));
  copies.clear();
  report_out.Close();
  int error = 0;
  if (::read(report_in.number(), &error, sizeof error) == static_cast<ssize_t>(sizeof error)) {
    return SystemError("cannot execute " + launch.arguments[0], error);
  }
  return std::unique_ptr<Process>(std::move(process));
}

}  // namespace

// The thread whose life the children's lives are tied to.
class RealProcesses::Starter {
 public:
  using Started = absl::StatusOr<std::unique_ptr<Process>>;

  Starter() : thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  Started Start(const Launch& launch) {
    std::packaged_task<Started()> task([&launch] { return StartHere(launch); });
    std::future<Started> result = task.get_future();
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return result.get();
  }

 private:
  void Run(const std::stop_token& stop) {
    for (;;) {
      std::packaged_task<Started()> task;
      {
        std::unique_lock lock(mutex_);
        if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::packaged_task<Started()>> tasks_;
  std::jthread thread_;  // last: it uses the others
};

RealProcesses::RealProcesses() : starter_(std::make_unique<Starter>()) {}
RealProcesses::~RealProcesses() = default;

absl::StatusOr<std::unique_ptr<Process>> RealProcesses::Start(const Launch& launch) {
  return starter_->Start(launch);
}

}  // namespace poolshift
