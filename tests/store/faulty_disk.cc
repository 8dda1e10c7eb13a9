#include "tests/store/faulty_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

namespace poolshift {

// What SQLite holds of an open file; the real one's lies behind it.
struct FaultyDisk::File {
  sqlite3_file base;
  FaultyDisk* disk;
  std::string* path;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

struct FaultyDisk::Calls {
  static File& Ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static sqlite3_file* Real(sqlite3_file* file) { return Ours(file).real(); }
  static FaultyDisk& Disk(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    FaultyDisk& disk = Disk(vfs);
    if (disk.dark_) return SQLITE_IOERR;
    File* const ours = new (file) File{{nullptr}, &disk, nullptr};
    const int code = disk.real_->xOpen(disk.real_, name, ours->real(), flags, out);
    if (code != SQLITE_OK) return code;
    ours->path = new std::string(name == nullptr ? "" : name);
    ours->base.pMethods = &Methods();
    disk.Of(*ours->path);
    return code;
  }

  static int Delete(sqlite3_vfs* vfs, const char* name, int sync) {
    FaultyDisk& disk = Disk(vfs);
    if (disk.dark_) return SQLITE_IOERR_DELETE;
    disk.files_.erase(name);
    return disk.real_->xDelete(disk.real_, name, sync);
  }

  static int Close(sqlite3_file* file) {
    const int code = Real(file)->pMethods->xClose(Real(file));
    delete Ours(file).path;
    return code;
  }

  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    FaultyDisk& disk = *Ours(file).disk;
    if (disk.Strikes(/*write=*/true) || disk.dark_)
      return disk.fault_ == DiskFault::kFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    const std::string content(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    disk.Of(*Ours(file).path).pending.push_back({at, content, false});
    return Real(file)->pMethods->xWrite(Real(file), bytes, size, at);
  }

  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    FaultyDisk& disk = *Ours(file).disk;
    if (disk.Strikes(/*write=*/true) || disk.dark_) return SQLITE_IOERR_TRUNCATE;
    disk.Of(*Ours(file).path).pending.push_back({size, "", true});
    return Real(file)->pMethods->xTruncate(Real(file), size);
  }

  static int Sync(sqlite3_file* file, int) {
    FaultyDisk& disk = *Ours(file).disk;
    Content& content = disk.Of(*Ours(file).path);
    const bool strikes = disk.Strikes(/*write=*/false);
    if (disk.dark_) return SQLITE_IOERR_FSYNC;
    if (strikes && disk.fault_ == DiskFault::kSyncForgotten) return SQLITE_OK;
    for (const Change& change : content.pending)
      if (!strikes) FaultyDisk::Apply(change, content.durable);
    content.pending.clear();
    return strikes ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }

  static int Control(sqlite3_file* file, int operation, void* argument) {
    return Real(file)->pMethods->xFileControl(Real(file), operation, argument);
  }

  static const sqlite3_io_methods& Methods();
};

const sqlite3_io_methods& FaultyDisk::Calls::Methods() {
  static const sqlite3_io_methods kMethods = [] {
    sqlite3_io_methods own{};
    own.iVersion = 2;
    own.xClose = Close;
    own.xWrite = Write;
    own.xTruncate = Truncate;
    own.xSync = Sync;
    own.xFileControl = Control;
    own.xRead = [](sqlite3_file* file, void* bytes, int size, sqlite3_int64 at) {
      return Real(file)->pMethods->xRead(Real(file), bytes, size, at);
    };
    own.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
      return Real(file)->pMethods->xFileSize(Real(file), size);
    };
    own.xLock = [](sqlite3_file* file, int lock) {
      return Real(file)->pMethods->xLock(Real(file), lock);
    };
    own.xUnlock = [](sqlite3_file* file, int lock) {
      return Real(file)->pMethods->xUnlock(Real(file), lock);
    };
    own.xCheckReservedLock = [](sqlite3_file* file, int* held) {
      return Real(file)->pMethods->xCheckReservedLock(Real(file), held);
    };
    own.xSectorSize = [](sqlite3_file* file) {
      return Real(file)->pMethods->xSectorSize(Real(file));
    };
    own.xDeviceCharacteristics = [](sqlite3_file* file) {
      return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
    };
    own.xShmMap = [](sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
      return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, memory);
    };
    own.xShmLock = [](sqlite3_file* file, int at, int count, int flags) {
      return Real(file)->pMethods->xShmLock(Real(file), at, count, flags);
    };
    own.xShmBarrier = [](sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); };
    own.xShmUnmap = [](sqlite3_file* file, int deletes) {
      return Real(file)->pMethods->xShmUnmap(Real(file), deletes);
    };
    return own;
  }();
  return kMethods;
}

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)) {
  ours_ = *real_;
  ours_.zName = "faulty";
  ours_.pNext = nullptr;
  ours_.pAppData = this;
  ours_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  ours_.xOpen = Calls::Open;
  ours_.xDelete = Calls::Delete;
  sqlite3_vfs_register(&ours_, 1);
}

FaultyDisk::~FaultyDisk() { sqlite3_vfs_unregister(&ours_); }

void FaultyDisk::Plan(DiskFault fault, int number, bool lasts) {
  fault_ = fault;
  number_ = number;
  lasts_ = lasts;
  writes_ = syncs_ = 0;
  struck_ = false;
  files_.clear();
}

bool FaultyDisk::Strikes(bool write) {
  ++(write ? writes_ : syncs_);
  int count = 0;
  switch (fault_) {
    case DiskFault::kNone:
      return false;
    case DiskFault::kWriteFails:
    case DiskFault::kFull:
      if (write) count = writes_;
      break;
    case DiskFault::kSyncFails:
    case DiskFault::kSyncForgotten:
      if (!write) count = syncs_;
      break;
    case DiskFault::kPowerCut:
      count = operations();
      break;
  }
  const bool strikes = lasts_ ? count >= number_ : count == number_;
  struck_ = struck_ || strikes;
  if (strikes && fault_ == DiskFault::kPowerCut) dark_ = true;
  return strikes;
}

FaultyDisk::Content& FaultyDisk::Of(const std::string& path) {
  const auto [found, missing] = files_.try_emplace(path);
  if (missing) {  // what is there when it is opened first has been there for long
    std::ifstream file(path, std::ios::binary);
    found->second.durable = {std::istreambuf_iterator<char>(file), {}};
  }
  return found->second;
}

void FaultyDisk::Apply(const Change& change, std::string& content) {
  const auto at = static_cast<std::size_t>(change.at);
  if (change.truncates) return content.resize(std::min(content.size(), at));
  content.resize(std::max(content.size(), at + change.bytes.size()));
  content.replace(at, change.bytes.size(), change.bytes);
}

void FaultyDisk::Restore(std::uint64_t seed) {
  constexpr std::size_t kSector = 512;
  std::mt19937_64 random(seed);
  for (auto& [path, content] : files_) {
    for (const Change& change : content.pending) {
      if (seed == 0) break;
      if (change.truncates && random() % 2 == 0) Apply(change, content.durable);
      for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
        const auto place = change.at + static_cast<std::int64_t>(at);
        if (random() % 2 == 0)
          Apply({place, change.bytes.substr(at, kSector), false}, content.durable);
      }
    }
    content.pending.clear();
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content.durable;
    if (path.ends_with(".db")) std::filesystem::remove(path + "-shm");
  }
  files_.clear();
  dark_ = false;
}

}  // namespace poolshift
