#include "providers/lync/platform/ssh_shell.h"

#include "controller/model/try.h"

namespace poolshift::lync {
namespace {

// A topology of thousands of servers, and the exported configuration of such an organisation.
constexpr std::size_t kLargestOutput = std::size_t{64} << 20;

}  // namespace

absl::StatusOr<ShellOutput> SshShell::Run(const std::string& command_line,
                                          const std::string& input,
                                          absl::Time deadline) {
  POOLSHIFT_ASSIGN(ssh::Output output, host_.Run({command_line, input, kLargestOutput}, deadline));
  return ShellOutput{output.status, std::move(output.out), std::move(output.err)};
}

}  // namespace poolshift::lync
