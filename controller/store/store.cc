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

absl::StatusOr<std::map<std::string, DriftRecord>> Store::SeeDrift(
    std::string_view organization, const std::vector<std::string>& fingerprints, absl::Time now) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  const std::int64_t now_ns = absl::ToUnixNanos(now);
  // All are resolved until seen: a fingerprint that is seen is opened again below, with its first
  // sight kept.
  POOLSHIFT_ASSIGN(
      Statement resolve,
      database_->Prepare(
          "UPDATE drift SET resolved_ns = ? WHERE organization = ? AND resolved_ns IS NULL"));
  POOLSHIFT_TRY(resolve.Bind(now_ns).Bind(organization).Run());
  std::map<std::string, DriftRecord> seen;
  for (const std::string& fingerprint : fingerprints) {
    POOLSHIFT_ASSIGN(
        Statement query,
        database_->Prepare(
            "SELECT first_seen_ns FROM drift WHERE organization = ? AND fingerprint = ? "
            "AND resolved_ns = ? ORDER BY first_seen_ns DESC"));
    POOLSHIFT_ASSIGN(const bool open,
                     query.Bind(organization).Bind(fingerprint).Bind(now_ns).Step());
    const std::int64_t first = open ? query.Integer(0) : now_ns;
    POOLSHIFT_ASSIGN(Statement write,
                     database_->Prepare("INSERT OR REPLACE INTO drift VALUES (?, ?, ?, ?, NULL)"));
    POOLSHIFT_TRY(write.Bind(organization).Bind(fingerprint).Bind(first).Bind(now_ns).Run());
    seen[fingerprint] = {fingerprint, absl::FromUnixNanos(first), now};
  }
  POOLSHIFT_TRY(transaction.Commit());
  return seen;
}

}  // namespace poolshift
