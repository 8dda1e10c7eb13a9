#include "controller/gitops/judge.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "absl/status/status.h"

#include "controller/gitops/authorship.h"
#include "controller/gitops/commit_manifests.h"
#include "controller/gitops/path_pattern.h"
#include "controller/gitops/policy_change.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

using Commits = std::map<std::string, const CommitRecord*>;

// Whom a commit says to believe. InvalidArgument when its manifests have faults.
absl::StatusOr<CommitTrust> DeclaredTrust(const Mirror& mirror, const std::string& commit) {
  POOLSHIFT_ASSIGN(const CommittedManifests read, ReadCommitManifests(mirror, commit));
  const LoadedOrganization loaded = ParseManifests(read.texts);
  for (const Diagnostic& fault : loaded.diagnostics.items()) {
    if (fault.severity == Diagnostic::Severity::kError)
      return absl::InvalidArgumentError(ToString(fault));
  }
  CommitTrust trust = loaded.organization.policy.commits;
  std::string& file = trust.origin.file;  // "COMMIT:PATH"
  if (!file.empty()) file.erase(0, file.find(':') + 1);
  return trust;
}

// The commits from where it stands to the tip that lead from one to the other, oldest first: of a
// merge the first parent that still descends from where it stands.
std::vector<const CommitRecord*> WayTo(const std::string& tip,
                                       const std::string& from,
                                       const std::vector<CommitRecord>& commits,
                                       const Commits& by_id) {
  std::set<std::string> descendants{from};
  for (const CommitRecord& commit : commits) {
    for (const std::string& parent : commit.parents)
      if (descendants.count(parent) > 0) descendants.insert(commit.id);
  }
  std::vector<const CommitRecord*> way;
  for (std::string at = tip; at != from;) {
    const CommitRecord* commit = by_id.at(at);
    way.push_back(commit);
    const auto parent =
        std::find_if(commit->parents.begin(), commit->parents.end(), [&](const std::string& id) {
          return descendants.count(id) > 0;
        });
    if (parent == commit->parents.end()) return {};
    at = *parent;
  }
  std::reverse(way.begin(), way.end());
  return way;
}

class Judgement {
 public:
  Judgement(const Mirror& mirror, const Standing& standing, const std::string& tip, absl::Time now)
      : mirror_(mirror), now_(now) {
    verdict_.reached = standing;
    verdict_.tip = tip;
  }

  absl::StatusOr<Verdict> Reach() {
    const std::string from = verdict_.reached.commit, tip = verdict_.tip;
    if (from == tip) return std::move(verdict_);
    POOLSHIFT_ASSIGN(const bool known, mirror_.Has(from));
    bool follows = false;
    if (known) {
      POOLSHIFT_ASSIGN(follows, mirror_.Descends(tip, from));
    }
    if (!follows) {
      verdict_.refusal = RefuseLeft(tip, from);
      return std::move(verdict_);
    }
    POOLSHIFT_ASSIGN(const std::vector<CommitRecord> commits, mirror_.Between(from, tip));
    Commits by_id;
    for (const CommitRecord& commit : commits)
      by_id[commit.id] = &commit;
    for (const CommitRecord* step : WayTo(tip, from, commits, by_id)) {
      POOLSHIFT_TRY(JudgeStep(*step, commits, by_id));
      if (verdict_.refusal.has_value()) break;
    }
    LeaveWhatWaits();
    POOLSHIFT_TRY(mirror_.Keep(verdict_.reached.commit));
    return std::move(verdict_);
  }

  absl::StatusOr<std::optional<CommitRefusal>> JudgeCommit(const CommitRecord& commit) {
    const CommitTrust& trust = verdict_.reached.trust;
    if (trust.required && trust.signers.empty())
      return RefuseForWantOfSigners(commit.id, verdict_.reached.trust_commit);
    if (keyring_ == nullptr) {
      POOLSHIFT_ASSIGN(Keyring made, Keyring::Make(mirror_.git(), trust.signers));
      keyring_ = std::make_unique<Keyring>(std::move(made));
    }
    POOLSHIFT_ASSIGN(const SignatureFinding finding, keyring_->Check(commit.id, now_));
    using State = SignatureFinding::State;
    const bool stranger = finding.state == State::kUnsigned || finding.state == State::kUnknownKey;
    if (finding.state != State::kGood && (trust.required || !stranger))
      return RefuseSignature(commit.id, finding, verdict_.reached.trust_commit);
    if (finding.signer != nullptr && !finding.signer->paths.empty()) {
      POOLSHIFT_ASSIGN(std::vector<std::string> paths, ForbiddenPaths(commit, *finding.signer));
      if (!paths.empty()) return RefusePaths(commit.id, finding, std::move(paths));
    }
    const std::string signer = finding.signer == nullptr ? "" : finding.signer->name;
    if (finding.signer != nullptr) signed_by_[commit.id] = *finding.signer;
    verdict_.believed.push_back({commit.id, signer, finding.key});
    return std::nullopt;
  }

  Verdict Take() { return std::move(verdict_); }

 private:
  // One step on the way, and before it all that it brought in from elsewhere, judged by what holds
  // on the way.
  absl::Status JudgeStep(const CommitRecord& step,
                         const std::vector<CommitRecord>& commits,
                         const Commits& by_id) {
    std::set<std::string> brought;
    std::vector<std::string> open{step.id};
    while (!open.empty()) {
      const std::string id = std::move(open.back());
      open.pop_back();
      const auto found = by_id.find(id);
      if (found == by_id.end() || judged_.count(id) > 0 || !brought.insert(id).second) continue;
      open.insert(open.end(), found->second->parents.begin(), found->second->parents.end());
    }
    const std::size_t believed = verdict_.believed.size();
    for (const CommitRecord& commit : commits) {
      if (brought.count(commit.id) == 0) continue;
      POOLSHIFT_ASSIGN(std::optional<CommitRefusal> refusal, JudgeCommit(commit));
      if (refusal.has_value()) {
        verdict_.refusal = *std::move(refusal);
        verdict_.believed.resize(believed);
        return absl::OkStatus();
      }
    }
    judged_.merge(brought);
    return MoveTo(step);
  }

  absl::Status MoveTo(const CommitRecord& step) {
    const std::string& commit = step.id;
    Standing& standing = verdict_.reached;
    const absl::StatusOr<CommitTrust> trust = DeclaredTrust(mirror_, commit);
    // Manifests with faults are told by whoever plans; they say nothing about whom to believe.
    const bool says_nothing = absl::IsInvalidArgument(trust.status());
    if (!trust.ok() && !says_nothing) return trust.status();
    if (standing.trust.policy_signers > 1) {
      if (says_nothing && waiting_.has_value()) return absl::OkStatus();
      if (!says_nothing && !SameTrust(*trust, standing.trust)) {
        POOLSHIFT_ASSIGN(const bool confirmed, IsConfirmedBy(step, *trust));
        if (!confirmed) return absl::OkStatus();
      }
    }
    waiting_.reset();
    reached_with_ = verdict_.believed.size();
    standing.commit = commit;
    if (says_nothing) return absl::OkStatus();
    standing.trust = *trust;
    standing.trust_commit = commit;
    keyring_.reset();
    return absl::OkStatus();
  }

  // A step that declares another trust than what is in force. Whoever made just this change speaks
  // for it by that; everybody else only by saying so, for the change may have been in what they
  // merged, mended or built on, and they may not have looked.
  absl::StatusOr<bool> IsConfirmedBy(const CommitRecord& step, const CommitTrust& trust) {
    const bool follows_what_holds =
        !waiting_.has_value() && verdict_.reached.commit == verdict_.reached.trust_commit;
    const bool begins = !waiting_.has_value() || !SameTrust(waiting_->trust, trust);
    if (begins) waiting_ = PolicyChange{step.id, trust, {}};
    const auto signer = signed_by_.find(step.id);
    if (signer == signed_by_.end() ||
        !MayChangePolicy(signer->second, verdict_.reached.trust, trust))
      return false;
    bool speaks = false;
    if (begins && follows_what_holds && step.parents.size() == 1) {
      POOLSHIFT_ASSIGN(const std::vector<std::string> changed, PathsToAnswerFor(mirror_, step));
      speaks = std::ranges::all_of(changed, [&](const std::string& path) {
        return path == verdict_.reached.trust.origin.file || path == trust.origin.file;
      });
    }
    if (!begins) {
      POOLSHIFT_ASSIGN(const CommitMessage message, mirror_.Message(step.id));
      for (const auto& [name, value] : message.trailers)
        speaks = speaks || (name == kConfirmTrailer && value == waiting_->commit);
    }
    if (speaks) waiting_->signers.insert(signer->second.name);
    return waiting_->signers.size() >=
           static_cast<std::size_t>(verdict_.reached.trust.policy_signers);
  }

  // What came after the last step that stands is not believed yet.
  void LeaveWhatWaits() {
    if (!waiting_.has_value()) return;
    const Standing& standing = verdict_.reached;
    verdict_.believed.resize(reached_with_);
    if (!verdict_.refusal.has_value())
      verdict_.refusal = RefuseUnconfirmed(*waiting_, standing.trust, standing.trust_commit, now_);
  }

  absl::StatusOr<std::vector<std::string>> ForbiddenPaths(const CommitRecord& commit,
                                                          const CommitSigner& signer) const {
    POOLSHIFT_ASSIGN(std::vector<std::string> paths, PathsToAnswerFor(mirror_, commit));
    std::erase_if(paths, [&](const std::string& path) {
      return std::any_of(signer.paths.begin(), signer.paths.end(), [&](const std::string& pattern) {
        return FitsPathPattern(path, pattern);
      });
    });
    return paths;
  }

  const Mirror& mirror_;
  const absl::Time now_;
  Verdict verdict_;
  std::unique_ptr<Keyring> keyring_;  // of verdict_.reached.trust
  std::set<std::string> judged_;
  std::map<std::string, CommitSigner> signed_by_;  // by commit
  std::optional<PolicyChange> waiting_;            // begun after verdict_.reached
  std::size_t reached_with_ = 0;                   // believed commits up to there
};

}  // namespace

absl::StatusOr<Standing> StandOn(const Mirror& mirror, const std::string& commit) {
  return StandOn(mirror, commit, commit);
}

absl::StatusOr<Standing> StandOn(const Mirror& mirror,
                                 const std::string& commit,
                                 const std::string& trust_commit) {
  for (const std::string& id : {commit, trust_commit}) {
    POOLSHIFT_ASSIGN(const bool known, mirror.Has(id));
    if (!known) {
      return absl::InvalidArgumentError("commit " + id + " is not in " +
                                        mirror.git().options().place.url +
                                        " on the way to its ref; name one that is");
    }
  }
  POOLSHIFT_ASSIGN(CommitTrust trust, DeclaredTrust(mirror, trust_commit));
  return Standing{commit, trust_commit, std::move(trust)};
}

absl::StatusOr<Verdict> Judge(const Mirror& mirror,
                              const Standing& standing,
                              const std::string& tip,
                              absl::Time now) {
  return Judgement(mirror, standing, tip, now).Reach();
}

absl::StatusOr<Verdict> JudgeFirst(const Mirror& mirror,
                                   const std::vector<CommitSigner>& signers,
                                   const std::string& tip,
                                   absl::Time now) {
  Standing standing;
  standing.trust.signers = signers;
  Judgement judgement(mirror, standing, tip, now);
  POOLSHIFT_ASSIGN(std::optional<CommitRefusal> refusal, judgement.JudgeCommit({tip, {}}));
  Verdict verdict = judgement.Take();
  verdict.tip = tip;
  verdict.refusal = std::move(refusal);
  if (verdict.refusal.has_value()) return verdict;
  POOLSHIFT_ASSIGN(verdict.reached, StandOn(mirror, tip));
  POOLSHIFT_TRY(mirror.Keep(tip));
  return verdict;
}

}  // namespace poolshift
