#include "controller/gitops/git_declarations.h"

#include <utility>

#include "absl/strings/str_split.h"

#include "controller/gitops/commit_refusal.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr std::size_t kLongestFile = 4096;
constexpr int kPrivate = 0600;
constexpr std::string_view kTrailer = "Poolshift-Approve";

std::string FileIn(const std::string& state_directory) { return state_directory + "/verified"; }

void Refuse(const CommitRefusal& refusal, Sighting& sighting) {
  sighting.refused = refusal.text;
  sighting.refused_commit = refusal.commit;
}

}  // namespace

absl::StatusOr<std::unique_ptr<GitDeclarations>> GitDeclarations::Open(const World& world,
                                                                       Options options) {
  POOLSHIFT_ASSIGN(GitSource source, GitSource::Open(world, options.git));
  return std::unique_ptr<GitDeclarations>(
      new GitDeclarations(world, std::move(options), std::move(source)));
}

GitDeclarations::GitDeclarations(const World& world, Options options, GitSource source)
    : world_(world), options_(std::move(options)), source_(std::move(source)) {}

std::string GitDeclarations::Description() const {
  const GitPlace& place = source_.place();
  return "git " + place.url + (place.ref.empty() ? "" : ", " + place.ref) +
         (place.folder.empty() ? "" : ", folder " + place.folder);
}

// "COMMIT TRUST_COMMIT\n", or with who signed it.
absl::Status GitDeclarations::Keep() {
  std::string text = standing_->commit + ' ' + standing_->trust_commit;
  if (!last_signer_.empty()) text += ' ' + last_signer_;
  text += '\n';
  if (text == kept_) return absl::OkStatus();
  POOLSHIFT_TRY(world_.files->Replace(FileIn(options_.state_directory), text, kPrivate));
  kept_ = std::move(text);
  return absl::OkStatus();
}

// On what was verified before; on nothing when that never was.
absl::Status GitDeclarations::StandOnKept() {
  if (standing_.has_value()) return absl::OkStatus();
  const std::string file = FileIn(options_.state_directory);
  absl::StatusOr<std::string> text = world_.files->Read(file, kLongestFile);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  const std::vector<std::string> words =
      absl::StrSplit(text->substr(0, text->find('\n')), absl::MaxSplits(' ', 2));
  const std::string& commit = words[0];
  const std::string& trust = words.size() > 1 ? words[1] : commit;
  if (!IsCommitId(commit) || !IsCommitId(trust)) {
    return absl::DataLossError(file +
                               ": no record of a verified commit; find out who changed it, "
                               "then remove it and start with a commit that you trust");
  }
  if (options_.trust.unsigned_commits) {
    standing_.emplace();
    standing_->commit = commit;
    standing_->trust_commit = trust;
  } else {
    POOLSHIFT_ASSIGN(standing_, source_.StandOn(commit, trust));
  }
  if (words.size() > 2) last_signer_ = words[2];
  kept_ = *std::move(text);
  return absl::OkStatus();
}

absl::Status GitDeclarations::Reach(Verdict& verdict) {
  standing_ = std::move(verdict.reached);
  if (!verdict.believed.empty()) last_signer_ = verdict.believed.back().signer;
  return Keep();
}

// From what was verified before, or from the first trust.
absl::Status GitDeclarations::Stand(const std::string& tip, absl::Time now, Sighting& sighting) {
  POOLSHIFT_TRY(StandOnKept());
  if (standing_.has_value()) return absl::OkStatus();
  if (!options_.trust.commit.empty()) {
    POOLSHIFT_ASSIGN(standing_, source_.StandOn(options_.trust.commit, options_.trust.commit));
    return Keep();
  }
  POOLSHIFT_ASSIGN(Verdict verdict, source_.JudgeFirst(options_.trust.signers, tip, now));
  if (verdict.refusal.has_value()) {
    Refuse(*verdict.refusal, sighting);
    return absl::OkStatus();
  }
  POOLSHIFT_TRY(Reach(verdict));
  return Take(verdict.believed, sighting);
}

absl::Status GitDeclarations::Agreements(const std::vector<BelievedCommit>& believed,
                                         Sighting& sighting) const {
  for (const BelievedCommit& commit : believed) {
    if (commit.signer.empty()) continue;  // nobody has vouched for who said it
    POOLSHIFT_ASSIGN(const CommitMessage message, source_.mirror().Message(commit.id));
    for (const auto& [name, value] : message.trailers)
      if (name == kTrailer) sighting.agreements.push_back({value, commit.signer, commit.id});
  }
  return absl::OkStatus();
}

// The declaration of the commit on which it stands.
absl::Status GitDeclarations::Take(const std::vector<BelievedCommit>& believed,
                                   Sighting& sighting) {
  POOLSHIFT_TRY(Agreements(believed, sighting));
  const std::string& commit = standing_->commit;
  if (newest_ != nullptr && newest_->commit == commit) return absl::OkStatus();
  POOLSHIFT_ASSIGN(const CommitMessage message, source_.mirror().Message(commit));
  auto declaration = std::make_shared<Declaration>();
  POOLSHIFT_ASSIGN(CommittedManifests read, source_.Manifests(commit));
  declaration->texts = std::move(read.texts);
  declaration->lock = std::move(read.lock);
  declaration->commit = declaration->identity = commit;
  declaration->title = message.subject;
  declaration->author =
      message.author + (last_signer_.empty() ? "" : ", signed by " + last_signer_);
  declaration->committed = message.committed_at;
  declaration->base_directory = options_.base_directory;
  newest_ = std::move(declaration);
  return absl::OkStatus();
}

absl::Status GitDeclarations::FollowUnsigned(const std::string& tip, Sighting& sighting) {
  POOLSHIFT_TRY(StandOnKept());
  if (standing_.has_value()) {
    POOLSHIFT_ASSIGN(const bool grows, source_.mirror().Descends(tip, standing_->commit));
    if (!grows) {
      Refuse(RefuseLeft(tip, standing_->commit), sighting);
      return Take({}, sighting);
    }
  }
  standing_.emplace();
  standing_->commit = standing_->trust_commit = tip;
  last_signer_.clear();  // nobody looked
  POOLSHIFT_TRY(Keep());
  return Take({}, sighting);
}

absl::Status GitDeclarations::Follow(absl::Time now, Sighting& sighting) {
  absl::StatusOr<std::string> tip = source_.Fetch();
  if (!tip.ok()) {
    sighting.unreachable = std::string(tip.status().message());
    POOLSHIFT_TRY(StandOnKept());
    return standing_.has_value() ? Take({}, sighting) : absl::OkStatus();
  }
  if (options_.trust.unsigned_commits) return FollowUnsigned(*tip, sighting);
  if (!standing_.has_value()) {
    POOLSHIFT_TRY(Stand(*tip, now, sighting));
    if (!standing_.has_value()) return absl::OkStatus();
  }
  POOLSHIFT_ASSIGN(Verdict verdict, source_.Judge(*standing_, *tip, now));
  if (verdict.refusal.has_value()) Refuse(*verdict.refusal, sighting);
  POOLSHIFT_TRY(Reach(verdict));
  return Take(verdict.believed, sighting);
}

Sighting GitDeclarations::Look(absl::Time now) {
  Sighting sighting;
  const absl::Status status = Follow(now, sighting);
  // What is broken in a commit is a reason not to take it, like a signature that is not there.
  if (!status.ok()) {
    sighting.refused = std::string(status.message());
    if (standing_.has_value()) sighting.refused_commit = standing_->commit;
  }
  sighting.declaration = newest_;
  return sighting;
}

}  // namespace poolshift
