#include "controller/cli/git_manifests.h"

#include "controller/cli/state_directory.h"
#include "controller/gitops/git_source.h"
#include "controller/model/try.h"
#include "controller/provider/lock_file.h"
#include "controller/report/safe_text.h"

namespace poolshift {

std::vector<OptionSpec> GitOptions() {
  return {{"--git", "URL", "take the manifests from a git repository (docs/git.md)", ""},
          {"--ref", "NAME", "its branch, tag or pull request; otherwise its own choice", ""},
          {"--folder", "PATH", "a folder in it; otherwise its top", ""},
          {"--ssh-key", "FILE", "private key for ssh://", ""},
          {"--known-hosts", "FILE", "keys of hosts for ssh://", ""},
          {"--base", "DIR", "with --git: where relative paths of the manifests begin", ""}};
}

std::vector<OptionSpec> WithGitOptions(std::vector<OptionSpec> own) {
  for (OptionSpec& option : GitOptions())
    own.push_back(std::move(option));
  return own;
}

absl::Status CheckGitOptions(const Arguments& arguments) {
  for (const OptionSpec& option : GitOptions()) {
    if (arguments.Has(option.name) && !arguments.Has("--git"))
      return absl::InvalidArgumentError(option.name +
                                        " goes with --git URL, which names the repository");
  }
  return absl::OkStatus();
}

absl::StatusOr<GitManifests> ReadFromGit(const Session& session,
                                         const Arguments& arguments,
                                         const std::vector<std::string>& paths,
                                         const std::string& state_directory) {
  if (!paths.empty())
    return absl::InvalidArgumentError("--git names the manifests; leave the paths out");
  GitProgram::Options options;
  POOLSHIFT_ASSIGN(
      options.place,
      ReadGitPlace(
          arguments.Value("--git"), arguments.Value("--ref"), arguments.Value("--folder")));
  options.directory = state_directory + "/git-looked-at";  // the daemon's own is `git`
  options.ssh_key = arguments.Value("--ssh-key");
  options.known_hosts = arguments.Value("--known-hosts");
  POOLSHIFT_TRY(session.world.files->MakePrivateDirectory(state_directory));
  POOLSHIFT_ASSIGN(GitSource source, GitSource::Open(session.world, options));
  GitManifests manifests;
  POOLSHIFT_ASSIGN(manifests.commit, source.Fetch());
  POOLSHIFT_ASSIGN(manifests.read, source.Manifests(manifests.commit));
  POOLSHIFT_ASSIGN(const CommitMessage message, source.mirror().Message(manifests.commit));
  manifests.base_directory = arguments.Has("--base") ? arguments.Value("--base") : ".";
  session.Tell("commit " + Abbreviated(manifests.commit) + " “" + SafeText(message.subject) +
               "” by " + SafeText(message.author) + "; nobody has judged its signature");
  return manifests;
}

absl::StatusOr<LoadedOrganization> LoadDeclared(const Session& session,
                                                const Arguments& arguments,
                                                const std::vector<std::string>& paths) {
  POOLSHIFT_TRY(CheckGitOptions(arguments));
  if (!arguments.Has("--git")) return LoadManifests(*session.world.files, paths);
  POOLSHIFT_ASSIGN(const std::string state, StateDirectory(session, arguments, paths));
  POOLSHIFT_ASSIGN(const GitManifests manifests, ReadFromGit(session, arguments, paths, state));
  LoadedOrganization loaded = ParseManifests(manifests.read.texts);
  if (const auto& lock = manifests.read.lock; lock.has_value()) {
    const absl::StatusOr<LockFile> pins = LockFile::Parse(lock->second, lock->first);
    if (!pins.ok()) loaded.diagnostics.Error({}, std::string(pins.status().message()));
  }
  return loaded;
}

}  // namespace poolshift
