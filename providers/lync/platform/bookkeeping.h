// Bookkeeping: what this provider wrote to the central store and when, by the clock of the admin
// machine. The platform keeps no such record: a replica's LastUpdateCreation is compared with it
// (domain.md c.1, gate G1). One file in the state directory. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "controller/model/value.h"

namespace poolshift::lync {

// What was written and does not take effect before Enable-CsTopology.
enum class Waiting { kNothing, kRoutes, kDocument };
std::string_view Name(Waiting waiting);
Waiting WaitingOf(std::string_view name);

class Bookkeeping {
 public:
  // Reads the file, if there is one. `folder` empty: remembers nothing (read-only).
  absl::Status Open(const std::string& folder);

  // A write that was made at `at` (milliseconds since 1970), and whether the document is another
  // one since then.
  absl::Status Note(std::int64_t at, bool document_changed, Waiting waiting);
  absl::Status NoteEnabled();

  // The newest write that we know of; 1 when there is none.
  std::int64_t Newest() const;
  // The newest that a copy of the present document surely holds; 1 when there is none.
  std::int64_t NewestInDocument() const;
  Waiting waiting() const;

 private:
  absl::Status Save();

  mutable std::mutex mutex_;
  std::string path_;
  std::int64_t newest_ = 1;
  std::int64_t newest_in_document_ = 1;
  Waiting waiting_ = Waiting::kNothing;
};

// What a replica surely holds. `created`: LastUpdateCreation of its status, if there is any;
// `equal`: whether its own copy of the document is the master's, if that could be looked at.
//
// A copy that differs holds less than the newest write, whenever it was last updated. One that is
// equal holds every write that changed the document; a write that did not (of a route, perhaps) is
// seen in `created` alone.
std::optional<std::int64_t> ReplicaWatermark(const Bookkeeping& books,
                                             std::optional<std::int64_t> created,
                                             std::optional<bool> equal);

}  // namespace poolshift::lync
