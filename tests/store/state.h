// A state directory of its own for each test of the store, and short names for what a run records.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "controller/store/store.h"
#include <sqlite3.h>

namespace poolshift {

inline const absl::Time kNow = absl::UnixEpoch() + absl::Hours(24 * 365 * 50);

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = testing::TempDir() + "/poolshift-store-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~StoreTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Store> Open() {
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(directory_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  std::string path() const { return directory_ + "/poolshift.db"; }

  // A store as that version wrote it, made by plain SQLite.
  void WriteVersion(int version) {
    std::ifstream file(std::string(POOLSHIFT_SOURCE_DIR) + "/tests/store/version_" +
                       std::to_string(version) + ".sql");
    std::stringstream sql;
    sql << file.rdbuf();
    Execute(sql.str());
    std::filesystem::permissions(path(), std::filesystem::perms(0600));
  }
  void Execute(const std::string& sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &connection), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(connection);
  }

  std::string directory_;
};

inline DriftSighting Ttl() {
  return {"ttl", "DnsRecordSet/a", "ttl", "cosmetic", "", "", "", true};
}

inline Lease Hold(Store& store, std::string_view organization) {
  absl::StatusOr<Lease> lease = store.AcquireLease(organization, ThisProcess("alice"), kNow);
  EXPECT_TRUE(lease.ok()) << lease.status();
  return lease.ok() ? *lease : Lease();
}

inline std::int64_t Begin(Store& store,
                          std::string_view organization,
                          const Lease& lease,
                          std::string_view single_use = "") {
  RunRecord run;
  run.plan_digest = "digest";
  run.plan_file = std::string("a\0b", 3);
  run.commit = "c0ffee";
  run.who = "alice";
  run.token = lease.token;
  run.override_reason = "fire";
  run.started = kNow;
  run.single_use = single_use;
  absl::StatusOr<std::int64_t> id = store.BeginRun(organization, run);
  EXPECT_TRUE(id.ok()) << id.status();
  return id.value_or(0);
}

inline absl::StatusOr<IntentRecord> Intend(Store& store,
                                           std::string_view organization,
                                           std::int64_t run,
                                           const Lease& lease,
                                           const std::string& key) {
  IntentRecord intent;
  intent.run = run;
  intent.proposed_key = key;
  intent.action = "a1";
  intent.token = lease.token;
  intent.at = kNow;
  return store.RecordIntent(organization, intent);
}

inline ResultRecord Done(std::int64_t run, std::int64_t seq) {
  return {run, seq, "done", "text", "r2", kNow};
}

}  // namespace poolshift
