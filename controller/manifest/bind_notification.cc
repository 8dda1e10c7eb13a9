#include "controller/manifest/bind.h"
#include "controller/manifest/read_field.h"

namespace poolshift::manifest {
namespace {

std::string JoinedLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += (text.empty() ? "" : "\n") + line;
  return text;
}

Notification::Forge BindForge(const std::string& name) {
  for (const auto forge : {Notification::Forge::kGitlab, Notification::Forge::kGitea}) {
    if (Name(forge) == name) return forge;
  }
  return Notification::Forge::kGithub;
}

}  // namespace

Notification BindNotification(const Document& document) {
  Notification notification;
  notification.name = document.name;
  notification.origin = document.origin();
  notification.events = Texts(document.At("events"));
  notification.command = Texts(document.At("command"));
  notification.subject = Text(document.At("subject"));
  notification.text = JoinedLines(Texts(document.At("text")));
  if (document.At("mail")) {
    notification.way = Notification::Way::kMail;
    notification.url = Text(document.At("mail.server"));
    notification.from = Text(document.At("mail.from"));
    notification.to = Texts(document.At("mail.to"));
    notification.user = Text(document.At("mail.user"));
  } else if (document.At("commitStatus")) {
    notification.way = Notification::Way::kCommitStatus;
    notification.url = Text(document.At("commitStatus.url"));
    notification.forge = BindForge(Text(document.At("commitStatus.forge")));
    notification.context = Text(document.At("commitStatus.context"));
    if (notification.context.empty()) notification.context = "poolshift";
  } else if (document.At("command")) {
    notification.way = Notification::Way::kCommand;
  } else {
    notification.url = Text(document.At("webhook.url"));
  }
  const auto secrets = BindSecrets(document.At("secrets"));
  const auto found = secrets.find(std::string(SecretName(notification.way)));
  if (found != secrets.end()) notification.secret = found->second;
  return notification;
}

}  // namespace poolshift::manifest
