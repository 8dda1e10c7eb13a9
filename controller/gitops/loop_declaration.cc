// Which declaration a round of the loop goes by.
#include <utility>

#include "controller/gitops/loop.h"

namespace poolshift {
namespace {

constexpr absl::Duration kBetweenSightings = absl::Seconds(30);  // of a run that waits

std::string FaultsText(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& item : diagnostics.items()) {
    if (item.severity == Diagnostic::Severity::kError)
      text += (text.empty() ? "" : "\n") + ToString(item);
  }
  return text;
}

}  // namespace

Sighting Loop::Sight(absl::Time now) {
  const std::lock_guard lock(source_mutex_);
  Sighting sighting = source_.Look(now);
  sighting.agreements.insert(
      sighting.agreements.begin(), heard_meanwhile_.begin(), heard_meanwhile_.end());
  heard_meanwhile_.clear();
  return sighting;
}

void Loop::Hear(const Sighting& sighting, Snapshot& next) {
  if (sighting.refused != next.refused && !sighting.refused.empty())
    Log("refused: " + sighting.refused);
  if (sighting.unreachable != next.unreachable && !sighting.unreachable.empty())
    Log("not reached: " + sighting.unreachable);
  next.refused = sighting.refused;
  next.unreachable = sighting.unreachable;
  next.refused_commit = sighting.refused_commit;
  agreements_.insert(agreements_.end(), sighting.agreements.begin(), sighting.agreements.end());
}

// A gate asks every few seconds; a forge is not asked that often.
absl::StatusOr<ManifestTexts> Loop::Newest() {
  const std::lock_guard lock(source_mutex_);
  const absl::Time now = world_.clock->Now();
  if (now >= sighted_ && now - sighted_ < kBetweenSightings) return newest_;
  newest_ = LookForNewest(now);
  sighted_ = now;
  return newest_;
}

absl::StatusOr<ManifestTexts> Loop::LookForNewest(absl::Time now) {
  const Sighting sighting = source_.Look(now);
  heard_meanwhile_.insert(
      heard_meanwhile_.end(), sighting.agreements.begin(), sighting.agreements.end());
  if (!sighting.unreachable.empty()) return absl::UnavailableError(sighting.unreachable);
  if (sighting.declaration == nullptr) return absl::NotFoundError("there is no declaration yet");
  return sighting.declaration->texts;
}

Loop::Opened Loop::Open(const Declaration& declaration, bool read_only, std::string& faults) {
  Workspace::Options options;
  options.texts = declaration.texts;
  options.base_directory = declaration.base_directory;
  options.lock = declaration.lock;
  options.commit = declaration.commit;
  options.state_directory = options_.state_directory;
  options.plugin_directory = options_.plugin_directory;
  options.read_only = read_only;
  if (!read_only) options.newest = [this] { return Newest(); };
  Diagnostics diagnostics;
  Opened workspace = Workspace::Open(world_, options, diagnostics);
  if (diagnostics.has_errors()) faults = FaultsText(diagnostics);
  return workspace;
}

void Loop::Take(const std::shared_ptr<const Declaration>& declaration) {
  if (in_force_ != nullptr && in_force_->identity == declaration->identity) {
    in_force_ = declaration;
    return;
  }
  in_force_ = declaration;
  const Settled kept{declaration->commit,
                     declaration->identity,
                     declaration->committed,
                     declaration->texts,
                     source_.Description(),
                     declaration->lock};
  const absl::Status status = WriteInForce(*world_.files, options_.state_directory, kept);
  if (!status.ok()) Log("the declaration in force is not kept: " + std::string(status.message()));
}

std::shared_ptr<const Declaration> Loop::LastGood(const Declaration& newest) {
  if (in_force_ != nullptr) return in_force_;
  const absl::StatusOr<std::optional<Settled>> kept =
      ReadInForce(*world_.files, options_.state_directory);
  if (!kept.ok()) Log(std::string(kept.status().message()));
  // Of another repository or folder it says nothing here.
  if (!kept.ok() || !kept->has_value() || (*kept)->source != source_.Description()) return nullptr;
  auto declaration = std::make_shared<Declaration>();
  declaration->commit = (*kept)->commit;
  declaration->identity = (*kept)->goal;
  declaration->committed = (*kept)->at;
  declaration->texts = (*kept)->texts;
  declaration->lock = (*kept)->lock;
  declaration->base_directory = newest.base_directory;
  return in_force_ = declaration;
}

Loop::Opened Loop::OpenBest(const Sighting& sighting, Snapshot& next) {
  const std::shared_ptr<const Declaration>& newest = sighting.declaration;
  if (newest == nullptr) {
    return absl::FailedPreconditionError(!next.refused.empty() ? next.refused
                                         : !next.unreachable.empty()
                                             ? next.unreachable
                                             : "there is no declaration yet");
  }
  if (newest->identity != faulty_) {
    std::string faults;
    Opened workspace = Open(*newest, /*read_only=*/true, faults);
    if (faults.empty()) {
      if (workspace.ok()) Take(newest);
      faulty_.clear();
      faults_.clear();
      return workspace;
    }
    faulty_ = newest->identity;
    faults_ = std::move(faults);
    Log((newest->commit.empty() ? "the declaration" : "commit " + newest->commit) +
        " has faults, it is not taken:\n" + faults_);
  }
  next.faults = faults_;
  if (next.refused.empty()) next.refused_commit = newest->commit;
  if (LastGood(*newest) == nullptr) return absl::InvalidArgumentError("the manifests have faults");
  std::string none;
  return Open(*in_force_, /*read_only=*/true, none);
}

}  // namespace poolshift
