#include "controller/cli/serve.h"

#include "controller/cli/control.h"
#include "controller/cli/git_manifests.h"
#include "controller/cli/verbs.h"

namespace poolshift {

Command ServeCommand() {
  Command command;
  command.name = "serve";
  command.words = "[PATH...]";
  command.summary = "keep an organisation as declared, by its policy";
  command.text =
      "Looks at the declaration and at the world at each interval and whenever it is asked to, "
      "plans, "
      "and does what `automation` of the Policy allows: report, wait for approval, or act. Without "
      "`automation` it only reports. Ask it with `poolshift status`, agree with `poolshift "
      "approve`, "
      "hold it with `poolshift pause`.\n"
      "Who may ask and tell is decided by --role: ACCOUNT=ROLE, @GROUP=ROLE or *=ROLE with viewer, "
      "approver or operator. Root and the account that serves are operators. Over TLS it is "
      "cert:NAME=ROLE, with the common name of the caller's certificate.\n"
      "Pages are shown to this machine with --listen, to others over TLS with --listen-tls: there "
      "whoever reads has logged in (`poolshift login`), unless --listen-readers says anybody.\n"
      "SIGTERM and Ctrl-C end it; a run that is under way stops at a safe point, and the next "
      "start "
      "goes on from there.";
  command.most_words = kAnyNumber;
  command.options = GitOptions();
  for (OptionSpec& option : std::vector<OptionSpec>{
           {"--trust-commit", "ID", "believe this commit, and from there on whom it names", ""},
           {"--allowed-signers", "FILE", "believe the newest commit if one of these signed it", ""},
           {"--unsigned-commits", "", "believe whoever may push; history still only grows", ""},
           {"--every", "TIME", "between looks, instead of `automation.interval`", ""},
           {"--once", "", "look, plan, act once, print the status and end", ""},
           {"--role", "WHO=ROLE", "who may do what; may be repeated", ""},
           {"--control-listen",
            "ADDRESS:PORT",
            "be asked and told over TLS too; needs the three below (docs/serve.md)",
            ""},
           {"--control-cert", "FILE", "the daemon's certificate", ""},
           {"--control-key", "FILE", "its key", ""},
           {"--control-clients", "FILE", "CAs that certificates of callers come from", ""},
           {"--listen", "ADDRESS", "show pages and metrics there, as in `127.0.0.1:8080`", ""},
           {"--listen-tls",
            "ADDRESS:PORT",
            "show them to other machines too; needs the two below (docs/serve.md)",
            ""},
           {"--listen-cert", "FILE", "the certificate of the pages", ""},
           {"--listen-key", "FILE", "its key", ""},
           {"--listen-name",
            "NAME",
            "the pages' own name, instead of those in the certificate; may be repeated",
            ""},
           {"--listen-readers", "WHO", "over TLS: logged-in (the default) or anybody", ""},
           {"--push-key",
            "SECRET",
            "hear `POST /hooks/push` signed with it, as `file:/etc/…` (docs/git.md)",
            ""},
           {"--commands", "DIRECTORY", "programs that a Notification may name", ""},
           {"--log-json", "", "the log for programs, an object a line", ""},
           SocketOption()})
    command.options.push_back(std::move(option));
  command.examples = {
      "poolshift serve /etc/poolshift/contoso",
      "poolshift serve --every 30s --role @ops=operator --role '*=viewer' .",
      "poolshift serve --control-listen 192.0.2.10:7443 --control-cert daemon.pem --control-key "
      "daemon.key --control-clients control-ca.pem --role cert:alice=approver "
      "/etc/poolshift/contoso",
      "poolshift serve --listen 127.0.0.1:8080 --listen-tls 192.0.2.10:8443 --listen-cert "
      "pages.pem "
      "--listen-key pages.key --role @noc=viewer /etc/poolshift/contoso",
      "poolshift serve --git ssh://git@git.contoso.net/federation.git --ref main --allowed-signers "
      "signers",
      "poolshift serve --once manifests/quickstart"};
  command.run = RunServe;
  return command;
}

}  // namespace poolshift
