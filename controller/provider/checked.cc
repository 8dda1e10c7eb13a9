#include "controller/provider/checked.h"

#include <algorithm>
#include <future>
#include <set>
#include <utility>

#include "controller/model/covers.h"
#include "controller/model/revision.h"
#include "controller/model/try.h"
#include "controller/provider/plugin_process.h"
#include "controller/provider/printable.h"
#include "controller/provider/violation.h"

namespace poolshift {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The schema as it holds where these properties could not be read.
KindSchema WithoutDemandsOn(KindSchema schema, const std::vector<std::string>& unknown) {
  for (PropertySchema& property : schema.properties)
    property.required = property.required && !Contains(unknown, property.name);
  return schema;
}

absl::Status CheckKinds(const std::string& who, const ProviderDescription& description) {
  std::map<std::string, int> seen;
  for (const KindSchema& schema : description.kinds) {
    const std::string shown = "`" + Printable(schema.kind) + "`";
    if (schema.kind.empty() || schema.kind.find('/') != std::string::npos) {
      return Violation(who, "Describe", shown + " is no name of a kind");
    }
    if (++seen[schema.kind] > 1)
      return Violation(who, "Describe", "it describes kind " + shown + " twice");
  }
  if (seen.empty()) return Violation(who, "Describe", "it serves no kind at all");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Provider>> Checked::Wrap(std::string name,
                                                        std::unique_ptr<Provider> inner) {
  POOLSHIFT_ASSIGN(ProviderDescription description, inner->Describe());
  std::string who = PluginTitle(name, description.type);
  POOLSHIFT_TRY(CheckKinds(who, description));
  return std::unique_ptr<Provider>(
      new Checked(std::move(who), std::move(inner), std::move(description)));
}

Checked::Checked(std::string who, std::unique_ptr<Provider> inner, ProviderDescription description)
    : who_(std::move(who)), inner_(std::move(inner)), description_(std::move(description)) {
  for (const KindSchema& schema : description_.kinds)
    kinds_.emplace(schema.kind, &schema);
}

absl::Status Checked::Condemned() const {
  const std::lock_guard lock(mutex_);
  return condemned_;
}

absl::Status Checked::Note(absl::Status status) {
  if (!IsViolation(status)) return status;
  const std::lock_guard lock(mutex_);
  if (condemned_.ok()) condemned_ = status;
  return status;
}

absl::Status Checked::Condemn(const std::string& call, const std::string& what) {
  return Note(Violation(who_, call, Printable(what)));
}

absl::Status Checked::Serves(const ResourceId& id, bool writing) const {
  const auto found = kinds_.find(id.kind);
  if (found == kinds_.end()) {
    return absl::InvalidArgumentError(who_ + " does not serve kind " + id.kind + " (" +
                                      ToString(id) + ")");
  }
  if (!writing || found->second->writable) return absl::OkStatus();
  return absl::InvalidArgumentError(who_ + " only observes kind " + id.kind +
                                    " and cannot change " + ToString(id));
}

std::string Checked::Fault(const ResourceId& id, const Observation& observation) const {
  if (observation.presence != Presence::kPresent) {
    if (observation.properties.is_null() && observation.revision.empty()) return "";
    return ToString(id) + " has content though it is not present";
  }
  const KindSchema& schema = *kinds_.at(id.kind);
  const std::vector<std::string> violations =
      observation.unknown.empty()
          ? Violations(schema, observation.properties)
          : Violations(WithoutDemandsOn(schema, observation.unknown), observation.properties);
  if (!violations.empty()) return ToString(id) + " breaks its schema: " + violations.front();
  if (observation.revision == RevisionOf(schema, observation.properties)) return "";
  return "the revision of " + ToString(id) + " is not the digest of its content";
}

std::string Checked::FirstFault(const std::vector<ObservationKey>& keys,
                                const std::vector<Observation>& observations) const {
  const auto first_of = [&](std::size_t begin, std::size_t end) {
    std::string fault;
    for (std::size_t i = begin; i < end && fault.empty(); ++i)
      fault = Fault(keys[i].id, observations[i]);
    return fault;
  };
  constexpr std::size_t kFew = 500;  // are checked sooner than a thread starts
  if (keys.size() < kFew) return first_of(0, keys.size());
  const std::size_t middle = keys.size() / 2;
  auto later = std::async(std::launch::async, first_of, middle, keys.size());
  std::string fault = first_of(0, middle);
  const std::string fault_later = later.get();
  return fault.empty() ? fault_later : fault;
}

absl::StatusOr<std::vector<Observation>> Checked::Observe(const std::vector<ObservationKey>& keys,
                                                          absl::Duration deadline) {
  POOLSHIFT_TRY(Condemned());
  for (const ObservationKey& key : keys)
    POOLSHIFT_TRY(Serves(key.id, false));
  auto observations = inner_->Observe(keys, deadline);
  if (!observations.ok()) return Note(observations.status());
  if (observations->size() != keys.size()) {
    return Condemn("Observe",
                   "it answered for " + std::to_string(observations->size()) + " of " +
                       std::to_string(keys.size()) + " resources");
  }
  const std::string fault = FirstFault(keys, *observations);
  if (!fault.empty()) return Condemn("Observe", fault);
  return observations;
}

absl::StatusOr<std::vector<Listed>> Checked::List(absl::Duration deadline) {
  POOLSHIFT_TRY(Condemned());
  auto entities = inner_->List(deadline);
  if (!entities.ok()) return Note(entities.status());
  std::set<ResourceId> seen;
  for (const Listed& entity : *entities) {
    if (!entity.properties.is_map())
      return Condemn("List", "the properties of " + ToString(entity.id) + " are no map");
    if (!seen.insert(entity.id).second)
      return Condemn("List", "it listed " + ToString(entity.id) + " twice");
  }
  return entities;
}

absl::StatusOr<std::vector<ExportedFile>> Checked::Export(absl::Duration deadline) {
  POOLSHIFT_TRY(Condemned());
  auto files = inner_->Export(deadline);
  if (!files.ok()) return Note(files.status());
  const bool empty = std::any_of(
      files->begin(), files->end(), [](const ExportedFile& file) { return file.content.empty(); });
  // What is saved for the worst day must be there on that day.
  if (files->empty() || empty) return Condemn("Export", "it exported nothing, or an empty file");
  return files;
}

absl::StatusOr<std::vector<std::vector<std::string>>> Checked::Preview(
    const std::vector<Action>& actions, absl::Duration deadline) {
  POOLSHIFT_TRY(Condemned());
  for (const Action& action : actions)
    POOLSHIFT_TRY(Serves(action.target, true));
  auto commands = inner_->Preview(actions, deadline);
  if (!commands.ok()) return Note(commands.status());
  if (commands->size() != actions.size())
    return Condemn("Preview", "it answered for more or fewer actions");
  return commands;
}

ApplyResult Checked::Apply(const ApplyRequest& request, const ProgressSink& progress) {
  ApplyResult result;
  result.status = Condemned();
  if (!result.status.ok()) return result;
  result.status = Serves(request.action.target, true);
  if (!result.status.ok()) return result;
  result = inner_->Apply(request, progress);
  if (!result.status.ok()) {
    result.status = Note(std::move(result.status));
    return result;
  }
  std::string fault = Fault(request.action.target, result.observation);
  if (fault.empty() && !Shows(result.observation, request.action.after)) {
    fault =
        "it reported success, but " + ToString(request.action.target) + " does not show the change";
  }
  if (fault.empty()) return result;
  result.status = Condemn("Apply", fault);
  result.effect_unknown = true;
  return result;
}

absl::StatusOr<ApplyResult> Checked::Lookup(const std::string& key, absl::Duration deadline) {
  POOLSHIFT_TRY(Condemned());
  auto result = inner_->Lookup(key, deadline);
  if (!result.ok()) return Note(result.status());
  return result;
}

absl::StatusOr<FenceAnswer> Checked::Fence(const FenceClaim& claim, absl::Duration deadline) {
  POOLSHIFT_TRY(Condemned());
  auto answer = inner_->Fence(claim, deadline);
  if (!answer.ok()) return Note(answer.status());
  return answer;
}

void Checked::Cancel(const std::string& key) { inner_->Cancel(key); }

}  // namespace poolshift
