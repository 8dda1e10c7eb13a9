// The chain over the journal: everything that can be done to the file behind its back is noticed.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "tests/store/journal_fixture.h"

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

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
  EXPECT_TRUE(absl::IsPermissionDenied(store->SeeDrift("contoso", {Ttl()}, kNow).status()));
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

}  // namespace
}  // namespace poolshift
