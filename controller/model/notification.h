// Notification: where events are told, as declared. How they get there is controller/notify's.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/model/diagnostics.h"
#include "controller/model/secret_ref.h"

namespace poolshift {

// What can be told, by name.
inline constexpr std::array<std::string_view, 7> kEventNames = {"drift-found",
                                                                "drift-cleared",
                                                                "plan-waiting",
                                                                "applied",
                                                                "failed",
                                                                "commit-refused",
                                                                "readiness-lost"};
// What a template may name.
inline constexpr std::array<std::string_view, 10> kEventFields = {"event",
                                                                  "organization",
                                                                  "key",
                                                                  "at",
                                                                  "severity",
                                                                  "summary",
                                                                  "details",
                                                                  "commit",
                                                                  "plan",
                                                                  "run"};

struct Notification {
  enum class Way { kWebhook, kMail, kCommand, kCommitStatus };
  // Who keeps the repository: each takes the status of a commit in a form of its own.
  enum class Forge { kGithub, kGitlab, kGitea };
  std::string name;  // manifest name
  Way way = Way::kWebhook;
  // Webhook: http or https; mail: smtp or smtps; commit status: the repository in the forge's API.
  std::string url;
  std::string from;             // mail
  std::vector<std::string> to;  // mail
  std::string user;             // mail: whose password `secret` is; empty = nobody logs in
  // The name of a program in the folder that the controller was given, and its arguments.
  std::vector<std::string> command;
  Forge forge = Forge::kGithub;  // commit status
  std::string context;           // commit status: the name that it stands under
  // Webhook: the key that signs; mail: the password; commit status: the token. Opened only when
  // something is sent there.
  std::optional<SecretRef> secret;
  std::vector<std::string> events;  // names of what is told; empty = everything
  std::string subject, text;        // templates; empty = the standard ones
  Origin origin;

  // Begins with a plain file name.
  static bool IsCommandName(const std::vector<std::string>& command);
  bool operator==(const Notification&) const = default;
};

// "github", "gitlab", "gitea": as in a manifest.
std::string_view Name(Notification::Forge forge);
// What the secret of this way is called in a manifest: "key", "password", "token"; "" = it has
// none.
std::string_view SecretName(Notification::Way way);

}  // namespace poolshift
