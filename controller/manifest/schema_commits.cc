#include "controller/manifest/schema.h"

namespace poolshift::manifest {
namespace {

using Type = Field::Type;

Field SignersField() {
  return {.name = "signers",
          .type = Type::kRecord,
          .list = true,
          .standard = "nobody",
          .meaning = "whose signatures are believed; each has one key, `ssh` or `openpgp`",
          .fields = {{.name = "name",
                      .type = Type::kText,
                      .required = true,
                      .meaning = "who it is, as reports say it"},
                     {.name = "ssh",
                      .type = Type::kSshKey,
                      .standard = "none",
                      .meaning = "the SSH key, as in its `.pub` file"},
                     {.name = "openpgp",
                      .type = Type::kOpenPgpKey,
                      .standard = "none",
                      .meaning = "the OpenPGP key, as `gpg --export --armor` prints it"},
                     {.name = "paths",
                      .type = Type::kPathPattern,
                      .list = true,
                      .standard = "every file",
                      .meaning = "files of the repository that the signer may change: `*` is any "
                                 "name, `**` any folders"},
                     {.name = "until",
                      .type = Type::kDay,
                      .standard = "for ever",
                      .meaning = "the last day (UTC) on which signatures are believed"},
                     {.name = "revoked",
                      .type = Type::kBoolean,
                      .standard = "false",
                      .meaning = "the key is believed no more; kept, a refusal can say so"}}};
}

}  // namespace

Field CommitsField() {
  return {.name = "commits",
          .type = Type::kRecord,
          .standard = "signatures are required, and nobody may sign",
          .meaning =
              "whose commits are believed when the declaration is read from git: each commit "
              "is judged by what the commit before it says here (docs/git.md)",
          .fields = {{.name = "signatures",
                      .type = Type::kChoice,
                      .standard = "required",
                      .meaning = "`required` refuses a commit that no signer signed; `optional` "
                                 "takes unsigned ones too",
                      .choices = {"required", "optional"}},
                     {.name = "policySigners",
                      .type = Type::kInteger,
                      .standard = "1",
                      .meaning = "how many different signers a change of `commits` itself needs: "
                                 "one makes it, the others confirm it (docs/git.md)",
                      .minimum = 1,
                      .maximum = 9},
                     SignersField()}};
}

}  // namespace poolshift::manifest
