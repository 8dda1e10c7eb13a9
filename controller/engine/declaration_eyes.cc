#include "controller/engine/declaration_eyes.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

#include "controller/federation/assignment.h"
#include "controller/federation/kinds.h"
#include "controller/model/digest.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

absl::Status ChangesNothing() {
  return absl::UnimplementedError("the declaration is looked at, and changed by people alone");
}

Observation Saying(bool accepts) {
  Observation seen;
  seen.presence = Presence::kPresent;
  seen.properties = Value::Map{{"accepted", accepts}};
  seen.revision = RevisionOf(seen.properties);
  return seen;
}

// A list that was taken away asks for nothing more; a partner that was says nothing of its list.
Observation Seen(const Organization& organization, const ResourceId& id) {
  const std::size_t slash = id.name.find('/');
  const auto partner = organization.partners.find(id.name.substr(0, slash));
  if (partner == organization.partners.end()) {
    Observation seen;
    seen.reason = "the newest declaration has no Partner/" + id.name.substr(0, slash);
    return seen;
  }
  const auto& names = partner->second.accepts_names;
  const bool accepts =
      names.empty() ||
      std::find(names.begin(), names.end(), id.name.substr(slash + 1)) != names.end();
  return Saying(accepts);
}

}  // namespace

absl::StatusOr<ProviderDescription> DeclarationEyes::Describe() {
  ProviderDescription description;
  description.type = kDeclarationEyes;
  description.kinds.push_back(*kinds::FindKindSchema(kinds::kPartnerAcceptance));
  return description;
}

absl::Status DeclarationEyes::Read() {
  POOLSHIFT_ASSIGN(ManifestTexts texts, read_());
  if (texts != texts_) {
    loaded_ = ParseManifests(texts);
    texts_ = std::move(texts);
  }
  for (const Diagnostic& fault : loaded_.diagnostics.items())
    if (fault.severity == Diagnostic::Severity::kError)
      return absl::InvalidArgumentError("the newest declaration has faults: " + ToString(fault));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Observation>> DeclarationEyes::Observe(
    const std::vector<ObservationKey>& keys, absl::Duration) {
  const std::lock_guard lock(mutex_);
  const absl::Status read = read_ ? Read() : absl::OkStatus();
  std::vector<Observation> seen(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!read.ok() || keys[i].id.kind != kinds::kPartnerAcceptance) {
      seen[i].reason =
          read.ok() ? "it does not stand in the declaration" : std::string(read.message());
      continue;
    }
    seen[i] = read_ ? Seen(loaded_.organization, keys[i].id) : Saying(true);
  }
  return seen;
}

absl::StatusOr<std::vector<std::vector<std::string>>> DeclarationEyes::Preview(
    const std::vector<Action>&, absl::Duration) {
  return ChangesNothing();
}

ApplyResult DeclarationEyes::Apply(const ApplyRequest&, const ProgressSink&) {
  ApplyResult result;
  result.status = ChangesNothing();
  return result;
}

absl::StatusOr<ApplyResult> DeclarationEyes::Lookup(const std::string&, absl::Duration) {
  return absl::NotFoundError("nothing was ever changed");
}

}  // namespace poolshift
