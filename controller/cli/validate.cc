#include "controller/cli/git_manifests.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/report/change.h"
#include "controller/report/diagnostics_text.h"

namespace poolshift {
namespace {

std::string Inventory(const Organization& organization) {
  return organization.name + " is valid: " + Count(organization.sites.size(), "site") + ", " +
         Count(organization.edge_pools.size(), "Edge pool") + ", " +
         Count(organization.front_end_pools.size(), "Front End pool") + ", " +
         Count(organization.domains.size(), "domain") + ", " +
         Count(organization.providers.size(), "provider") + ".";
}

ExitCode RunValidate(Session& session, const Arguments& arguments) {
  const std::vector<std::string> paths = PathsOf(arguments);
  const absl::StatusOr<LoadedOrganization> read = LoadDeclared(session, arguments, paths);
  if (!read.ok()) return session.Fail(read.status());
  const LoadedOrganization& loaded = *read;
  const ExitCode code = loaded.diagnostics.has_errors() ? kExitInvalidInput : kExitOk;
  if (arguments.Has("--json")) {
    session.out << DiagnosticsJson(loaded.diagnostics);
    return code;
  }
  session.out << DiagnosticsText(loaded.diagnostics, session.out_style);
  if (code == kExitOk) {
    session.out << Inventory(loaded.organization) << '\n';
    return code;
  }
  return session.Fail(code, DiagnosticsCount(loaded.diagnostics));
}

}  // namespace

Command ValidateCommand() {
  Command command;
  command.name = "validate";
  command.words = "[PATH...]";
  command.summary = "check manifests, and report every fault with its place";
  command.text =
      "Reads the manifests (files, folders, `-` for stdin; the current folder when there is none) "
      "and reports every fault at once as `file:line:column: error: ...`. No provider is started.\n"
      "Exit codes: 0 valid, 10 faults.";
  command.most_words = kAnyNumber;
  command.options = WithGitOptions({{"--json", "", "for programs (docs/plan-json.md)", ""}});
  command.examples = {"poolshift validate manifests/xmpp-failover",
                      "poolshift validate - < contoso.yaml",
                      "poolshift validate --git file:///srv/git/federation.git --ref main"};
  command.run = RunValidate;
  return command;
}

}  // namespace poolshift
