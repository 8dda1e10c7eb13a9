#include <optional>
#include <set>

#include "controller/cli/grant.h"
#include "controller/cli/machine_check.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/engine/load.h"
#include "controller/federation/records.h"
#include "controller/model/try.h"
#include "controller/provider/lock_file.h"
#include "controller/report/diagnostics_text.h"
#include "controller/report/page.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

std::string PinText(const std::optional<LockFile>& lock, const PluginProgram& program) {
  if (!lock.has_value() || !lock->digests().contains(program.type)) return "not pinned";
  return lock->Check(program).ok() ? "pinned" : "NOT THE PINNED PROGRAM";
}

std::string ProgramText(const Session& session,
                        const std::optional<LockFile>& lock,
                        const std::string& type) {
  if (type == "manual") return "a person";
  const absl::StatusOr<PluginProgram> program = OpenPluginProgram(session.plugin_directory, type);
  if (!program.ok()) return std::string(program.status().message());
  return PinText(lock, *program) + ", " + program->path + ", sha256 " + program->digest.get();
}

absl::Status List(Session& session, const LoadedOrganization& loaded, const std::string& folder) {
  POOLSHIFT_ASSIGN(const std::optional<LockFile> lock,
                   LockFile::Load(*session.world.files, folder));
  Page page(session.out_style);
  for (const auto& [name, provider] : loaded.organization.providers) {
    page.AddUnbroken(
        "", name + " (" + provider.type + "): " + ProgramText(session, lock, provider.type));
  }
  session.out << page.text();
  return absl::OkStatus();
}

absl::Status Lock(Session& session, const LoadedOrganization& loaded, const std::string& folder) {
  LockFile lock(folder + "/" + kLockFileName);
  std::set<std::string> types;
  for (const auto& [name, provider] : loaded.organization.providers)
    types.insert(provider.type);
  types.erase("manual");
  for (const std::string& type : types) {
    POOLSHIFT_ASSIGN(const PluginProgram program,
                     OpenPluginProgram(session.plugin_directory, type));
    lock.Pin(program);
    session.out << SafeText(type) << ' ' << program.digest.get() << '\n';
  }
  POOLSHIFT_TRY(lock.Save(*session.world.files));
  session.Tell("written to " + lock.path() + "; commit it with the manifests");
  return absl::OkStatus();
}

void AddDescription(const std::string& name, const ProviderDescription& description, Page& page) {
  page.Gap();
  page.Add("", name + ": " + description.type + ' ' + description.version, Ink::kPlain, Ink::kBold);
  std::string kinds;
  for (const KindSchema& kind : description.kinds) {
    kinds += (kinds.empty() ? "" : ", ") + kind.kind + (kind.writable ? "" : " (observed only)");
  }
  page.Add("  kinds    ", kinds, Ink::kDim);
  page.Add("  fenced   ",
           description.fenced ? "yes: the target refuses an earlier controller"
                              : "no: protected by comparing what it holds only",
           Ink::kDim);
  for (const std::string& remark : description.remarks)
    page.AddUnbroken("  remark   ", remark);
}

// Whether the servers of a DNS provider answer, asked for any one record. "" = yes, else the
// reason.
std::string Silence(Workspace& workspace, const std::string& name) {
  for (const ResourceId& id : RecordsToObserve(workspace.organization())) {
    const auto seen = workspace.providers().at(name)->Observe({{id, ""}}, absl::Seconds(20));
    if (!seen.ok()) return std::string(seen.status().message());
    const Observation& first = seen->front();
    return first.presence == Presence::kUnreachable ? first.reason : "";
  }
  return "";
}

// The grants of every DNS provider, and whether it answers.
ExitCode CheckDns(Session& session, Workspace& workspace) {
  ExitCode code = kExitOk;
  const Organization& organization = workspace.organization();
  for (const auto& [name, declared] : organization.providers) {
    if (declared.type != "dns") continue;
    const auto grants = GrantsOf(session, organization, declared);
    if (!grants.ok()) return session.Fail(grants.status());
    session.out << *grants;
    const std::string silence = Silence(workspace, name);
    if (silence.empty()) continue;
    code = session.Fail(
        kExitError,
        name + " does not answer, so what it promises is not proved: " + SafeText(silence));
  }
  return code;
}

// What the program of each Lync provider finds out about its machines (docs/lync.md).
ExitCode CheckLync(Session& session, Workspace& workspace, const std::string& folder) {
  ExitCode code = kExitOk;
  for (const auto& [name, declared] : workspace.organization().providers) {
    if (declared.type != "lync") continue;
    const auto checked = CheckByProgram(session, workspace.organization(), declared, folder);
    if (!checked.ok()) return session.Fail(checked.status());
    session.out << '\n' << name << ":\n" << checked->text;
    if (!checked->fine)
      code = session.Fail(
          kExitError, name + " has faults that stand in the way of plans; they are listed above");
  }
  return code;
}

// Starts each provider so that it cannot write, and asks what it is.
ExitCode Check(Session& session,
               const Arguments& arguments,
               const std::vector<std::string>& paths) {
  const Opening opening = OpenWorkspace(session, arguments, paths, /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  Page page(session.out_style);
  for (const auto& [name, description] : opening.workspace->descriptions()) {
    AddDescription(name, description, page);
  }
  session.out << page.text();
  const ExitCode dns = CheckDns(session, *opening.workspace);
  const std::string folder = BaseDirectory(*session.world.files, paths);
  const ExitCode lync = CheckLync(session, *opening.workspace, folder);
  return dns == kExitOk ? lync : dns;
}

ExitCode RunProvider(Session& session, const Arguments& arguments) {
  const std::string& what = arguments.words().front();
  std::vector<std::string> paths(arguments.words().begin() + 1, arguments.words().end());
  if (paths.empty()) paths = {"."};
  if (what == "check") return Check(session, arguments, paths);
  if (what != "list" && what != "lock") {
    const std::string closest = ClosestName(what, {"list", "lock", "check"});
    return session.Fail(kExitInvalidInput,
                        "provider: unknown word `" + what + "`; " +
                            (closest.empty() ? "it is `list`, `lock` or `check`"
                                             : "did you mean `" + closest + "`?"));
  }
  const auto loaded = LoadManifests(*session.world.files, paths);
  if (!loaded.ok()) return session.Fail(loaded.status());
  if (loaded->diagnostics.has_errors()) {
    session.err << DiagnosticsText(loaded->diagnostics, session.err_style);
    return session.Fail(kExitInvalidInput, DiagnosticsCount(loaded->diagnostics));
  }
  const std::string folder = BaseDirectory(*session.world.files, paths);
  const absl::Status done =
      what == "list" ? List(session, *loaded, folder) : Lock(session, *loaded, folder);
  return done.ok() ? kExitOk : session.Fail(done);
}

}  // namespace

Command ProviderCommand() {
  Command command;
  command.name = "provider";
  command.words = "list|lock|check [PATH...]";
  command.summary = "list, pin or check the provider programs";
  command.text =
      "`list` shows which program serves each declared provider, and whether `poolshift.lock` pins "
      "it. `lock` writes `poolshift.lock` beside the manifests with the digests of the programs as "
      "they are now; from then on another program is refused. `check` starts each provider so that "
      "it cannot write, prints what it serves and how it is fenced, and for DNS the exact grant "
      "that "
      "BIND or Knot needs; it fails when the DNS servers do not answer. For Lync it asks every "
      "machine for account, rights, cmdlets and clocks, writing with -WhatIf only, and fails when "
      "something stands in the way.";
  command.least_words = 1;
  command.most_words = kAnyNumber;
  command.examples = {"poolshift provider lock /etc/poolshift/contoso",
                      "poolshift provider check manifests/quickstart"};
  command.run = RunProvider;
  return command;
}

}  // namespace poolshift
