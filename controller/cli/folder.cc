#include "controller/cli/folder.h"

#include "controller/model/try.h"

namespace poolshift {

absl::Status CheckFolderIsFree(Session& session, const std::string& folder) {
  const auto present = session.world.files->List(folder);
  const bool missing = absl::IsNotFound(present.status());
  if (missing || (present.ok() && present->empty())) return absl::OkStatus();
  if (!present.ok()) return present.status();
  return absl::InvalidArgumentError(folder + " is not empty; name a folder that is not there yet");
}

absl::Status WriteFolder(Session& session,
                         const std::string& folder,
                         const std::map<std::string, std::string>& files) {
  constexpr int kMode = 0644;
  POOLSHIFT_TRY(CheckFolderIsFree(session, folder));
  if (!session.world.files->List(folder).ok()) {
    POOLSHIFT_TRY(session.world.files->MakePrivateDirectory(folder));
  }
  for (const auto& [name, text] : files) {
    POOLSHIFT_TRY(session.world.files->Replace(folder + '/' + name, text, kMode));
    session.out << folder << '/' << name << '\n';
  }
  return absl::OkStatus();
}

}  // namespace poolshift
