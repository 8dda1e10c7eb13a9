#include "controller/model/notification.h"

namespace poolshift {

std::string_view Name(Notification::Forge forge) {
  switch (forge) {
    case Notification::Forge::kGitlab:
      return "gitlab";
    case Notification::Forge::kGitea:
      return "gitea";
    case Notification::Forge::kGithub:
      break;
  }
  return "github";
}

std::string_view SecretName(Notification::Way way) {
  switch (way) {
    case Notification::Way::kWebhook:
      return "key";
    case Notification::Way::kMail:
      return "password";
    case Notification::Way::kCommitStatus:
      return "token";
    case Notification::Way::kCommand:
      break;
  }
  return "";
}

bool Notification::IsCommandName(const std::vector<std::string>& command) {
  return !command.empty() && !command.front().empty() && command.front().front() != '.' &&
         command.front().find('/') == std::string::npos;
}

}  // namespace poolshift
