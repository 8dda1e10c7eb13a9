#include "controller/world/call.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "controller/world/descriptor.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace poolshift {
namespace {

constexpr std::size_t kErrorsKept = 64U << 10U;

// A file in memory that reads as `text` from its beginning.
absl::StatusOr<Descriptor> InMemory(const std::string& text) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (!file.is_open()) return SystemError("cannot make a file in memory", errno);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(file.number(), text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return SystemError("cannot write a file in memory", errno);
    done += static_cast<std::size_t>(wrote);
  }
  ::lseek(file.number(), 0, SEEK_SET);
  return file;
}

struct Pipe {
  Descriptor read, write;
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return SystemError("cannot make a pipe", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// What comes out of a running program, until it has closed both streams.
class Listener {
 public:
  Listener(const World& world, const Call& call, Descriptor output, Descriptor errors)
      : world_(world), call_(call), end_(world.clock->Elapsed() + call.timeout) {
    streams_ = {{{std::move(output), &answer_.output}, {std::move(errors), &answer_.errors}}};
  }

  absl::Status Listen() {
    while (streams_[0].from.is_open() || streams_[1].from.is_open()) {
      std::array<pollfd, 2> waiting{};
      for (std::size_t i = 0; i < 2; ++i)
        waiting[i] = {streams_[i].from.number(), POLLIN, 0};
      const absl::Duration left = Left();
      if (left <= absl::ZeroDuration()) return TooLong();
      const auto milliseconds =
          std::clamp<std::int64_t>(absl::ToInt64Milliseconds(left) + 1, 1, 60'000);
      const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(milliseconds));
      if (ready < 0 && errno != EINTR) return SystemError("cannot wait for a program", errno);
      for (std::size_t i = 0; ready > 0 && i < 2; ++i)
        if (waiting[i].revents != 0) POOLSHIFT_TRY(Take(i));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Answer> End(Process& process) {
    std::optional<std::string> ending = process.Wait(std::max(Left(), absl::Milliseconds(1)));
    if (!ending.has_value()) return TooLong();
    answer_.ending = *std::move(ending);
    return std::move(answer_);
  }

 private:
  struct Stream {
    Descriptor from;
    std::string* to = nullptr;
  };

  absl::Duration Left() const { return end_ - world_.clock->Elapsed(); }

  absl::Status TooLong() const {
    return absl::DeadlineExceededError(call_.program + " took longer than " +
                                       absl::FormatDuration(call_.timeout) + " and was ended");
  }

  absl::Status Take(std::size_t index) {
    Stream& stream = streams_[index];
    std::array<char, 65536> block;
    const ssize_t got = ::read(stream.from.number(), block.data(), block.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return absl::OkStatus();
    if (got <= 0) {
      stream.from.Close();
      return absl::OkStatus();
    }
    const auto size = static_cast<std::size_t>(got);
    if (index == 1) {
      stream.to->append(block.data(), std::min(size, kErrorsKept - stream.to->size()));
      return absl::OkStatus();
    }
    if (stream.to->size() + size > call_.output_limit) {
      return absl::ResourceExhaustedError(call_.program + " said more than " +
                                          std::to_string(call_.output_limit) +
                                          " bytes and was ended");
    }
    stream.to->append(block.data(), size);
    return absl::OkStatus();
  }

  const World& world_;
  const Call& call_;
  const absl::Duration end_;
  Answer answer_;
  std::array<Stream, 2> streams_;
};

}  // namespace

bool Answer::ExitedWith(int status) const {
  return ending == "exited with status " + std::to_string(status);
}

absl::StatusOr<Answer> CallProgram(const World& world, const Call& call) {
  const Descriptor program(::open(call.program.c_str(), O_RDONLY | O_CLOEXEC));
  if (!program.is_open()) return SystemError("cannot open " + call.program, errno);
  POOLSHIFT_ASSIGN(const Descriptor input, InMemory(call.input));
  POOLSHIFT_ASSIGN(Pipe output, MakePipe());
  POOLSHIFT_ASSIGN(Pipe errors, MakePipe());
  Launch launch;
  launch.program = program.number();
  launch.arguments = {call.program};
  launch.arguments.insert(launch.arguments.end(), call.arguments.begin(), call.arguments.end());
  launch.environment = call.environment;
  launch.input = input.number();
  launch.output = output.write.number();
  launch.errors = errors.write.number();
  launch.largest_file = call.largest_file;
  POOLSHIFT_ASSIGN(const std::unique_ptr<Process> process, world.processes->Start(launch));
  output.write.Close();
  errors.write.Close();
  Listener listener(world, call, std::move(output.read), std::move(errors.read));
  POOLSHIFT_TRY(listener.Listen());
  return listener.End(*process);
}

absl::StatusOr<std::string> InstalledProgram(const std::string& name, const std::string& package) {
  for (const char* folder : {"/usr/bin/", "/usr/local/bin/", "/bin/"}) {
    std::string path = folder + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return absl::NotFoundError("there is no program `" + name + "`; install the package " + package);
}

}  // namespace poolshift
