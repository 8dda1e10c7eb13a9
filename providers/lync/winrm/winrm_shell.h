// A shell over WinRM: a Windows machine's WinRM service, over HTTPS alone. One remote shell is kept
// and used by all commands, one after the other; it is created when it is first needed, and again
// when the far side has forgotten it.
//
// A command that is not known to have ended (its deadline passed, the connection was lost, the
// answer was no answer) is left to end by itself, as over SSH: its shell is used no more. The far
// side ends such a shell when it has heard nothing for ten minutes; this side ends the oldest when
// there are more than three.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "providers/lync/shell/shell.h"
#include "providers/lync/winrm/channel.h"
#include "providers/lync/winrm/soap.h"
#include "providers/lync/winrm/soap_reply.h"

namespace poolshift::lync::winrm {

class WinrmShell final : public CommandShell {
 public:
  explicit WinrmShell(Target target);
  ~WinrmShell() override;
  WinrmShell(const WinrmShell&) = delete;
  WinrmShell& operator=(const WinrmShell&) = delete;

  const std::string& name() const override { return channel_.target().name; }
  std::string transport() const override;
  absl::StatusOr<ShellOutput> Run(const std::string& command_line,
                                  const std::string& input,
                                  absl::Time deadline) override;

 private:
  absl::Status TakeTurn(absl::Time deadline);
  absl::StatusOr<ShellOutput> RunInTurn(const std::string& command_line,
                                        const std::string& input,
                                        absl::Time deadline);

  absl::Status HaveShell(absl::Time deadline);
  absl::StatusOr<std::string> Begin(const std::string& command_line, absl::Time deadline);
  absl::StatusOr<ShellOutput> Converse(const std::string& command,
                                       std::string_view input,
                                       absl::Time deadline);
  // A fault: the far side does not take it, for instance because the command has ended.
  absl::StatusOr<std::optional<SoapFault>> Send(const std::string& command,
                                                std::string_view input,
                                                absl::Time deadline);
  absl::StatusOr<ShellOutput> Receive(const std::string& command, absl::Time deadline);
  bool LosesShell(const SoapFault& fault);
  void Abandon();

  Heading HeadingOf(absl::Duration patience) const;
  absl::StatusOr<SoapReply> Ask(const std::string& envelope,
                                const Heading& heading,
                                absl::Time deadline);

  std::mutex mutex_;  // guards the three below
  std::condition_variable turn_ended_;
  bool taken_ = false;
  absl::Time failed_at_ = absl::InfinitePast();
  absl::Status failure_;

  // Of whoever has the turn.
  Channel channel_;
  std::string shell_;                  // empty: there is none
  std::deque<std::string> abandoned_;  // shells in which something may still run
};

}  // namespace poolshift::lync::winrm
