#include "providers/lync/platform/bookkeeping.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "controller/model/try.h"
#include "providers/lync/text/json_value.h"
#include <fcntl.h>
#include <unistd.h>

namespace poolshift::lync {
namespace {

absl::Status Trouble(const std::string& path) {
  return absl::InternalError("cannot keep " + path + ": " + std::strerror(errno));
}

absl::Status Replace(const std::string& path, const std::string& content) {
  const std::string fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Trouble(fresh);
  const bool written =
      ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  if (!written || std::rename(fresh.c_str(), path.c_str()) != 0) return Trouble(path);
  return absl::OkStatus();
}

}  // namespace

std::string_view Name(Waiting waiting) {
  return waiting == Waiting::kDocument ? "document" : waiting == Waiting::kRoutes ? "routes" : "";
}

Waiting WaitingOf(std::string_view name) {
  return name == "document" ? Waiting::kDocument
         : name == "routes" ? Waiting::kRoutes
                            : Waiting::kNothing;
}

absl::Status Bookkeeping::Open(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (folder.empty()) return absl::OkStatus();
  path_ = folder + "/central-store-writes.json";
  std::ifstream file(path_);
  if (!file) return absl::OkStatus();
  std::ostringstream text;
  text << file.rdbuf();
  const absl::StatusOr<Value> value = ReadJson(text.str());
  if (!value.ok()) {
    return absl::DataLossError(path_ + " cannot be read (" + std::string(value.status().message()) +
                               "): remove it when no run is under way");
  }
  newest_ = value->IntegerOr("newest", 1);
  newest_in_document_ = value->IntegerOr("newestInDocument", 1);
  waiting_ = WaitingOf(value->StringOr("waiting", ""));
  return absl::OkStatus();
}

absl::Status Bookkeeping::Note(std::int64_t at, bool document_changed, Waiting waiting) {
  const std::lock_guard lock(mutex_);
  newest_ = std::max(newest_, at);
  if (document_changed) newest_in_document_ = std::max(newest_in_document_, at);
  waiting_ = waiting == Waiting::kNothing ? waiting : std::max(waiting_, waiting);
  return Save();
}

absl::Status Bookkeeping::NoteEnabled() {
  const std::lock_guard lock(mutex_);
  waiting_ = Waiting::kNothing;
  return Save();
}

absl::Status Bookkeeping::Save() {
  if (path_.empty()) return absl::OkStatus();
  return Replace(path_,
                 CanonicalText(Value::Map{{"newest", newest_},
                                          {"newestInDocument", newest_in_document_},
                                          {"waiting", Name(waiting_)}}) +
                     '\n');
}

std::int64_t Bookkeeping::Newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

std::int64_t Bookkeeping::NewestInDocument() const {
  const std::lock_guard lock(mutex_);
  return newest_in_document_;
}

Waiting Bookkeeping::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

std::optional<std::int64_t> ReplicaWatermark(const Bookkeeping& books,
                                             std::optional<std::int64_t> created,
                                             std::optional<bool> equal) {
  if (!equal.has_value()) return created;
  if (!*equal) return 0;
  return std::max(created.value_or(0), books.NewestInDocument());
}

}  // namespace poolshift::lync
