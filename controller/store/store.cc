#include "controller/store/store.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "controller/model/try.h"
#include "controller/store/schema.h"
#include "controller/store/sqlite.h"
#include <sys/stat.h>

namespace poolshift {
namespace {

absl::Status MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return absl::OkStatus();
  if (errno != EEXIST) {
    return absl::PermissionDeniedError("cannot make the state directory " + path + ": " +
                                       std::strerror(errno) +
                                       "; name another one, or make it yourself");
  }
  struct stat found {};
  if (stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
    return absl::PermissionDeniedError("the state directory " + path +
                                       " is no directory; name another one");
  }
  // Whoever may write there could put another store in the place of ours.
  if ((found.st_mode & 022U) != 0) {
    return absl::PermissionDeniedError("other users may write in the state directory " + path +
                                       "; run `chmod 700 " + path + "`");
  }
  return absl::OkStatus();
}

}  // namespace

Store::Store(std::string path) : path_(std::move(path)) {}
Store::~Store() = default;

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& state_directory) {
  POOLSHIFT_TRY(MakeDirectory(state_directory));
  std::unique_ptr<Store> store(new Store(state_directory + "/poolshift.db"));
  POOLSHIFT_ASSIGN(store->database_, Database::Open(store->path_));
  POOLSHIFT_TRY(Migrate(*store->database_, absl::GetCurrentTimeNanos()));
  return store;
}

}  // namespace poolshift
