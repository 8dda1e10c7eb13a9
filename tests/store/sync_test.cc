// What a record costs: one sync of the disk, no more, and no less.
#include <atomic>

#include "tests/store/state.h"
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::atomic<int> syncs{0};

}  // namespace

// In place of the C library's, for everything in this program: SQLite calls one of them.
extern "C" int fdatasync(int descriptor) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}
extern "C" int fsync(int descriptor) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

namespace poolshift {
namespace {

class SyncTest : public StoreTest {
 protected:
  template <typename Record>
  static int SyncsOf(const Record& record) {
    const int before = syncs;
    record();
    return syncs - before;
  }
};

TEST_F(SyncTest, EveryRecordIsSyncedOnce) {
  const auto store = Open();
  const Lease lease = Hold(*store, "contoso");
  const std::int64_t run = Begin(*store, "contoso", lease);
  for (int i = 1; i <= 300; ++i) {
    EXPECT_EQ(SyncsOf([&] {
                EXPECT_TRUE(Intend(*store, "contoso", run, lease, "k" + std::to_string(i)).ok());
              }),
              1)
        << "intent " << i;
    EXPECT_EQ(SyncsOf([&] { EXPECT_TRUE(store->RecordResult("contoso", Done(run, i)).ok()); }), 1)
        << "result " << i;
    EXPECT_EQ(SyncsOf([&] {
                EXPECT_TRUE(
                    store->RecordEvidence("contoso", {run, 0, "g", "done", "", "seen", kNow}).ok());
              }),
              1)
        << "evidence " << i;
  }
}

}  // namespace
}  // namespace poolshift
