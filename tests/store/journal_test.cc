// The chain over the journal: everything that can be done to the file behind its back is noticed.
#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "tests/store/state.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

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

TEST_F(JournalTest, WholeRecordsVerify) {
  WriteRuns();
  const ChainReport contoso = Verify("contoso");
  EXPECT_THAT(contoso.faults, IsEmpty());
  EXPECT_EQ(contoso.first, 1);
  EXPECT_EQ(contoso.links, 11);  // segment, 6 of the first run, 4 of the second
  EXPECT_EQ(contoso.head.seq, 11);
  EXPECT_THAT(contoso.head.hash, SizeIs(64));
  EXPECT_THAT(Verify("fabrikam").faults, IsEmpty());
  EXPECT_EQ(Verify("nobody").head.seq, 0);
  EXPECT_NE(Verify("fabrikam").head.hash, contoso.head.hash);
}

struct Tampering {
  const char* name;
  const char* sql;
  const char* fault;
  const char* untouched = "fabrikam";  // whose record stays whole
};

class TamperingTest : public JournalTest, public testing::WithParamInterface<Tampering> {};

TEST_P(TamperingTest, IsFoundAndNothingIsWritten) {
  WriteRuns();
  Execute(GetParam().sql);
  EXPECT_THAT(Verify().faults, testing::Contains(HasSubstr(GetParam().fault)));
  EXPECT_THAT(Verify(GetParam().untouched).faults, IsEmpty());
  const auto store = Open();
  const absl::Status lease = store->AcquireLease("contoso", ThisProcess("alice"), kNow).status();
  EXPECT_TRUE(absl::IsPermissionDenied(lease)) << lease;
  EXPECT_THAT(std::string(lease.message()), HasSubstr("history acknowledge --reason"));
  EXPECT_TRUE(absl::IsPermissionDenied(store->SeeDrift("contoso", {"ttl"}, kNow).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(store->EndRun("contoso", 3, kNow, "done")));
  EXPECT_TRUE(absl::IsPermissionDenied(store->RecordResult("contoso", Done(3, 2))));
  EXPECT_TRUE(store->AcquireLease(GetParam().untouched, ThisProcess("alice"), kNow).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    TamperingTest,
    testing::Values(
        Tampering{"ResultEdited",
                  "UPDATE results SET outcome = 'failed' WHERE run = 1",
                  "(result 1 of run 1) was changed"},
        Tampering{"IntentEdited",
                  "UPDATE intents SET key = 'other' WHERE run = 1",
                  "(intent 1 of run 1) was changed"},
        Tampering{"IntentsTime",
                  "UPDATE intents SET at_ns = at_ns + 1 WHERE run = 1",
                  "(intent 1 of run 1) was changed"},
        Tampering{"EvidenceEdited",
                  "UPDATE evidence SET seen = x'00' WHERE run = 1",
                  "(evidence 1 of run 1) was changed"},
        Tampering{"WhoEdited",
                  "UPDATE runs SET who = 'mallory' WHERE id = 1",
                  "(begin of run 1) was changed"},
        Tampering{"EndEdited",
                  "UPDATE runs SET outcome = 'failed' WHERE id = 1",
                  "(end of run 1) was changed"},
        Tampering{"EndRemoved",
                  "UPDATE runs SET ended_ns = NULL WHERE id = 1",
                  "(end of run 1) was removed"},
        Tampering{
            "EndAdded", "UPDATE runs SET ended_ns = 1 WHERE id = 3", "the end of a run was added"},
        Tampering{"EventEdited",
                  "UPDATE events SET text = 'elsewhere' WHERE kind = 'export' AND organization = "
                  "'contoso'",
                  "(export of run 1) was changed"},
        Tampering{"ResultRemoved",
                  "DELETE FROM results WHERE run = 1",
                  "(result 1 of run 1) was removed"},
        Tampering{"ResultAdded",
                  "INSERT INTO results VALUES ('contoso', 3, 2, 'done', '', '', 1)",
                  "a result was added"},
        Tampering{"RunAdded",
                  "INSERT INTO runs (organization, plan_digest, manifest_commit, who, token, "
                  "started_ns) VALUES ('contoso', '', '', '', 1, 1)",
                  "a run was added"},
        Tampering{"UsedPlanForgotten",
                  "DELETE FROM consumed WHERE run = 1",
                  "(begin of run 1) was changed"},
        Tampering{"UsedPlanInvented",
                  "INSERT INTO consumed VALUES ('contoso', 'file9', 99, 1)",
                  "used plans"},
        Tampering{"KeyInvented", "INSERT INTO used_keys VALUES ('contoso', 'k9', 1)", "used keys"},
        Tampering{"PlanEdited",
                  "UPDATE texts SET content = x'00'",
                  "a text of run 1 (plan) was changed",
                  "nobody"},
        Tampering{"PlanRemoved",
                  "PRAGMA foreign_keys=OFF; DELETE FROM texts",
                  "a text of run 1 (plan) was removed",
                  "nobody"},
        Tampering{"PlanExchanged",
                  "PRAGMA foreign_keys=OFF; UPDATE attachments SET digest = 'd' WHERE run = 1",
                  "(begin of run 1) was changed"},
        Tampering{"LinkRemoved",
                  "DELETE FROM chain WHERE organization = 'contoso' AND seq = 4",
                  "record 4 is missing"},
        Tampering{"LinksRemoved",
                  "DELETE FROM chain WHERE organization = 'contoso' AND seq IN (4, 5)",
                  "records 4 to 5 are missing"},
        Tampering{"BeginCutOff",
                  "DELETE FROM chain WHERE organization = 'contoso' AND seq < 4",
                  "the records before 4 are missing"},
        Tampering{
            "ChainRemoved", "DELETE FROM chain WHERE organization = 'contoso'", "a run was added"},
        Tampering{"LinksExchanged",
                  "UPDATE chain SET seq = 99 WHERE organization = 'contoso' AND seq = 3; UPDATE "
                  "chain SET seq = 3 WHERE organization = 'contoso' AND seq = 4; UPDATE chain SET "
                  "seq = 4 WHERE seq = 99",
                  "does not follow from the record before it"},
        Tampering{"LinkEdited",
                  "UPDATE chain SET digest = 'd' WHERE organization = 'contoso' AND seq = 4",
                  "record 4"},
        Tampering{"HashEdited",
                  "UPDATE chain SET hash = 'h' WHERE organization = 'contoso' AND seq = 4",
                  "record 5 (result 1 of run 1) does not follow"},
        Tampering{"RowsOfTwoRunsExchanged",
                  "UPDATE intents SET proposed_key = 'x' WHERE run = 1; UPDATE intents SET "
                  "proposed_key = 'k1', key = 'k1' WHERE run = 3 AND seq = 1",
                  "was changed"},
        Tampering{"MovedToAnotherOrganisation",
                  "UPDATE results SET organization = 'nobody' WHERE run = 1",
                  "(result 1 of run 1) was removed",
                  "fabrikam"}),
    [](const auto& row) { return row.param.name; });

TEST_F(JournalTest, IsWholeAlsoWhileAnotherWrites) {
  auto writing = Open();
  const Lease lease = Hold(*writing, "contoso");
  const std::int64_t run = Begin(*writing, "contoso", lease);
  std::atomic<bool> written = false;
  std::thread writer([&] {
    for (int i = 0; i < 40; ++i) {
      EXPECT_TRUE(writing->RecordEvent("contoso", {"export", run, "", "folder", "", kNow}).ok());
      EXPECT_TRUE(writing->KeepHead("contoso").ok());
    }
    written = true;
  });
  auto reading = Open();
  int looks = 0;
  for (; !written || looks == 0; ++looks) {
    const auto report = reading->VerifyJournal("contoso", {});
    EXPECT_TRUE(report.ok()) << report.status();
    if (!report.ok() || !report->faults.empty()) {
      ADD_FAILURE() << "look " << looks << ": " << (report.ok() ? report->faults[0] : "");
      break;
    }
  }
  writer.join();
}

TEST_F(JournalTest, AHeadKeptElsewhereFindsTheCut) {
  WriteRuns();
  const ChainHead head = Verify().head;
  const ChainHead only_hash{0, head.hash};
  EXPECT_THAT(Verify("contoso", {head, only_hash}).faults, IsEmpty());
  // The last records, rows and links: without a head the rest is whole.
  Execute(
      "DELETE FROM chain WHERE organization = 'contoso' AND seq > 9; DELETE FROM results WHERE run "
      "= "
      "3; DELETE FROM intents WHERE run = 3 AND seq = 2");
  EXPECT_THAT(Verify().faults, IsEmpty());
  EXPECT_THAT(Verify("contoso", {head}).faults,
              ElementsAre(HasSubstr("the record ends at 9, before 11: its end was removed")));
  EXPECT_THAT(Verify("contoso", {only_hash}).faults,
              ElementsAre(HasSubstr("no record has that hash")));
  EXPECT_THAT(Verify("contoso", {{9, head.hash}}).faults,
              ElementsAre(HasSubstr("record 9 is another one")));
}

TEST_F(JournalTest, AnOlderCopyIsNoticed) {
  WriteRuns();
  std::filesystem::copy_file(path(), directory_ + "/copy");
  {
    const auto store = Open();
    ASSERT_TRUE(store->EndRun("contoso", 3, kNow, "cut off").ok());
    ASSERT_TRUE(store->KeepHead("contoso").ok());
  }
  EXPECT_THAT(Verify().faults, IsEmpty());
  std::filesystem::rename(directory_ + "/copy", path());
  std::filesystem::remove(path() + "-wal");
  std::filesystem::remove(path() + "-shm");
  EXPECT_THAT(Verify().faults, ElementsAre(HasSubstr("an older copy was put in its place")));
  EXPECT_TRUE(absl::IsPermissionDenied(Open()->CheckJournal("contoso")));
  EXPECT_TRUE(Open()->CheckJournal("fabrikam").ok());
}

TEST_F(JournalTest, AStoreThatIsGoneIsNoticed) {
  WriteRuns();
  ASSERT_TRUE(Open()->KeepHead("contoso").ok());
  for (const char* part : {"", "-wal", "-shm"})
    std::filesystem::remove(path() + part);
  EXPECT_TRUE(absl::IsPermissionDenied(Open()->CheckJournal("contoso")));
  ASSERT_TRUE(Open()->Acknowledge("contoso", "alice", "the disk was exchanged", kNow).ok());
  EXPECT_TRUE(Open()->CheckJournal("contoso").ok());
  EXPECT_EQ(Verify().head.seq, 12);  // numbers go on
}

TEST_F(JournalTest, ADamagedHeadIsNoHead) {
  WriteRuns();
  ASSERT_TRUE(Open()->KeepHead("contoso").ok());
  for (const char* text : {"57:short contoso\n", "contoso\n", "x", "7:"}) {
    std::ofstream(directory_ + "/poolshift.heads") << text;
    EXPECT_THAT(Verify().faults, ElementsAre(HasSubstr("poolshift.heads is damaged"))) << text;
  }
}

TEST_F(JournalTest, APersonBeginsANewRecord) {
  WriteRuns();
  EXPECT_TRUE(absl::IsFailedPrecondition(Open()->Acknowledge("contoso", "alice", "why", kNow)));
  Execute("UPDATE results SET outcome = 'failed' WHERE run = 1; UPDATE texts SET content = x'00'");
  const ChainHead broken = Verify().head;
  {
    const auto store = Open();
    ASSERT_FALSE(store->CheckJournal("contoso").ok());
    ASSERT_TRUE(store->Acknowledge("contoso", "alice", "a hand edit after the outage", kNow).ok());
    EXPECT_TRUE(store->CheckJournal("contoso").ok());  // at once
  }
  const ChainReport report = Verify();
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.first, broken.seq + 1);
  ASSERT_THAT(report.breaks, SizeIs(1));
  EXPECT_EQ(report.breaks[0].who, "alice");
  EXPECT_EQ(report.breaks[0].text, "a hand edit after the outage");
  EXPECT_EQ(DataLine(report.breaks[0].data, "former"), ToString(broken));
  EXPECT_THAT(DataLine(report.breaks[0].data, "fault"), HasSubstr("result 1 of run 1"));
  // The new record covers what is there now, and goes on.
  Execute("UPDATE results SET outcome = 'done' WHERE run = 1");
  EXPECT_THAT(Verify().faults, Not(IsEmpty()));
  Execute("UPDATE results SET outcome = 'failed' WHERE run = 1");
  const auto store = Open();
  const Lease lease = Hold(*store, "contoso");
  Begin(*store, "contoso", lease);
  EXPECT_THAT(Verify().faults, IsEmpty());
  EXPECT_THAT(Verify("contoso", {broken}).faults, IsEmpty());  // it is in the former record
}

TEST_F(JournalTest, MigrationCoversWhatWasThere) {
  WriteVersion(2);
  EXPECT_THAT(Verify("contoso").faults, IsEmpty());
  EXPECT_EQ(Verify("contoso").links, 5);  // segment, begin, intent, result, end
  EXPECT_EQ(Verify("fabrikam").links, 3);
  EXPECT_EQ(Open()->Run("contoso", 1)->plan_file, std::string("\0\xff", 2));
  EXPECT_EQ(Open()->Run("contoso", 1)->override_reason, "fire");
  Execute("UPDATE results SET outcome = 'failed'");
  EXPECT_THAT(Verify("contoso").faults, Not(IsEmpty()));
}

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
