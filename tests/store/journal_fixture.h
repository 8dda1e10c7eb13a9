// A journal with runs in it, and its check, for the tests of what can be done to it.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/store/state.h"

namespace poolshift {

class JournalTest : public StoreTest {
 protected:
  // Two runs of contoso, one of fabrikam; the second of contoso has not ended and has an intent in
  // doubt.
  void WriteRuns() {
    const auto store = Open();
    for (const char* organization : {"contoso", "fabrikam"}) {
      const Lease lease = Hold(*store, organization);
      const std::int64_t run = Begin(*store, organization, lease, "file1");
      ASSERT_TRUE(Intend(*store, organization, run, lease, "k1").ok());
      ASSERT_TRUE(
          store->RecordEvidence(organization, {run, 0, "g1", "done", "", "seen", kNow}).ok());
      ASSERT_TRUE(store->RecordResult(organization, Done(run, 1)).ok());
      ASSERT_TRUE(store->RecordEvent(organization, {"export", run, "", "folder", "", kNow}).ok());
      ASSERT_TRUE(store->EndRun(organization, run, kNow + absl::Seconds(5), "done", "why").ok());
      ASSERT_TRUE(store->ReleaseLease(organization, lease).ok());
    }
    const Lease lease = Hold(*store, "contoso");
    const std::int64_t run = Begin(*store, "contoso", lease);
    ASSERT_TRUE(Intend(*store, "contoso", run, lease, "k1").ok());
    ASSERT_TRUE(Intend(*store, "contoso", run, lease, "k2").ok());
    ASSERT_TRUE(store->RecordResult("contoso", Done(run, 1)).ok());
    ASSERT_TRUE(store->ReleaseLease("contoso", lease).ok());
  }

  ChainReport Verify(const std::string& organization = "contoso",
                     const std::vector<ChainHead>& heads = {}) {
    const auto store = Open();
    if (store == nullptr) return {};
    absl::StatusOr<ChainReport> report = store->VerifyJournal(organization, heads);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(ChainReport());
  }
};

}  // namespace poolshift
