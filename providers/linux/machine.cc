#include "providers/linux/machine.h"

#include "controller/model/try.h"
#include "providers/ssh/quote.h"

namespace poolshift::linux_host {
namespace {

// sshd gives an account without rights no sbin, where much of what we ask lies.
constexpr const char* kPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace

std::vector<std::string> Machine::Words(const std::vector<std::string>& words,
                                        bool privileged) const {
  std::vector<std::string> all;
  if (privileged && sudo_) all = {"sudo", "-n", "--"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

absl::StatusOr<ssh::Output> Machine::Run(const std::vector<std::string>& words,
                                         absl::Time deadline,
                                         std::string input,
                                         bool privileged) const {
  std::vector<std::string> all = {"env", "LC_ALL=C", kPath};
  for (std::string& word : Words(words, privileged))
    all.push_back(std::move(word));
  POOLSHIFT_ASSIGN(const std::string line, ssh::CommandLine(all));
  POOLSHIFT_ASSIGN(ssh::Output output, host_->Run({line, std::move(input)}, deadline));
  // Whatever it complains of: it has not looked.
  if (output.status == 127 && output.err.rfind("env:", 0) == 0)
    return absl::UnavailableError(name() + ": " + Complaint(output));
  const bool refused =
      privileged && sudo_ && output.status == 1 && output.err.rfind("sudo:", 0) == 0;
  if (refused)
    return absl::PermissionDeniedError("sudo on " + name() + " does not let this account run `" +
                                       words.front() + "` (" + Complaint(output) + ')');
  return output;
}

std::string Typed(const Machine& machine, const std::vector<std::string>& words) {
  const auto line = ssh::CommandLine(machine.Words(words));
  const auto quoted = line.ok() ? ssh::QuotedWord(*line) : line;
  return "ssh " + machine.name() + ' ' + (quoted.ok() ? *quoted : "?");
}

std::string Complaint(const ssh::Output& output) {
  std::string text = output.err.empty() ? output.out : output.err;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  if (text.size() > 600) text = "…" + text.substr(text.size() - 600);
  std::string line;
  for (const char letter : text) {
    if (letter == '\n') {
      line += " | ";
    } else if (letter != '\r') {
      line += letter;
    }
  }
  return line.empty() ? "status " + std::to_string(output.status) : line;
}

}  // namespace poolshift::linux_host
