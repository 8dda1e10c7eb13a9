#include "controller/gitops/mirror.h"

#include <algorithm>

#include "absl/status/status.h"

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr std::size_t kMostPathBytes = 64U << 20U;

absl::Status CheckIds(std::initializer_list<std::string_view> ids) {
  for (const std::string_view id : ids) {
    if (!IsCommitId(id)) {
      return absl::InvalidArgumentError("`" + SafeText(id) +
                                        "` is no commit id; write all of its digits");
    }
  }
  return absl::OkStatus();
}

// What became of a call that reaches the remote.
absl::Status RemoteFault(const GitPlace& place, const absl::StatusOr<Answer>& answer) {
  const std::string where = "cannot read " + place.url + ": ";
  if (absl::IsNotFound(answer.status())) return answer.status();
  if (!answer.ok()) return absl::UnavailableError(where + std::string(answer.status().message()));
  if (answer->ExitedWith(0)) return absl::OkStatus();
  const std::string reason = GitReason(*answer);
  if (answer->errors.find("fsck error") != std::string::npos ||
      answer->errors.find("error: object ") != std::string::npos) {
    return absl::InvalidArgumentError(where + "it sent a broken object: " + reason);
  }
  if (answer->errors.find("shallow update not allowed") != std::string::npos) {
    return absl::InvalidArgumentError(
        where + "it is a shallow copy, without the commits that would have to be judged");
  }
  return absl::UnavailableError(where + reason);
}

}  // namespace

absl::StatusOr<std::string> Mirror::FindRef(std::string& object) const {
  const GitPlace& place = git_.options().place;
  std::vector<std::string> names;
  if (place.ref.empty()) {
    names = {"HEAD"};
  } else if (place.ref.starts_with("refs/") || place.ref == "HEAD") {
    names = {place.ref};
  } else {
    names = {"refs/heads/" + place.ref, "refs/tags/" + place.ref};
  }
  GitProgram::Asked asked{{"ls-remote", "--quiet", "--", place.url}};
  asked.arguments.insert(asked.arguments.end(), names.begin(), names.end());
  const absl::StatusOr<Answer> answer = git_.Run(asked);
  POOLSHIFT_TRY(RemoteFault(place, answer));
  std::string found;
  for (const RemoteRef& ref : ReadRemoteRefs(answer->output)) {
    if (std::find(names.begin(), names.end(), ref.name) == names.end()) continue;
    if (!found.empty()) {
      return absl::InvalidArgumentError(place.url + " has both " + found + " and " + ref.name +
                                        "; write the whole name");
    }
    found = ref.name;
    object = ref.object;
  }
  if (found.empty()) {
    return absl::NotFoundError(place.url + " has no branch or tag `" +
                               (place.ref.empty() ? "HEAD" : place.ref) + '`');
  }
  return found;
}

absl::Status Mirror::FetchRef(const std::string& ref, const std::string& seen) const {
  const GitPlace& place = git_.options().place;
  POOLSHIFT_TRY(RemoteFault(place,
                            git_.Run({{"fetch",
                                       "--quiet",
                                       "--no-tags",
                                       "--no-recurse-submodules",
                                       "--no-auto-maintenance",
                                       "--no-write-fetch-head",
                                       "--no-show-forced-updates",
                                       "--refmap=",
                                       "--",
                                       place.url,
                                       '+' + ref + ':' + seen}})));
  return git_.Output({{"gc", "--auto", "--quiet"}}).status();
}

absl::StatusOr<std::string> Mirror::Fetch() {
  std::string object;
  POOLSHIFT_ASSIGN(const std::string ref, FindRef(object));
  POOLSHIFT_TRY(git_.PrepareMirror(object.size()));
  const std::string seen = "refs/poolshift/seen/" + Digest(ref).substr(0, 16);
  POOLSHIFT_ASSIGN(const Answer known, git_.Run({{"rev-parse", "--verify", "--quiet", seen}}));
  if (known.output != object + '\n') POOLSHIFT_TRY(FetchRef(ref, seen));
  POOLSHIFT_ASSIGN(const Answer peeled,
                   git_.Run({{"rev-parse", "--verify", "--quiet", seen + "^{commit}"}}));
  const std::string commit = peeled.output.substr(0, peeled.output.find('\n'));
  if (peeled.ExitedWith(0) && IsCommitId(commit)) return commit;
  return absl::InvalidArgumentError(ref + " of " + git_.options().place.url +
                                    " leads to no commit");
}

absl::StatusOr<bool> Mirror::Has(const std::string& commit) const {
  POOLSHIFT_TRY(CheckIds({commit}));
  if (!git_.has_mirror()) return false;
  POOLSHIFT_ASSIGN(const Answer answer, git_.Run({{"cat-file", "-e", commit + "^{commit}"}}));
  return answer.ExitedWith(0);
}

absl::StatusOr<bool> Mirror::Descends(const std::string& commit,
                                      const std::string& ancestor) const {
  POOLSHIFT_TRY(CheckIds({commit, ancestor}));
  POOLSHIFT_ASSIGN(const Answer answer,
                   git_.Run({{"merge-base", "--is-ancestor", ancestor, commit}}));
  if (answer.ExitedWith(0) || answer.ExitedWith(1)) return answer.ExitedWith(0);
  return absl::InternalError("git merge-base: " + GitReason(answer));
}

absl::StatusOr<std::vector<CommitRecord>> Mirror::Between(const std::string& from,
                                                          const std::string& to) const {
  POOLSHIFT_TRY(CheckIds({from, to}));
  POOLSHIFT_ASSIGN(const std::string text,
                   git_.Output({{"rev-list",
                                 "--reverse",
                                 "--topo-order",
                                 "--parents",
                                 "--max-count=" + std::to_string(kMostCommits + 1),
                                 to,
                                 '^' + from},
                                "",
                                16U << 20U}));
  POOLSHIFT_ASSIGN(std::vector<CommitRecord> commits, ReadCommitRecords(text));
  if (commits.size() <= kMostCommits) return commits;
  return absl::ResourceExhaustedError("more than " + std::to_string(kMostCommits) +
                                      " commits since " + Abbreviated(from) +
                                      "; trust a later one");
}

absl::StatusOr<std::vector<std::string>> Mirror::MergeBases(const std::string& one,
                                                            const std::string& other) const {
  POOLSHIFT_TRY(CheckIds({one, other}));
  POOLSHIFT_ASSIGN(const Answer answer, git_.Run({{"merge-base", "--all", one, other}}));
  if (answer.ExitedWith(0) || answer.ExitedWith(1)) return LinesOf(answer.output);
  return absl::InternalError("git merge-base: " + GitReason(answer));
}

absl::StatusOr<std::vector<std::string>> Mirror::ChangedPaths(const std::string& from,
                                                              const std::string& to) const {
  POOLSHIFT_TRY(CheckIds({to}));
  GitProgram::Asked asked{{"diff-tree", "-r", "-z", "--name-only", "--no-renames"}};
  if (from.empty()) {
    asked.arguments = {"ls-tree", "-r", "-z", "--name-only", "--full-tree", to};
  } else {
    POOLSHIFT_TRY(CheckIds({from}));
    asked.arguments.insert(asked.arguments.end(), {from, to});
  }
  asked.output_limit = kMostPathBytes;
  POOLSHIFT_ASSIGN(const std::string text, git_.Output(asked));
  return NulParts(text);
}

absl::StatusOr<CommitMessage> Mirror::Message(const std::string& commit) const {
  POOLSHIFT_TRY(CheckIds({commit}));
  POOLSHIFT_ASSIGN(const std::string text,
                   git_.Output({{"log",
                                 "-1",
                                 "--no-show-signature",
                                 "--no-color",
                                 "--no-mailmap",
                                 "--no-notes",
                                 kMessageFormat,
                                 commit}}));
  return ReadCommitMessage(commit, text);
}

absl::Status Mirror::Keep(const std::string& commit) const {
  POOLSHIFT_TRY(CheckIds({commit}));
  return git_.Output({{"update-ref", "refs/poolshift/kept", commit}}).status();
}

}  // namespace poolshift
