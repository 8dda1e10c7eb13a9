#include "providers/lync/winrm/winrm_shell.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include "controller/model/try.h"
#include <sys/random.h>

namespace poolshift::lync::winrm {
namespace {

// A topology of thousands of servers, and the exported configuration of such an organisation.
constexpr std::size_t kLargestOutput = std::size_t{64} << 20;

// How long the far side may keep one Receive, and how much later its answer must be here: a machine
// that has gone is noticed after both.
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kMargin = absl::Seconds(5);

// After an answer without anything in it, which a machine in order gives only when its patience
// ends.
constexpr absl::Duration kPause = absl::Milliseconds(20);

constexpr absl::Duration kIdle = absl::Minutes(10);
constexpr std::size_t kMostAbandoned = 3;

// For what only tidies up.
constexpr absl::Duration kTidying = absl::Seconds(2);
constexpr absl::Duration kParting = absl::Milliseconds(500);

// RFC 4122, version 4; in capitals, as Windows writes them.
std::string NewMessage() {
  std::array<std::uint8_t, 16> bytes{};
  (void)::getrandom(bytes.data(), bytes.size(), 0);
  bytes[6] = static_cast<std::uint8_t>(0x40U | (bytes[6] & 0x0FU));
  bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));
  std::string text = "uuid:";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += absl::StrFormat("%02X", bytes[i]);
  }
  return text;
}

std::string Words(const SoapFault& fault) {
  return fault.text + (fault.code == 0 ? "" : absl::StrCat(" (", fault.code, ")"));
}

// Nothing was begun yet, so whatever went wrong, nothing was.
absl::Status NotBegun(const absl::Status& status) {
  if (absl::IsPermissionDenied(status)) return status;
  return absl::UnavailableError(status.message());
}

absl::Status Refused(const std::string& what, const SoapFault& fault) {
  const std::string text = what + ": " + Words(fault);
  return fault.code == kAccessDenied ? absl::PermissionDeniedError(text)
                                     : absl::UnavailableError(text);
}

// Something was, and who we are or whether there is a way has no say in what became of it.
absl::Status Begun(const absl::Status& status) {
  if (absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status)) return status;
  return absl::UnknownError(absl::StrCat("it was begun over WinRM, then: ", status.message()));
}

absl::Status TooLate() { return absl::DeadlineExceededError("it did not end in time"); }

}  // namespace

WinrmShell::WinrmShell(Target target) : channel_(std::move(target)) {}

WinrmShell::~WinrmShell() {
  if (shell_.empty()) return;
  const Heading heading = HeadingOf(kParting);
  (void)Ask(DeleteShell(heading), heading, absl::Now() + kParting);
}

std::string WinrmShell::transport() const { return "WinRM (" + ToString(channel_.target()) + ')'; }

absl::StatusOr<ShellOutput> WinrmShell::Run(const std::string& command_line,
                                            const std::string& input,
                                            absl::Time deadline) {
  POOLSHIFT_TRY(TakeTurn(deadline));
  auto output = RunInTurn(command_line, input, deadline);
  {
    const std::lock_guard lock(mutex_);
    taken_ = false;
    // Not when only this one's time was up.
    if (!output.ok() && absl::IsUnavailable(output.status()) && absl::Now() < deadline) {
      failure_ = output.status();
      failed_at_ = absl::Now();
    }
  }
  turn_ended_.notify_all();
  return output;
}

// Whoever waited for an attempt that did not get through is told the same and makes none of its
// own: one dead machine costs one time-out, however many ask for it.
absl::Status WinrmShell::TakeTurn(absl::Time deadline) {
  const absl::Time arrived = absl::Now();
  std::unique_lock lock(mutex_);
  const bool free =
      turn_ended_.wait_until(lock, absl::ToChronoTime(deadline), [this] { return !taken_; });
  if (!free) return absl::UnavailableError("a command runs there and did not end in time");
  if (failed_at_ > arrived) return failure_;
  taken_ = true;
  return absl::OkStatus();
}

absl::StatusOr<ShellOutput> WinrmShell::RunInTurn(const std::string& command_line,
                                                  const std::string& input,
                                                  absl::Time deadline) {
  POOLSHIFT_ASSIGN(const std::string command, Begin(command_line, deadline));
  absl::StatusOr<ShellOutput> output = Converse(command, input, deadline);
  if (!output.ok()) {
    Abandon();
    return Begun(absl::Now() >= deadline ? TooLate() : output.status());
  }
  // The result is here already: that the far side cannot forget the command harms only its shell.
  const absl::Time until = std::min(deadline, absl::Now() + kTidying);
  const Heading heading = HeadingOf(kTidying);
  const auto tidied = Ask(TerminateCommand(heading, command), heading, until);
  if (!tidied.ok() || tidied->fault) Abandon();
  return output;
}

absl::Status WinrmShell::HaveShell(absl::Time deadline) {
  if (!shell_.empty()) return absl::OkStatus();
  const Heading heading = HeadingOf(kPatience);
  const auto reply = Ask(CreateShell(heading, kIdle), heading, deadline);
  if (!reply.ok()) return NotBegun(reply.status());
  if (reply->fault) return Refused("it gives no shell", *reply->fault);
  if (reply->shell.empty()) return absl::UnavailableError("it names no shell in its answer");
  shell_ = reply->shell;
  return absl::OkStatus();
}

// The command's id.
absl::StatusOr<std::string> WinrmShell::Begin(const std::string& command_line,
                                              absl::Time deadline) {
  for (bool again = false;; again = true) {
    POOLSHIFT_TRY(HaveShell(deadline));
    const Heading heading = HeadingOf(kPatience);
    const auto reply = Ask(RunCommand(heading, command_line), heading, deadline);
    if (!reply.ok()) {
      const bool not_begun =
          absl::IsUnavailable(reply.status()) || absl::IsPermissionDenied(reply.status());
      if (not_begun) return reply.status();
      Abandon();
      return Begun(reply.status());
    }
    if (reply->fault && reply->fault->code == kOperationTimedOut) {
      Abandon();
      return Begun(absl::DeadlineExceededError(Words(*reply->fault)));
    }
    if (reply->fault) {
      // It runs nothing, so it may be asked again in another shell, once.
      if (LosesShell(*reply->fault) && !again) continue;
      return Refused("it begins no command", *reply->fault);
    }
    if (!reply->command.empty()) return reply->command;
    Abandon();
    return Begun(absl::UnknownError("its answer names no command"));
  }
}

// Whether the fault says that no command can run in this shell any more.
bool WinrmShell::LosesShell(const SoapFault& fault) {
  if (fault.code == kNoSuchShell) shell_.clear();
  if (fault.code == kTooManyCommands) Abandon();
  return shell_.empty();
}

absl::StatusOr<ShellOutput> WinrmShell::Converse(const std::string& command,
                                                 std::string_view input,
                                                 absl::Time deadline) {
  POOLSHIFT_ASSIGN(const std::optional<SoapFault> refused, Send(command, input, deadline));
  if (!refused) return Receive(command, deadline);
  // A command that has ended takes no input, and says why in its output. One that has not, waits
  // for the rest for ever.
  auto output = Receive(command, std::min(deadline, absl::Now() + kTidying));
  if (!output.ok()) return absl::UnknownError("it takes no input: " + Words(*refused));
  return output;
}

absl::StatusOr<std::optional<SoapFault>> WinrmShell::Send(const std::string& command,
                                                          std::string_view input,
                                                          absl::Time deadline) {
  bool last = false;
  while (!last) {
    const std::string_view piece = input.substr(0, kLargestPiece);
    input.remove_prefix(piece.size());
    last = input.empty();
    const Heading heading = HeadingOf(kPatience);
    POOLSHIFT_ASSIGN(const SoapReply reply,
                     Ask(SendInput(heading, command, piece, last), heading, deadline));
    if (reply.fault) return reply.fault;
  }
  return std::nullopt;
}

absl::StatusOr<ShellOutput> WinrmShell::Receive(const std::string& command, absl::Time deadline) {
  ShellOutput output;
  for (;;) {
    const absl::Time now = absl::Now();
    if (now >= deadline) return TooLate();
    const Heading heading = HeadingOf(std::min(kPatience, deadline - now));
    const absl::Time until = std::min(deadline, now + kPatience + kMargin);
    const auto reply = Ask(ReceiveOutput(heading, command), heading, until);
    if (!reply.ok()) {
      const bool too_late = until == deadline && absl::IsDeadlineExceeded(reply.status());
      return too_late ? TooLate() : reply.status();
    }
    const bool patience_ended = reply->fault && reply->fault->code == kOperationTimedOut;
    if (reply->fault && !patience_ended)
      return absl::UnknownError("it tells no more of the command: " + Words(*reply->fault));
    if (output.out.size() + reply->out.size() > kLargestOutput ||
        output.err.size() + reply->err.size() > kLargestOutput) {
      return absl::ResourceExhaustedError("it answers with more than 64 MiB");
    }
    output.out += reply->out;
    output.err += reply->err;
    output.status = reply->status;
    if (reply->done) return output;
    if (reply->out.empty() && reply->err.empty()) absl::SleepFor(kPause);
  }
}

void WinrmShell::Abandon() {
  abandoned_.push_back(std::exchange(shell_, ""));
  if (abandoned_.size() <= kMostAbandoned) return;
  Heading heading = HeadingOf(kTidying);
  heading.shell = abandoned_.front();
  abandoned_.pop_front();
  (void)Ask(DeleteShell(heading), heading, absl::Now() + kParting);
}

Heading WinrmShell::HeadingOf(absl::Duration patience) const {
  return {UrlOf(channel_.target()), NewMessage(), shell_, patience};
}

absl::StatusOr<SoapReply> WinrmShell::Ask(const std::string& envelope,
                                          const Heading& heading,
                                          absl::Time deadline) {
  POOLSHIFT_ASSIGN(const std::string body, channel_.Post(envelope, deadline));
  absl::StatusOr<SoapReply> reply = ReadSoapReply(body);
  // It has left, and what came back is none of the answers that there are.
  if (!reply.ok()) return absl::UnknownError(reply.status().message());
  if (!reply->relates_to.empty() && !absl::EqualsIgnoreCase(reply->relates_to, heading.message))
    return absl::UnknownError("its reply answers another message");
  return reply;
}

}  // namespace poolshift::lync::winrm
