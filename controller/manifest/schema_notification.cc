#include "controller/manifest/schema.h"
#include "controller/model/notification.h"

namespace poolshift::manifest {
namespace {

using Type = Field::Type;

Field EventsField() {
  return {.name = "events",
          .type = Type::kChoice,
          .list = true,
          .standard = "every event",
          .meaning = "what is told (docs/notifications.md)",
          .choices = {kEventNames.begin(), kEventNames.end()}};
}

Field MailField() {
  return {.name = "mail",
          .type = Type::kRecord,
          .standard = "none",
          .meaning = "an e-mail; to another machine only with TLS",
          .fields = {{.name = "server", .required = true, .meaning = "`smtp://` or `smtps://`"},
                     {.name = "from", .required = true, .meaning = "address of the sender"},
                     {.name = "to", .list = true, .required = true, .meaning = "addresses"},
                     {.name = "user",
                      .standard = "nobody logs in",
                      .meaning = "who logs in, with the secret `password`"}}};
}

Field CommitStatusField() {
  return {.name = "commitStatus",
          .type = Type::kRecord,
          .standard = "none",
          .meaning =
              "the status of the newest commit, beside it where the repository is kept; "
              "with the secret `token`",
          .fields = {{.name = "forge",
                      .type = Type::kChoice,
                      .required = true,
                      .meaning = "whose form",
                      .choices = {"github", "gitlab", "gitea"}},
                     {.name = "url",
                      .required = true,
                      .meaning = "the repository in the API: "
                                 "`https://api.github.com/repos/OWNER/NAME`, "
                                 "`https://HOST/api/v4/projects/ID`, "
                                 "`https://HOST/api/v1/repos/OWNER/NAME`"},
                     {.name = "context",
                      .standard = "poolshift",
                      .meaning = "the name that the status stands under"}}};
}

}  // namespace

KindTable NotificationTable() {
  return {
      .kind = kNotification,
      .meaning =
          "Whom `poolshift serve` tells of drift, plans, runs and commits, and how: one of "
          "`webhook`, `mail`, `command` and `commitStatus`.",
      .name_meaning = "name of the target in these manifests",
      .fields = {EventsField(),
                 {.name = "webhook",
                  .type = Type::kRecord,
                  .standard = "none",
                  .meaning = "a POST of JSON, signed with the secret `key` if there is one",
                  .fields = {{.name = "url",
                              .required = true,
                              .meaning = "`https://`; `http://` only to this machine"}}},
                 MailField(),
                 {.name = "command",
                  .list = true,
                  .standard = "none",
                  .meaning =
                      "name of a program in the folder of `poolshift serve --commands`, and its "
                      "arguments; run without a shell, reads JSON on its standard input"},
                 CommitStatusField(),
                 {.name = "secrets",
                  .type = Type::kSecrets,
                  .standard = "none",
                  .meaning =
                      "`key`, `password` or `token` → where it is kept: `file:/absolute/path` or "
                      "`env:VARIABLE`; never the secret"},
                 {.name = "subject",
                  .standard = "`[{{organization}}] {{event}}: {{summary}}`",
                  .meaning = "template of the subject line (docs/notifications.md)"},
                 {.name = "text",
                  .list = true,
                  .lines = true,
                  .standard = "summary, details, event and time",
                  .meaning = "template of the text, a line each"}},
      .example = R"(apiVersion: poolshift/v1
kind: Notification
metadata: {name: on-call}
spec:
  events: [drift-found, failed, readiness-lost]
  webhook: {url: "https://hooks.contoso.com/poolshift"}
  secrets: {key: "file:/etc/poolshift/webhook.key"}
)"};
}

}  // namespace poolshift::manifest
