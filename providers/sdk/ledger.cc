#include "providers/sdk/ledger.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/world/files.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::sdk {
namespace {

using provider::v1::LedgerRecord;

// An entry: length of the content (4 bytes, little endian), the first 16 digits of its SHA-256, the
// content.
constexpr std::size_t kLengthSize = 4;
constexpr std::size_t kDigestSize = 16;
constexpr std::size_t kHeadSize = kLengthSize + kDigestSize;
constexpr std::size_t kLargestEntry = 4U << 20U;
constexpr std::uint64_t kCompactAbove = 8U << 20U;
constexpr std::size_t kKeptRecords = 5000;

std::string Entry(const LedgerRecord& record) {
  const std::string content = record.SerializeAsString();
  std::string entry;
  for (unsigned i = 0; i < kLengthSize; ++i) {
    entry += static_cast<char>((content.size() >> (8U * i)) & 0xFFU);
  }
  return entry + Digest(content).substr(0, kDigestSize) + content;
}

std::size_t LengthAt(std::string_view bytes) {
  std::size_t length = 0;
  for (unsigned i = 0; i < kLengthSize; ++i) {
    length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8U * i);
  }
  return length;
}

// The content of the entry at the start of `bytes`; nothing when it is cut short or damaged.
std::optional<std::string_view> ContentAt(std::string_view bytes) {
  if (bytes.size() < kHeadSize) return std::nullopt;
  const std::size_t length = LengthAt(bytes);
  if (length > kLargestEntry || bytes.size() < kHeadSize + length) return std::nullopt;
  const std::string_view content = bytes.substr(kHeadSize, length);
  if (Digest(content).substr(0, kDigestSize) != bytes.substr(kLengthSize, kDigestSize))
    return std::nullopt;
  return content;
}

// Whether what cannot be read is an entry whose writing was interrupted: nothing follows it.
bool IsTornTail(std::string_view bytes) {
  return bytes.size() < kHeadSize || bytes.size() <= kHeadSize + LengthAt(bytes);
}

absl::StatusOr<std::string> ReadFrom(int file, std::uint64_t offset, const std::string& path) {
  std::string bytes;
  std::string block(65536, '\0');
  for (;;) {
    const ssize_t got =
        ::pread(file, block.data(), block.size(), static_cast<off_t>(offset + bytes.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("cannot read " + path, errno);
    if (got == 0) return bytes;
    bytes.append(block, 0, static_cast<std::size_t>(got));
  }
}

LedgerRecord RecordOf(const StandingFence& fence) {
  LedgerRecord record;
  record.set_token(fence.token);
  record.set_lease(fence.lease);
  return record;
}

}  // namespace

// Holds the file lock for its life, on the file that the path names now: compaction replaces the
// file.
class Ledger::Lock {
 public:
  static absl::StatusOr<Lock> Take(Ledger& ledger) {
    for (;;) {
      if (!ledger.file_.is_open()) POOLSHIFT_TRY(ledger.Reopen());
      if (!ledger.file_.is_open()) return Lock(nullptr);  // reading mode, no file yet
      const int file = ledger.file_.number();
      if (::flock(file, ledger.mode_ == Mode::kWriting ? LOCK_EX : LOCK_SH) != 0) {
        if (errno == EINTR) continue;
        return SystemError("cannot lock " + ledger.path_, errno);
      }
      struct stat open_one {
      }, named{};
      if (::fstat(file, &open_one) == 0 && ::stat(ledger.path_.c_str(), &named) == 0 &&
          open_one.st_ino == named.st_ino) {
        return Lock(&ledger.file_);
      }
      ledger.file_.Close();  // replaced meanwhile
    }
  }
  Lock(Lock&& other) noexcept : file_(std::exchange(other.file_, nullptr)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock() {
    // A closed descriptor has given its lock up, and its number may be another's by now.
    if (file_ != nullptr && file_->is_open()) ::flock(file_->number(), LOCK_UN);
  }

 private:
  explicit Lock(const Descriptor* file) : file_(file) {}
  const Descriptor* file_;
};

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(const std::string& path, Mode mode) {
  std::unique_ptr<Ledger> ledger(new Ledger(path, mode));
  POOLSHIFT_ASSIGN(const Lock lock, Lock::Take(*ledger));
  POOLSHIFT_TRY(ledger->TakeIn());
  if (mode == Mode::kReading || ledger->read_to_ <= kCompactAbove) return ledger;
  POOLSHIFT_TRY(ledger->Compact());
  return ledger;
}

absl::Status Ledger::Reopen() {
  const int access = mode_ == Mode::kWriting ? O_RDWR | O_CREAT | O_APPEND : O_RDONLY;
  file_ = Descriptor(::open(path_.c_str(), access | O_CLOEXEC | O_NOFOLLOW, 0600));
  records_.clear();
  read_to_ = 0;
  fence_ = {};
  if (file_.is_open() || (mode_ == Mode::kReading && errno == ENOENT)) return absl::OkStatus();
  return SystemError("cannot open " + path_, errno);
}

absl::Status Ledger::TakeIn() {
  if (!file_.is_open()) return absl::OkStatus();
  POOLSHIFT_ASSIGN(const std::string bytes, ReadFrom(file_.number(), read_to_, path_));
  std::string_view rest = bytes;
  while (const auto content = ContentAt(rest)) {
    LedgerRecord record;
    if (!record.ParseFromArray(content->data(), static_cast<int>(content->size()))) break;
    Remember(record);
    rest.remove_prefix(kHeadSize + content->size());
    read_to_ += kHeadSize + content->size();
  }
  if (rest.empty()) return absl::OkStatus();
  if (!IsTornTail(rest)) {
    return absl::DataLossError(path_ + " is damaged at byte " + std::to_string(read_to_) +
                               "; restore it, or move it away once no action is in doubt");
  }
  if (mode_ == Mode::kReading) return absl::OkStatus();
  if (::ftruncate(file_.number(), static_cast<off_t>(read_to_)) != 0) {
    return SystemError("cannot cut " + path_, errno);
  }
  return absl::OkStatus();
}

void Ledger::Remember(const LedgerRecord& record) {
  if (record.token() > fence_.token) fence_ = {record.token(), record.lease()};
  if (!record.key().empty()) records_[record.key()] = record;
}

absl::Status Ledger::Compact() {
  std::vector<const LedgerRecord*> newest;
  for (const auto& [key, record] : records_)
    newest.push_back(&record);
  std::sort(newest.begin(), newest.end(), [](const LedgerRecord* a, const LedgerRecord* b) {
    return a->at_ms() != b->at_ms() ? a->at_ms() > b->at_ms() : a->key() < b->key();
  });
  std::string content = Entry(RecordOf(fence_));
  for (std::size_t i = 0; i < newest.size(); ++i) {
    // One whose end is not known is kept however old it is.
    if (i < kKeptRecords || !newest[i]->has_result()) content += Entry(*newest[i]);
  }
  POOLSHIFT_TRY(RealFiles().Replace(path_, content, 0600));
  file_.Close();  // the next call opens, locks and reads the one that replaced it
  return absl::OkStatus();
}

absl::Status Ledger::Write(const LedgerRecord& record) {
  const std::string entry = Entry(record);
  const ssize_t written = ::write(file_.number(), entry.data(), entry.size());
  if (written != static_cast<ssize_t>(entry.size())) {
    const int error = written < 0 ? errno : ENOSPC;
    if (::ftruncate(file_.number(), static_cast<off_t>(read_to_)) != 0) file_.Close();
    return SystemError("cannot write " + path_, error);
  }
  if (::fdatasync(file_.number()) != 0) return SystemError("cannot write " + path_, errno);
  read_to_ += entry.size();
  Remember(record);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LedgerRecord>> Ledger::Find(const std::string& key) {
  const std::lock_guard guard(mutex_);
  POOLSHIFT_ASSIGN(const Lock lock, Lock::Take(*this));
  POOLSHIFT_TRY(TakeIn());
  const auto found = records_.find(key);
  std::optional<LedgerRecord> record;
  if (found != records_.end()) record = found->second;
  return record;
}

absl::Status Ledger::Admit(std::int64_t token) {
  const std::lock_guard guard(mutex_);
  POOLSHIFT_ASSIGN(const Lock lock, Lock::Take(*this));
  POOLSHIFT_TRY(TakeIn());
  if (token < fence_.token) {
    return absl::AbortedError("fencing token " + std::to_string(token) + " is smaller than " +
                              std::to_string(fence_.token) +
                              ", which was seen already: another controller has taken over");
  }
  StandingFence passed = fence_;
  passed.Pass(token);
  return Note(passed);
}

absl::StatusOr<FenceAnswer> Ledger::Raise(const FenceClaim& claim) {
  const std::lock_guard guard(mutex_);
  POOLSHIFT_ASSIGN(const Lock lock, Lock::Take(*this));
  POOLSHIFT_TRY(TakeIn());
  StandingFence raised = fence_;
  const FenceAnswer answer = raised.Raise(claim);
  POOLSHIFT_TRY(Note(raised));
  return answer;
}

absl::Status Ledger::Note(const StandingFence& fence) {
  return fence == fence_ ? absl::OkStatus() : Write(RecordOf(fence));
}

absl::Status Ledger::Append(const LedgerRecord& record) {
  const std::lock_guard guard(mutex_);
  POOLSHIFT_ASSIGN(const Lock lock, Lock::Take(*this));
  POOLSHIFT_TRY(TakeIn());
  return Write(record);
}

}  // namespace poolshift::sdk
