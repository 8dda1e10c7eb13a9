#include "controller/gitops/git_program.h"

#include <algorithm>
#include <filesystem>

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestFile = 1ULL << 30U;  // of a pack that a remote sends

// Every value that could make git read, run or ask for something that is not ours. `file` stands
// for the local mirror too, so what is allowed is named by protocol, and the default is never.
constexpr std::string_view kConfiguration = R"(# Written anew at each run.
[core]
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
	fsmonitor = false
	askPass = /bin/false
	pager = cat
	bigFileThreshold = 16m
[http]
	followRedirects = false
	sslVerify = true
[fetch]
	fsckObjects = true
	recurseSubmodules = false
	writeCommitGraph = false
[fetch "fsck"]
	# Told with path and commit when the tree is read.
	hasDot = ignore
	hasDotdot = ignore
	hasDotgit = ignore
	fullPathname = ignore
	zeroPaddedFilemode = ignore
	gitmodulesSymlink = ignore
	gitmodulesParse = ignore
	gitmodulesName = ignore
	gitmodulesUrl = ignore
	gitmodulesPath = ignore
	gitmodulesUpdate = ignore
	gitmodulesBlob = ignore
	gitmodulesMissing = ignore
	gitmodulesLarge = ignore
[submodule]
	recurse = false
[diff]
	renames = false
	ignoreSubmodules = none
[advice]
	# What is said on stderr is read: only what was asked for.
	graftFileDeprecated = false
[log]
	showSignature = false
[gc]
	autoDetach = false
[maintenance]
	auto = false
[gpg "x509"]
	program = /bin/false
[protocol]
	allow = never
)";

// As a value of git's configuration.
std::string QuotedValue(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + '"';
}

absl::Status CheckFileName(std::string_view what, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  const bool odd = path.front() != '/' || path.find_first_of("\"\\%\n$~") != std::string::npos ||
                   SafeText(path) != path;
  if (!odd) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string(what) + " `" + SafeText(path) +
                                    "`: it must be an absolute path without quotes, `%`, `$`, `~` "
                                    "and backslashes");
}

}  // namespace

absl::StatusOr<GitProgram> GitProgram::Make(const World& world, Options options) {
  POOLSHIFT_TRY(CheckFileName("key of ssh", options.ssh_key));
  POOLSHIFT_TRY(CheckFileName("known hosts of ssh", options.known_hosts));
  std::error_code none;
  options.directory = fs::absolute(options.directory, none).string();
  GitProgram program(world, std::move(options));
  POOLSHIFT_ASSIGN(program.git_, InstalledProgram("git", "git"));
  POOLSHIFT_ASSIGN(program.gpg_, InstalledProgram("gpg", "gnupg"));
  POOLSHIFT_ASSIGN(program.ssh_keygen_, InstalledProgram("ssh-keygen", "openssh-client"));
  POOLSHIFT_TRY(world.files->MakePrivateDirectory(program.options_.directory));
  POOLSHIFT_TRY(world.files->MakePrivateDirectory(program.scratch()));
  POOLSHIFT_TRY(program.WriteConfiguration());
  // Whatever was written into the mirror's own configuration between two runs is gone.
  const absl::StatusOr<std::string> format = world.files->Read(program.format_mark(), 64);
  if (format.ok()) POOLSHIFT_TRY(program.WriteMirrorConfiguration(*format));
  return program;
}

absl::Status GitProgram::WriteConfiguration() const {
  std::string text(kConfiguration);
  text += "[protocol \"" + std::string(ProtocolOf(options_.place)) + "\"]\n\tallow = always\n";
  if (options_.place.scheme == GitPlace::Scheme::kFile)
    text += "[safe]\n\tdirectory = " + QuotedValue(options_.place.url) + '\n';
  text += "[gpg]\n\tprogram = " + gpg_ + "\n[gpg \"ssh\"]\n\tprogram = " + ssh_keygen_ + '\n';
  POOLSHIFT_TRY(world_.files->Replace(options_.directory + "/gitconfig", text, 0600));
  std::string ssh =
      "BatchMode yes\nStrictHostKeyChecking yes\nUpdateHostKeys no\nForwardAgent no\n"
      "ForwardX11 no\nClearAllForwardings yes\nPermitLocalCommand no\nProxyCommand none\n"
      "ControlMaster no\nControlPath none\nConnectTimeout 20\nServerAliveInterval 10\n"
      "ServerAliveCountMax 3\n";
  if (!options_.ssh_key.empty())
    ssh += "IdentitiesOnly yes\nIdentityFile \"" + options_.ssh_key + "\"\n";
  if (!options_.known_hosts.empty()) {
    ssh += "GlobalKnownHostsFile /dev/null\nUserKnownHostsFile \"" + options_.known_hosts + "\"\n";
  }
  return world_.files->Replace(options_.directory + "/ssh_config", ssh, 0600);
}

std::vector<std::string> GitProgram::Environment() const {
  const std::string home = options_.directory;
  return {"PATH=/usr/bin:/bin",
          "HOME=" + home,
          "XDG_CONFIG_HOME=" + home,
          "TMPDIR=" + scratch(),
          "LC_ALL=C",
          "TZ=UTC",
          "GIT_CONFIG_NOSYSTEM=1",
          "GIT_CONFIG_GLOBAL=" + home + "/gitconfig",
          "GIT_ATTR_NOSYSTEM=1",
          "GIT_TERMINAL_PROMPT=0",
          "GIT_ASKPASS=/bin/false",
          "SSH_ASKPASS=/bin/false",
          "GIT_OPTIONAL_LOCKS=0",
          "GIT_NO_REPLACE_OBJECTS=1",
          "GIT_GRAFT_FILE=/dev/null",
          "GIT_NO_LAZY_FETCH=1",
          "GIT_CEILING_DIRECTORIES=" + home,
          "GIT_ALLOW_PROTOCOL=" + std::string(ProtocolOf(options_.place)),
          // git gives this line to a shell, so it names no path: git runs in the mirror.
          "GIT_SSH_COMMAND=ssh -F ../ssh_config",
          "GIT_SSH_VARIANT=ssh"};
}

absl::StatusOr<Answer> GitProgram::Run(const Asked& asked) const {
  Call call;
  call.program = git_;
  const bool inside = has_mirror();
  call.arguments = {"-C", inside ? mirror() : scratch()};
  if (inside) call.arguments.push_back("--git-dir=.");
  call.arguments.insert(call.arguments.end(), asked.arguments.begin(), asked.arguments.end());
  call.environment = Environment();
  call.environment.insert(
      call.environment.end(), asked.environment.begin(), asked.environment.end());
  call.input = asked.input;
  call.output_limit = asked.output_limit;
  call.timeout = options_.timeout;
  call.largest_file = kLargestFile;
  return CallProgram(world_, call);
}

absl::StatusOr<std::string> GitProgram::Output(const Asked& asked) const {
  POOLSHIFT_ASSIGN(Answer answer, Run(asked));
  if (answer.ExitedWith(0)) return std::move(answer.output);
  return absl::InternalError("git " + asked.arguments.front() + ": " + GitReason(answer));
}

bool GitProgram::has_mirror() const {
  std::error_code none;
  return fs::exists(mirror() + "/HEAD", none);
}

absl::Status GitProgram::PrepareMirror(std::size_t digits) const {
  const std::string format = digits == 64 ? "sha256" : "sha1";
  if (!has_mirror()) {
    POOLSHIFT_TRY(world_.files->MakePrivateDirectory(mirror()));
    POOLSHIFT_TRY(
        Output(
            {{"init", "--quiet", "--bare", "--template=", "--object-format=" + format, mirror()}})
            .status());
  }
  const absl::StatusOr<std::string> known = world_.files->Read(format_mark(), 64);
  if (known.ok() && *known != format) {
    return absl::FailedPreconditionError("the repository has " + format +
                                         " ids now, and had others before; if that is meant, "
                                         "remove " +
                                         options_.directory + " and trust a commit anew");
  }
  if (known.ok()) return absl::OkStatus();
  POOLSHIFT_TRY(world_.files->Replace(format_mark(), format, 0600));
  return WriteMirrorConfiguration(format);
}

absl::Status GitProgram::WriteMirrorConfiguration(const std::string& format) const {
  return world_.files->Replace(mirror() + "/config",
                               format == "sha256"
                                   ? "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
                                     "[extensions]\n\tobjectFormat = sha256\n"
                                   : "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
                               0600);
}

std::string GitReason(const Answer& answer) {
  std::string reason, last;
  for (std::size_t at = 0; at < answer.errors.size();) {
    const std::size_t end = std::min(answer.errors.find('\n', at), answer.errors.size());
    const std::string line = answer.errors.substr(at, end - at);
    if (reason.empty() && (line.starts_with("fatal: ") || line.starts_with("error: ")))
      reason = line.substr(7);
    // ssh says why in its own words, before git says that it did not work.
    if (!line.empty() && last.empty()) last = line;
    at = end + 1;
  }
  if (reason.empty() || reason.starts_with("Could not read from remote")) reason = last;
  if (reason.empty()) reason = "git " + answer.ending;
  constexpr std::size_t kLongest = 400;
  return SafeText(std::string_view(reason).substr(0, kLongest));
}

}  // namespace poolshift
