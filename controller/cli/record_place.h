// Where the record of an organisation is: its name and its store, for the verbs that read it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/store/store.h"

namespace poolshift {

struct RecordPlace {
  std::string organization;
  std::string state_directory;
  std::unique_ptr<Store> store;  // null: nothing was ever kept there
};

// `paths` name the manifests.
absl::StatusOr<RecordPlace> OpenRecord(const Session& session,
                                       const Arguments& arguments,
                                       const std::vector<std::string>& paths);

// NotFound when there is no store.
absl::Status RequireStore(const RecordPlace& place);

}  // namespace poolshift
