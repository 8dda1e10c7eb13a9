#include "controller/provider/plugin_process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <set>
#include <utility>

#include "controller/model/try.h"
#include "controller/provider/printable.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolshift {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(2);

std::vector<std::string> CleanEnvironment(const std::vector<std::string>& wanted) {
  std::set<std::string> names(kOrdinaryVariables.begin(), kOrdinaryVariables.end());
  names.insert(wanted.begin(), wanted.end());
  names.erase(wire::kLaunchVariable);
  std::vector<std::string> environment = {std::string(wire::kLaunchVariable) + '=' +
                                          wire::kLaunchMark};
  for (const std::string& name : names) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr) environment.push_back(name + '=' + value);
  }
  return environment;
}

absl::Status MakePair(int flags, Descriptor& ours, Descriptor& theirs) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0, ends) != 0) {
    return SystemError("cannot make a socket pair", errno);
  }
  ours = Descriptor(ends[0]);
  theirs = Descriptor(ends[1]);
  return absl::OkStatus();
}

// Waits until there is something to read. False when the time is over.
bool Readable(int descriptor, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd wait{descriptor, POLLIN, 0};
    const int result = ::poll(&wait, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (result < 0 && errno == EINTR) continue;
    return result > 0;
  }
}

}  // namespace

std::string PluginTitle(const std::string& name, const std::string& type) {
  return "provider `" + name + "` (" + type + ")";
}

absl::StatusOr<std::unique_ptr<PluginProcess>> PluginProcess::Start(Processes& processes,
                                                                    const PluginProgram& program,
                                                                    PluginLaunch launch) {
  std::unique_ptr<PluginProcess> plugin(new PluginProcess);
  plugin->who_ = PluginTitle(launch.name, program.type);
  plugin->type_ = program.type;
  plugin->path_ = program.path;
  plugin->patience_ = launch.patience;
  Descriptor channel, control;
  // gRPC needs both ends not to block: its first call would wait for ever.
  POOLSHIFT_TRY(MakePair(SOCK_NONBLOCK, plugin->channel_, channel));
  POOLSHIFT_TRY(MakePair(0, plugin->control_, control));
  int log[2] = {-1, -1};
  if (::pipe2(log, O_CLOEXEC) != 0) return SystemError("cannot make a pipe", errno);
  Descriptor log_read(log[0]);
  const Descriptor log_write(log[1]);

  Launch start;
  start.program = program.file.number();
  start.arguments = {"poolshift-provider-" + program.type};
  if (launch.read_only) start.arguments.push_back(wire::kReadOnlyArgument);
  start.environment = CleanEnvironment(launch.environment);
  start.descriptors = {channel.number(), control.number()};
  start.output = log_write.number();
  auto process = processes.Start(start);
  if (!process.ok()) {
    return absl::Status(process.status().code(),
                        plugin->who_ + ": " + std::string(process.status().message()));
  }
  plugin->process_ = *std::move(process);
  plugin->log_ = std::make_unique<LogPump>(launch.name, std::move(log_read), launch.log);
  channel.Close();
  control.Close();
  return plugin;
}

PluginProcess::~PluginProcess() {
  if (process_ == nullptr) return;
  control_.Close();
  if (!process_->Wait(kGrace).has_value()) process_->Kill();
  process_.reset();
}

std::optional<std::string> PluginProcess::Ended(absl::Duration timeout) const {
  std::optional<std::string> end = process_->Wait(timeout);
  if (!end.has_value()) return end;
  const std::string words = log_->LastWords();
  return words.empty() ? *end : *end + "; its last words: " + words;
}

absl::StatusOr<std::string> PluginProcess::ReadLine() {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(patience_);
  std::string line;
  char buffer[wire::kLongestHandshake];
  while (line.find('\n') == std::string::npos && line.size() < wire::kLongestHandshake) {
    if (!Readable(control_.number(), deadline)) {
      return absl::DeadlineExceededError(who_ + " said nothing within " +
                                         absl::FormatDuration(patience_) +
                                         " of its start and was ended; look at its log");
    }
    const ssize_t got = ::read(control_.number(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const auto end = Ended(absl::Seconds(1));
      return absl::UnavailableError(who_ + " " + end.value_or("closed its control socket") +
                                    " before its handshake");
    }
    line.append(buffer, static_cast<std::size_t>(got));
  }
  return line;
}

absl::Status PluginProcess::Greet() {
  POOLSHIFT_ASSIGN(const std::string line, ReadLine());
  const auto handshake = wire::DecodeHandshake(std::string_view(line).substr(0, line.size() - 1));
  if (!handshake.ok() || line.back() != '\n') {
    return absl::UnavailableError(
        who_ + " wrote `" +
        Printable(std::string_view(line).substr(0, std::min<std::size_t>(line.find('\n'), 60))) +
        "` where its handshake was expected; " + path_ +
        " is no provider program of this protocol");
  }
  handshake_ = *handshake;
  if (handshake_.lowest > wire::kHighestVersion || handshake_.highest < wire::kLowestVersion) {
    return absl::FailedPreconditionError(
        who_ + " speaks protocol versions " + std::to_string(handshake_.lowest) + " to " +
        std::to_string(handshake_.highest) + ", this program speaks " +
        std::to_string(wire::kLowestVersion) + " to " + std::to_string(wire::kHighestVersion) +
        "; install a release of the provider that fits");
  }
  if (handshake_.type == type_) return absl::OkStatus();
  return absl::UnavailableError(who_ + " says that it is of type `" + handshake_.type + "`; " +
                                path_ + " is not what its name promises");
}

}  // namespace poolshift
