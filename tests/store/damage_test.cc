// A store file, its log and its head that are cut, or in which bits have flipped.
#include <random>
#include <set>

#include <gmock/gmock.h>

#include "tests/store/journal_fixture.h"

namespace poolshift {
namespace {

using testing::HasSubstr;

// Everything that can be read of a store, or "" when it says that it is damaged.
std::string Content(const std::string& directory) {
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(directory);
  if (!store.ok()) return "";
  std::string content;
  for (const char* organization : {"contoso", "fabrikam"}) {
    // Who decides something by what is on record asks this first.
    if (!(*store)->CheckJournal(organization).ok()) return "";
    const auto runs = (*store)->Runs(organization, 100);
    if (!runs.ok()) return "";
    for (const RunRecord& run : *runs) {
      content += std::to_string(run.id) + run.plan_file + run.who + run.outcome + run.text +
                 run.single_use + absl::FormatTime(run.started) + absl::FormatTime(run.ended) +
                 '\n';
      const auto intents = (*store)->Intents(organization, run.id);
      const auto results = (*store)->Results(organization, run.id);
      const auto evidence = (*store)->Evidence(organization, run.id);
      const auto doubt = (*store)->InDoubt(organization, run.id);
      if (!intents.ok() || !results.ok() || !evidence.ok() || !doubt.ok()) return "";
      for (const IntentRecord& intent : *intents)
        content +=
            "intent " + intent.key + ' ' + intent.action + absl::FormatTime(intent.at) + '\n';
      for (const ResultRecord& result : *results)
        content += "result " + std::to_string(result.seq) + result.outcome + result.text + '\n';
      for (const EvidenceRecord& each : *evidence)
        content += "evidence " + each.action + each.outcome + each.seen + '\n';
      for (const IntentRecord& intent : *doubt)
        content += "in doubt " + intent.key + '\n';
    }
    const auto used = (*store)->ConsumedBy(organization, "file1");
    if (!used.ok()) return "";
    content += "used by " + std::to_string(*used) + '\n';
  }
  return content;
}

class DamageTest : public JournalTest {
 protected:
  DamageTest() { WriteRuns(); }

  static std::string ReadAll(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void WriteAll(const std::string& name, std::string_view bytes) {
    std::ofstream(name, std::ios::binary | std::ios::trunc) << bytes;
    std::filesystem::permissions(name, std::filesystem::perms(0600));
  }

  // What a store reads whose file is `bytes`.
  std::string ContentOf(std::string_view bytes) {
    const std::string folder = directory_ + "/damaged";
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms(0700));
    for (const char* part : {"-wal", "-shm"})
      std::filesystem::remove(folder + "/poolshift.db" + part);
    WriteAll(folder + "/poolshift.db", bytes);
    return Content(folder);
  }
};

TEST_F(DamageTest, CutAnywhereIsNeverAnotherRecord) {
  const std::string whole = ReadAll(path());
  const std::string content = ContentOf(whole);
  ASSERT_THAT(content, HasSubstr("in doubt"));
  // A file of one byte is an empty one to SQLite.
  for (std::size_t size = 2; size < whole.size(); size += 499) {
    const std::string seen = ContentOf(std::string_view(whole).substr(0, size));
    EXPECT_TRUE(seen.empty() || seen == content) << "cut to " << size << ":\n" << seen;
  }
}

TEST_F(DamageTest, AnEmptyStoreIsNotWhatTheHeadBesideItSays) {
  const std::string whole = ReadAll(path());
  for (const char* organization : {"contoso", "fabrikam"})
    ASSERT_TRUE(Open()->KeepHead(organization).ok());
  ASSERT_NE(ContentOf(whole), "");
  std::filesystem::copy(directory_ + "/poolshift.heads", directory_ + "/damaged");
  EXPECT_NE(ContentOf(whole), "");
  for (const std::size_t size : {0U, 1U})
    EXPECT_EQ(ContentOf(whole.substr(0, size)), "") << "cut to " << size;
}

TEST_F(DamageTest, FlippedBitsAreNeverAnotherRecord) {
  const std::string whole = ReadAll(path());
  const std::string content = ContentOf(whole);
  std::mt19937 random(20261121);
  int noticed = 0;
  constexpr int kFlips = 500;
  for (int i = 0; i < kFlips; ++i) {
    std::string bytes = whole;
    // The header, then anywhere but in empty space.
    auto at = static_cast<std::size_t>(i);
    if (i >= 100) at = random() % bytes.size();
    while (i >= 100 && bytes[at] == 0)
      at = random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    const std::string seen = ContentOf(bytes);
    EXPECT_TRUE(seen.empty() || seen == content) << "bit at " << at << ":\n" << seen;
    noticed += seen.empty() ? 1 : 0;
  }
  EXPECT_GT(noticed, 100);
}

// Every bit of what carries content: the rows of the tables, not the empty space between them.
TEST_F(DamageTest, FlippedBitsInRowsAreNoticed) {
  const std::string whole = ReadAll(path());
  const std::string content = ContentOf(whole);
  std::size_t tried = 0;
  for (const std::string text : {"alice", "file1", "k1", "done", "seen", "r2", "digest"}) {
    for (std::size_t at = whole.find(text); at != std::string::npos;
         at = whole.find(text, at + 1)) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << tried++ % 7));
      const std::string seen = ContentOf(bytes);
      EXPECT_TRUE(seen.empty() || seen == content) << text << " at " << at << ":\n" << seen;
    }
  }
  EXPECT_GT(tried, 30U);
}

// The write-ahead log of a run that is under way, as the disk holds it.
class LogDamageTest : public DamageTest {
 protected:
  LogDamageTest() {
    const std::string folder = MakeFolder("live");
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder);
    EXPECT_TRUE(store.ok());
    const Lease lease = Hold(**store, "contoso");
    const std::int64_t run = Begin(**store, "contoso", lease);
    states_.insert(Content(folder));
    for (int i = 1; i <= 4; ++i) {
      EXPECT_TRUE(Intend(**store, "contoso", run, lease, "k" + std::to_string(i)).ok());
      states_.insert(Content(folder));
      EXPECT_TRUE((*store)->RecordResult("contoso", Done(run, i)).ok());
      states_.insert(Content(folder));
    }
    database_ = ReadAll(folder + "/poolshift.db");
    log_ = ReadAll(folder + "/poolshift.db-wal");
    EXPECT_GT(log_.size(), 20000U);
    MakeFolder("torn");
  }

  // A beginning of what was recorded is left of it, or it says that it is damaged.
  std::string ExpectABeginning(std::string_view log, const std::string& what) {
    const std::string torn = directory_ + "/torn";
    std::filesystem::remove(torn + "/poolshift.db-shm");
    WriteAll(torn + "/poolshift.db", database_);
    WriteAll(torn + "/poolshift.db-wal", log);
    std::string content = Content(torn);
    EXPECT_TRUE(states_.contains(content)) << what << ":\n" << content;
    return content;
  }

  std::string database_, log_;

 private:
  std::string MakeFolder(const std::string& name) {
    const std::string folder = directory_ + '/' + name;
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms(0700));
    return folder;
  }

  std::set<std::string> states_ = {"", "used by 0\nused by 0\n"};  // before the run began
};

TEST_F(LogDamageTest, ATornLogIsABeginning) {
  std::set<std::string> seen;
  for (std::size_t size = 0; size < log_.size(); size += 1021)
    seen.insert(
        ExpectABeginning(std::string_view(log_).substr(0, size), "cut to " + std::to_string(size)));
  EXPECT_GT(seen.size(), 4U);
}

TEST_F(LogDamageTest, AFlippedBitEndsTheLog) {
  const std::string whole = ExpectABeginning(log_, "whole");
  std::mt19937 random(20261127);
  int shorter = 0;
  for (int i = 0; i < 150; ++i) {
    std::string bytes = log_;
    const std::size_t at = random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    shorter += ExpectABeginning(bytes, "bit at " + std::to_string(at)) != whole ? 1 : 0;
  }
  EXPECT_GT(shorter, 120);
}

TEST_F(DamageTest, AHeadThatIsDamagedIsNoticed) {
  ASSERT_TRUE(Open()->KeepHead("contoso").ok());
  const std::string whole = ReadAll(directory_ + "/poolshift.heads");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      WriteAll(directory_ + "/poolshift.heads", bytes);
      const bool another_organization = at > bytes.find(' ') && at + 1 < bytes.size();
      EXPECT_TRUE(another_organization || !Verify().faults.empty()) << at << ", bit " << bit;
    }
  }
}

}  // namespace
}  // namespace poolshift
