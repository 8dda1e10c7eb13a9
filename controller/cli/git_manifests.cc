#include "controller/cli/git_manifests.h"

#include "controller/gitops/git_source.h"
#include "controller/model/try.h"
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

absl::StatusOr<GitManifests> ReadFromGit(Session& session,
                                         const Arguments& arguments,
                                         const std::string& state_directory) {
  if (!arguments.words().empty())
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
  POOLSHIFT_ASSIGN(manifests.texts, source.Manifests(manifests.commit));
  POOLSHIFT_ASSIGN(const CommitMessage message, source.mirror().Message(manifests.commit));
  manifests.base_directory = arguments.Has("--base") ? arguments.Value("--base") : ".";
  session.Tell("commit " + Abbreviated(manifests.commit) + " “" + SafeText(message.subject) +
               "” by " + SafeText(message.author) + "; nobody has judged its signature");
  return manifests;
}

}  // namespace poolshift
