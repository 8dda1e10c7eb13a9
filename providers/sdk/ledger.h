// Ledger: what a provider was asked to carry out, under which idempotency key and fencing token,
// and what became of it. Durable before it is relied on: every entry is on disk when the call
// returns.
//
// One append-only file per organisation in the provider's state directory. Several processes may
// use it at a time (a second controller, a read-only look): each call locks the file and first
// takes in what others wrote. A torn last entry, as a crash leaves it, is cut off; damage anywhere
// else is an error. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "controller/model/fence_claim.h"
#include "controller/world/descriptor.h"
#include "poolshift/provider/v1/ledger.pb.h"

namespace poolshift::sdk {

class Ledger {
 public:
  enum class Mode { kReading, kWriting };

  // In reading mode a file that does not exist is an empty ledger.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(const std::string& path, Mode mode);

  // The newest record of a key, if any.
  absl::StatusOr<std::optional<provider::v1::LedgerRecord>> Find(const std::string& key);

  // Accepts the token when none greater has been seen, and remembers it. Aborted, naming both, when
  // it is smaller.
  absl::Status Admit(std::int64_t token);

  // Remembers the claim when its token is greater than all that have been seen; 0 only asks.
  absl::StatusOr<FenceAnswer> Raise(const FenceClaim& claim);

  absl::Status Append(const provider::v1::LedgerRecord& record);

 private:
  class Lock;
  Ledger(std::string path, Mode mode) : path_(std::move(path)), mode_(mode) {}
  absl::Status Reopen();
  absl::Status TakeIn();
  absl::Status Compact();
  absl::Status Write(const provider::v1::LedgerRecord& record);
  absl::Status Note(const StandingFence& fence);
  void Remember(const provider::v1::LedgerRecord& record);

  const std::string path_;
  const Mode mode_;
  std::mutex mutex_;
  Descriptor file_;
  std::uint64_t read_to_ = 0;  // bytes of the file that are in `records_`
  StandingFence fence_;
  std::map<std::string, provider::v1::LedgerRecord> records_;
};

}  // namespace poolshift::sdk
