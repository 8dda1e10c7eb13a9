// Ownership in real zones: what is not ours is not touched, unless the configuration adopts it.
#include "gmock/gmock.h"

#include "tests/dns/live_zone.h"

namespace poolshift::dns::testing {
namespace {

using sdk::Outcome;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LiveOwnership : public LiveZone {};
INSTANTIATE_TEST_SUITE_P(Products,
                         LiveOwnership,
                         ::testing::Values(Product::kBind, Product::kKnot),
                         ProductName);

TEST_P(LiveOwnership, ForeignRecordIsNotTouched) {
  Serve({"xmpp A 203.0.113.11"});
  const Action move = Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Set({"203.0.113.21"}));
  const sdk::Result result = Apply(*Service(), move);
  EXPECT_EQ(result.outcome, Outcome::kPermission);
  EXPECT_THAT(result.message, HasSubstr("adopt: declared"));
  EXPECT_EQ(
      Apply(*Service(), Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Value())).outcome,
      Outcome::kPermission);
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.11"));
  EXPECT_THAT(Marks(), IsEmpty());

  // Another name on the list does not help; this one does.
  const Value::List other{"edge.contoso.test"}, named{"XMPP.contoso.test."};
  EXPECT_EQ(Apply(*Service({.adjust = WithZoneMember("adopt", other)}), move).outcome,
            Outcome::kPermission);
  EXPECT_EQ(Apply(*Service({.adjust = WithZoneMember("adopt", named)}), move).outcome,
            Outcome::kDone);
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.21"));
  EXPECT_EQ(Look(*Service(), "xmpp.contoso.test/A").properties.StringOr("owner", ""), "contoso");
}

TEST_P(LiveOwnership, DeclaredRecordsAreAdopted) {
  Serve({"xmpp A 203.0.113.11",
         "_xmpp-server._tcp SRV 10 0 5269 Xmpp.Contoso.test.",
         "text TXT \"in\" \"two parts\""});
  const auto service = Service({.adjust = WithZoneMember("adopt", "declared")});
  EXPECT_EQ(
      Apply(*service, Change("xmpp.contoso.test/A", Set({"203.0.113.99"}), Set({"203.0.113.21"})))
          .outcome,
      Outcome::kConflict);
  EXPECT_EQ(
      Apply(*service, Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Set({"203.0.113.21"})))
          .outcome,
      Outcome::kDone);
  // However others wrote it, it compares equal.
  sdk::Result result = Apply(*service,
                             Change("_xmpp-server._tcp.contoso.test/SRV",
                                    Set({"10 0 5269 xmpp.contoso.test"}),
                                    Set({"10 0 5269 xmpp2.contoso.test"})));
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  result = Apply(*service, Change("text.contoso.test/TXT", Set({"intwo parts"}), Set({"one"})));
  EXPECT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_THAT(server_->Short("text.contoso.test", "TXT"), ElementsAre("\"one\""));
}

TEST_P(LiveOwnership, OrganisationsKeepApart) {
  Serve();
  const auto ours = Service();
  const auto theirs =
      Service({.organization = "fabrikam", .adjust = WithZoneMember("adopt", "declared")});
  ASSERT_EQ(Apply(*ours, Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"})), 9).outcome,
            Outcome::kDone);
  const sdk::Result result = Apply(
      *theirs, Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Set({"203.0.113.66"})), 10);
  EXPECT_EQ(result.outcome, Outcome::kPermission);
  EXPECT_THAT(result.message, HasSubstr("organisation `contoso`"));
  // Their smaller token is not measured by our fence.
  EXPECT_EQ(
      Apply(*theirs, Change("edge.contoso.test/A", Value(), Set({"203.0.113.66"})), 3).outcome,
      Outcome::kDone);
  EXPECT_THAT(Marks(), Contains("\"poolshift1\" \"fence\" \"fabrikam\" \"3\""));
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.11"));
}

TEST_P(LiveOwnership, UnfencedModeLeavesNoMark) {
  Serve({"xmpp A 203.0.113.11"});
  const auto service = Service({.adjust = WithZoneMember("ownership", "none")});
  EXPECT_FALSE(service->Describe().fenced);
  EXPECT_THAT(service->Describe().remarks, ElementsAre(HasSubstr("contoso.test is unfenced")));
  EXPECT_EQ(
      Apply(*service, Change("xmpp.contoso.test/A", Set({"203.0.113.99"}), Set({"203.0.113.21"})))
          .outcome,
      Outcome::kConflict);
  EXPECT_EQ(
      Apply(*service, Change("xmpp.contoso.test/A", Set({"203.0.113.11"}), Set({"203.0.113.21"})))
          .outcome,
      Outcome::kDone);
  EXPECT_THAT(Marks(), IsEmpty());
  EXPECT_EQ(Look(*service, "xmpp.contoso.test/A").properties.StringOr("owner", "?"), "?")
      << "no marks are kept, so there is no such property";
}

Action TakeOver(const std::string& set, Value holds, const std::string& owner = "contoso") {
  Value before = holds;
  Value after = std::move(holds);
  before.Set("owner", "");
  after.Set("owner", owner);
  return Change(set, std::move(before), std::move(after));
}

// Whoever is told to take a record set over needs no leave of the configuration, and changes
// nothing but the mark.
TEST_P(LiveOwnership, TakingOverSetsTheMarkAlone) {
  Serve({"xmpp A 203.0.113.11", "_xmpp-server._tcp SRV 10 0 5269 Xmpp.Contoso.test."});
  const auto service = Service();
  const Action mark = TakeOver("xmpp.contoso.test/A", Set({"203.0.113.11"}));
  const sdk::Result result = Apply(*service, mark, 7);
  ASSERT_EQ(result.outcome, Outcome::kDone) << result.message;
  EXPECT_EQ(result.observation.properties.StringOr("owner", ""), "contoso");
  EXPECT_THAT(Marks(), Contains("\"poolshift1\" \"fence\" \"contoso\" \"7\""));
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), ElementsAre("203.0.113.11"));
  const std::vector<std::string> marks = Marks();
  EXPECT_EQ(Apply(*service, mark, 7).outcome, Outcome::kDone) << "as often as it is asked for";
  EXPECT_EQ(Marks(), marks);

  // Letters that others wrote stay as they are (Knot keeps lower case from the start).
  const std::vector<std::string> letters = server_->Short("_xmpp-server._tcp.contoso.test", "SRV");
  ASSERT_EQ(
      Apply(*service,
            TakeOver("_xmpp-server._tcp.contoso.test/SRV", Set({"10 0 5269 xmpp.contoso.test"})),
            8)
          .outcome,
      Outcome::kDone);
  EXPECT_EQ(server_->Short("_xmpp-server._tcp.contoso.test", "SRV"), letters);
}

TEST_P(LiveOwnership, TakingOverIsRefused) {
  Serve({"xmpp A 203.0.113.11", "edge A 203.0.113.31"});
  const Action mark = TakeOver("xmpp.contoso.test/A", Set({"203.0.113.11"}));
  const auto ours = Service();
  const auto theirs = Service({.organization = "fabrikam"});
  EXPECT_EQ(Apply(*ours, TakeOver("xmpp.contoso.test/A", Set({"203.0.113.99"}))).outcome,
            Outcome::kConflict)
      << "the records moved";
  EXPECT_EQ(Apply(*ours, TakeOver("none.contoso.test/A", Set({"203.0.113.11"}))).outcome,
            Outcome::kConflict)
      << "there is none";
  const sdk::Result unmarked =
      Apply(*Service({.adjust = WithZoneMember("ownership", "none")}), mark);
  EXPECT_EQ(unmarked.outcome, Outcome::kUnsupported);
  EXPECT_THAT(unmarked.message, HasSubstr("no marks are kept"));
  EXPECT_NE(Apply(*theirs, mark).outcome, Outcome::kDone) << "marks are set for oneself";
  EXPECT_THAT(Marks(), IsEmpty());

  ASSERT_EQ(Apply(*ours, mark, 9).outcome, Outcome::kDone);
  const sdk::Result foreign =
      Apply(*theirs, TakeOver("xmpp.contoso.test/A", Set({"203.0.113.11"}), "fabrikam"), 20);
  EXPECT_EQ(foreign.outcome, Outcome::kPermission);
  EXPECT_THAT(foreign.message, HasSubstr("organisation `contoso`"));
  EXPECT_EQ(Apply(*ours, TakeOver("edge.contoso.test/A", Set({"203.0.113.31"})), 8).outcome,
            Outcome::kFenced);
}

TEST_P(LiveOwnership, StringsOfOthersBesideMarksStay) {
  Serve({"_poolshift TXT \"a note of somebody\""});
  const auto service = Service();
  ASSERT_EQ(Apply(*service, Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"}))).outcome,
            Outcome::kDone);
  EXPECT_THAT(Marks(), Contains("\"a note of somebody\""));
}

TEST_P(LiveOwnership, DamagedMarksStopEveryWrite) {
  Serve({"_poolshift TXT \"poolshift1\" \"fence\" \"contoso\" \"many\""});
  const sdk::Result result =
      Apply(*Service(), Change("xmpp.contoso.test/A", Value(), Set({"203.0.113.11"})));
  EXPECT_EQ(result.outcome, Outcome::kFailed);
  EXPECT_THAT(result.message, HasSubstr("repair it by hand"));
  EXPECT_THAT(server_->Short("xmpp.contoso.test", "A"), IsEmpty());
}

}  // namespace
}  // namespace poolshift::dns::testing
