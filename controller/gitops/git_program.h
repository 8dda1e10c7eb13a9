// GitProgram: the program `git`, run without a shell on one bare mirror of ours, with a
// configuration of ours and nothing of the user's or the system's (docs/git.md, What git may do).
//
// Not thread-safe. Every call has a time limit, after which its whole process group is killed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/gitops/git_place.h"
#include "controller/world/call.h"

namespace poolshift {

class GitProgram {
 public:
  struct Options {
    GitPlace place;
    std::string directory;    // everything is kept in here; made 0700
    std::string ssh_key;      // a private key file for ssh://; empty: ssh's own choice
    std::string known_hosts;  // keys of hosts for ssh://; empty: ssh's own file
    absl::Duration timeout = absl::Seconds(60);  // of one call
  };

  // Makes the folder and writes the configuration anew, so that nothing that was changed in it
  // between two runs has any effect. NotFound when git is not installed.
  static absl::StatusOr<GitProgram> Make(const World& world, Options options);

  // Runs `git ARGUMENTS` in the mirror. The status is about running it; how it ended is in the
  // answer.
  struct Asked {
    std::vector<std::string> arguments;
    std::string input = {};
    std::size_t output_limit = 1U << 20U;
    std::vector<std::string> environment = {};  // in addition
  };
  absl::StatusOr<Answer> Run(const Asked& asked) const;
  // The output of a call that must succeed; Internal with git's own words when it does not.
  absl::StatusOr<std::string> Output(const Asked& asked) const;

  // Makes the mirror when there is none, for ids of `digits` (40: SHA-1, 64: SHA-256).
  // FailedPrecondition when there is one for other ids.
  absl::Status PrepareMirror(std::size_t digits) const;
  bool has_mirror() const;

  const World& world() const { return world_; }
  const Options& options() const { return options_; }
  const std::string& gpg() const { return gpg_; }
  std::string mirror() const { return options_.directory + "/mirror.git"; }
  // A folder for files that live as long as one call.
  std::string scratch() const { return options_.directory + "/scratch"; }

 private:
  GitProgram(const World& world, Options options) : world_(world), options_(std::move(options)) {}
  absl::Status WriteConfiguration() const;
  absl::Status WriteMirrorConfiguration(const std::string& format) const;
  std::string format_mark() const { return mirror() + "/poolshift-format"; }
  std::vector<std::string> Environment() const;

  World world_;
  Options options_;
  std::string git_, gpg_, ssh_keygen_;
};

// The line of git's stderr that says what went wrong, safe for a terminal.
std::string GitReason(const Answer& answer);

}  // namespace poolshift
