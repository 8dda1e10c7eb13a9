// The ledger: what is in it stays in it, whatever happens to the program.
#include "providers/sdk/ledger.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/kit/scratch.h"

namespace poolshift::sdk {
namespace {

using provider::v1::LedgerRecord;
using testing::HasSubstr;

class LedgerTest : public testing::Test {
 protected:
  std::unique_ptr<Ledger> Open(Ledger::Mode mode = Ledger::Mode::kWriting) {
    auto ledger = Ledger::Open(scratch_.Path("ledger"), mode);
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }
  static LedgerRecord Record(const std::string& key,
                             std::int64_t token,
                             const std::string& message = "") {
    LedgerRecord record;
    record.set_key(key);
    record.set_token(token);
    if (!message.empty()) record.mutable_result()->set_message(message);
    return record;
  }
  static std::string MessageOf(Ledger& ledger, const std::string& key) {
    const auto found = ledger.Find(key);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() && found->has_value() ? (*found)->result().message() : "(none)";
  }
  conformance::Scratch scratch_;
};

TEST_F(LedgerTest, KeepsNewestRecordOfAKey) {
  ASSERT_TRUE(Open()->Append(Record("k", 1)).ok());
  ASSERT_TRUE(Open()->Append(Record("k", 1, "done")).ok());
  EXPECT_EQ(MessageOf(*Open(), "k"), "done");
  EXPECT_EQ(MessageOf(*Open(), "other"), "(none)");
}

TEST_F(LedgerTest, SmallerTokenIsRefusedAfterRestart) {
  ASSERT_TRUE(Open()->Admit(7).ok());
  const absl::Status status = Open()->Admit(6);
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("token 6 is smaller than 7"));
  EXPECT_TRUE(Open()->Admit(7).ok());
  EXPECT_TRUE(Open()->Admit(8).ok());
}

TEST_F(LedgerTest, ATokenIsItsThatRaisedTheFenceToIt) {
  struct Row {
    FenceClaim claim;
    FenceAnswer answer;
  };
  for (const Row& row : {Row{{7, "a1"}, {7, false}},
                         Row{{7, "a1"}, {7, false}},
                         Row{{7, "b2"}, {7, true}},
                         Row{{7, ""}, {7, true}},
                         Row{{6, "b2"}, {7, false}},
                         Row{{8, ""}, {8, false}},
                         Row{{8, ""}, {8, true}}})
    EXPECT_EQ(*Open()->Raise(row.claim), row.answer) << row.claim.token << row.claim.lease;
  EXPECT_EQ(*Open(Ledger::Mode::kReading)->Raise({}), (FenceAnswer{8, false}));
  ASSERT_TRUE(Open()->Raise({9, "a1"}).ok());
  ASSERT_TRUE(Open()->Admit(9).ok());
  EXPECT_FALSE(Open()->Raise({9, "a1"})->stood) << "its own changes passed";
  ASSERT_TRUE(Open()->Admit(10).ok());
  EXPECT_TRUE(Open()->Raise({10, "a1"})->stood) << "a change of nobody known did";
}

TEST_F(LedgerTest, TwoProcessesSeeEachOther) {
  const auto one = Open(), two = Open(), reader = Open(Ledger::Mode::kReading);
  ASSERT_TRUE(one->Admit(3).ok());
  EXPECT_TRUE(absl::IsAborted(two->Admit(2)));
  ASSERT_TRUE(two->Append(Record("k", 3, "by two")).ok());
  EXPECT_EQ(MessageOf(*one, "k"), "by two");
  EXPECT_EQ(MessageOf(*reader, "k"), "by two");
}

TEST_F(LedgerTest, ReaderMakesNoFile) {
  const auto reader = Open(Ledger::Mode::kReading);
  EXPECT_EQ(MessageOf(*reader, "k"), "(none)");
  EXPECT_FALSE(std::filesystem::exists(scratch_.Path("ledger")));
  ASSERT_TRUE(Open()->Append(Record("k", 1, "later")).ok());
  EXPECT_EQ(MessageOf(*reader, "k"), "later") << "made since";
}

// A crash may leave any part of the last entry.
TEST_F(LedgerTest, TornTailIsCutOff) {
  ASSERT_TRUE(Open()->Append(Record("first", 1, "kept")).ok());
  const std::string whole = scratch_.Read("ledger");
  ASSERT_TRUE(Open()->Append(Record("second", 2, "torn")).ok());
  const std::string both = scratch_.Read("ledger");
  for (std::size_t size = whole.size(); size < both.size(); ++size) {
    scratch_.Write("ledger", both.substr(0, size));
    const auto ledger = Open();
    ASSERT_NE(ledger, nullptr) << size;
    EXPECT_EQ(MessageOf(*ledger, "first"), "kept") << size;
    EXPECT_EQ(MessageOf(*ledger, "second"), "(none)") << size;
    ASSERT_TRUE(ledger->Append(Record("third", 3, "after")).ok());
    EXPECT_EQ(MessageOf(*Open(), "third"), "after") << size;
  }
}

TEST_F(LedgerTest, DamageInTheMiddleIsAnError) {
  ASSERT_TRUE(Open()->Append(Record("first", 1, "one")).ok());
  const std::size_t middle = scratch_.Read("ledger").size() - 1;
  ASSERT_TRUE(Open()->Append(Record("second", 2, "two")).ok());
  std::string bytes = scratch_.Read("ledger");
  bytes[middle] = static_cast<char>(bytes[middle] ^ 1);
  scratch_.Write("ledger", bytes);
  const auto ledger = Ledger::Open(scratch_.Path("ledger"), Ledger::Mode::kWriting);
  EXPECT_TRUE(absl::IsDataLoss(ledger.status())) << ledger.status();
  EXPECT_THAT(std::string(ledger.status().message()), HasSubstr("damaged at byte 0"));
  EXPECT_EQ(scratch_.Read("ledger"), bytes) << "nothing is thrown away";
}

TEST_F(LedgerTest, CompactionKeepsNewestAndToken) {
  const auto other = Open();
  {
    const auto ledger = Open();
    ASSERT_TRUE(ledger->Admit(41).ok());
    ASSERT_TRUE(ledger->Append(Record("begun", 41)).ok());
    for (int i = 0; i < 9; ++i) {
      ASSERT_TRUE(
          ledger->Append(Record("k", 41, std::string(1U << 20U, static_cast<char>('a' + i)))).ok());
    }
  }
  const auto size_before = std::filesystem::file_size(scratch_.Path("ledger"));
  const auto compacted = Open();
  EXPECT_LT(std::filesystem::file_size(scratch_.Path("ledger")), size_before / 4);
  EXPECT_EQ(MessageOf(*compacted, "k").substr(0, 1), "i");
  EXPECT_TRUE(compacted->Find("begun")->has_value());
  EXPECT_TRUE(absl::IsAborted(compacted->Admit(40)));
  // One that was open all the while writes to the file that is there now.
  ASSERT_TRUE(other->Append(Record("late", 41, "seen")).ok());
  EXPECT_EQ(MessageOf(*compacted, "late"), "seen");
}

}  // namespace
}  // namespace poolshift::sdk
