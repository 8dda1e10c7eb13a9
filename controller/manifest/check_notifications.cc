#include <algorithm>
#include <array>

#include "controller/manifest/checks.h"
#include "controller/manifest/read_field.h"
#include "controller/model/message_template.h"
#include "controller/model/web_address.h"

namespace poolshift::manifest {
namespace {

constexpr std::array<std::string_view, 4> kWays = {"webhook", "mail", "command", "commitStatus"};

bool CheckWay(const Document& document, Diagnostics& diagnostics) {
  const auto ways = std::count_if(kWays.begin(), kWays.end(), [&](std::string_view way) {
    return static_cast<bool>(document.At(way));
  });
  if (ways == 1) return true;
  diagnostics.Error(document.origin(),
                    ways == 0 ? "notification `" + document.name + "` says no way"
                              : "notification `" + document.name + "` says more than one way",
                    "one of `webhook`, `mail`, `command` and `commitStatus`; "
                    "declare another Notification for another way");
  return false;
}

void CheckSecrets(const Document& document,
                  const Notification& notification,
                  Diagnostics& diagnostics) {
  const std::string wanted(SecretName(notification.way));
  const yaml::Node secrets = document.At("secrets");
  if (secrets && secrets.is_map()) {
    for (yaml::Node key = secrets.first(); key; key = key.next().next()) {
      if (key.text() == wanted) continue;
      diagnostics.Error(document.OriginOf(key),
                        "this way has no secret `" + std::string(key.text()) + '`',
                        wanted.empty() ? "remove it: a command takes no secret"
                                       : "its secret is called `" + wanted + '`');
    }
  }
  const bool mail = notification.way == Notification::Way::kMail;
  if (mail && notification.user.empty() != !notification.secret.has_value()) {
    diagnostics.Error(document.origin(),
                      "`mail.user` and the secret `password` go together",
                      "give both, or none");
  }
  if (notification.way == Notification::Way::kCommitStatus && !notification.secret.has_value()) {
    diagnostics.Error(document.OriginAt("commitStatus"),
                      "`commitStatus` needs the secret `token`",
                      "secrets: {token: \"file:/etc/poolshift/forge.token\"}");
  }
}

// An address on a line of its own, which can become no header and no second address.
bool IsMailAddress(const std::string& text) {
  const std::size_t at = text.find('@');
  return at != 0 && at != std::string::npos && at + 1 < text.size() &&
         text.find_first_of(" \t\r\n<>,;\"", 0) == std::string::npos &&
         text.find('@', at + 1) == std::string::npos;
}

void CheckAddresses(const Document& document,
                    const Notification& notification,
                    Diagnostics& diagnostics) {
  std::vector<std::string> addresses = notification.to;
  if (!notification.from.empty()) addresses.push_back(notification.from);
  for (const std::string& address : addresses) {
    if (IsMailAddress(address)) continue;
    diagnostics.Error(document.OriginAt("mail"),
                      '`' + address + "` is no mail address",
                      "as in `on-call@contoso.com`, without a name or brackets");
  }
}

void CheckUrl(const Document& document,
              const Notification& notification,
              Diagnostics& diagnostics) {
  const bool mail = notification.way == Notification::Way::kMail;
  if (notification.way == Notification::Way::kCommand) return;
  const std::string path = mail                                              ? "mail.server"
                           : notification.way == Notification::Way::kWebhook ? "webhook.url"
                                                                             : "commitStatus.url";
  if (!document.At(path)) return;  // reported already
  const auto address =
      ParseWebAddress(notification.url, mail ? "smtp" : "http", mail ? "smtps" : "https");
  if (!address.ok()) {
    diagnostics.Error(document.OriginAt(path), std::string(address.status().message()));
  } else if (notification.way == Notification::Way::kCommitStatus &&
             notification.url.find_first_of("?#") != std::string::npos) {
    diagnostics.Error(document.OriginAt(path),
                      "the URL of a repository has no `?` and no `#`",
                      "`/statuses/COMMIT` is put behind it");
  } else if (!mail && !address->is_encrypted() && !address->is_loopback()) {
    diagnostics.Error(document.OriginAt(path),
                      "`http://` leads to another machine",
                      "use `https://`: what is told there must not be read or changed on the way");
  }
}

void CheckTemplate(const Document& document,
                   std::string_view path,
                   const std::string& text,
                   Diagnostics& diagnostics) {
  const auto made = MessageTemplate::Parse(text, kEventFields);
  if (!made.ok()) diagnostics.Error(document.OriginAt(path), std::string(made.status().message()));
}

}  // namespace

void CheckNotifications(const CheckInput& input, Diagnostics& diagnostics) {
  for (const auto& [name, notification] : input.organization.notifications) {
    const Document* document = input.directory.FindNamed(kNotification, name);
    if (!CheckWay(*document, diagnostics)) continue;
    CheckSecrets(*document, notification, diagnostics);
    CheckAddresses(*document, notification, diagnostics);
    CheckUrl(*document, notification, diagnostics);
    CheckTemplate(*document, "subject", notification.subject, diagnostics);
    CheckTemplate(*document, "text", notification.text, diagnostics);
    if (notification.way == Notification::Way::kCommitStatus && !notification.events.empty()) {
      diagnostics.Error(document->OriginAt("events"),
                        "`events` has no effect with `commitStatus`",
                        "remove it: every change of the commit's status is told");
    }
    if (notification.way == Notification::Way::kCommand &&
        !Notification::IsCommandName(notification.command)) {
      diagnostics.Error(document->OriginAt("command"),
                        "a command begins with the name of a program, without a `/`",
                        "it lies in the folder that `poolshift serve --commands DIRECTORY` names: "
                        "`command: [tell-desk, --quietly]`");
    }
  }
}

}  // namespace poolshift::manifest
