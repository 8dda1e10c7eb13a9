#include "controller/cli/record_place.h"

#include "absl/status/status.h"

#include "controller/cli/git_manifests.h"
#include "controller/cli/state_directory.h"
#include "controller/model/try.h"

namespace poolshift {

absl::StatusOr<RecordPlace> OpenRecord(const Session& session,
                                       const Arguments& arguments,
                                       const std::vector<std::string>& paths) {
  POOLSHIFT_ASSIGN(const LoadedOrganization loaded, LoadDeclared(session, arguments, paths));
  if (loaded.organization.name.empty()) {
    return absl::InvalidArgumentError("the manifests name no organisation; `poolshift validate`");
  }
  RecordPlace place;
  place.organization = loaded.organization.name;
  POOLSHIFT_ASSIGN(place.state_directory, StateDirectory(session, arguments, paths));
  if (!session.world.files->List(place.state_directory).ok()) return place;
  POOLSHIFT_ASSIGN(place.store, Store::Open(place.state_directory));
  return place;
}

absl::Status RequireStore(const RecordPlace& place) {
  if (place.store != nullptr) return absl::OkStatus();
  return absl::NotFoundError("no runs of " + place.organization + " are on record in " +
                             place.state_directory);
}

}  // namespace poolshift
