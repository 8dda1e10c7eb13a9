// Records that others made, in a zone on a real name server: `adopt` marks them and changes
// nothing.
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/contoso.h"

namespace poolshift::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kGuard[] = "_poolshift.contoso.com";
constexpr char kServes[] = "    - {kinds: [DnsRecordSet], zones: [contoso.com]}\n";

std::string NotByTheWay(const std::string& manifest) {
  return With(manifest, "adopt: declared", "adopt: none");
}

// Other TTLs from now on: a plan that changes every declared record set.
void DeclareOtherTtls(const Contoso& contoso) {
  std::ifstream file(contoso.manifests() + "/contoso.yaml");
  std::stringstream text;
  text << file.rdbuf();
  contoso.folder().Write("contoso/contoso.yaml", With(text.str(), "ttl: 2", "ttl: 3"), 0644);
}

TEST(AdoptTest, MarksAreSetAndARecordIsOursFromThenOn) {
  Contoso contoso({.scenario = "nothing-to-do", .manifest = NotByTheWay});
  const Lines xmpp = contoso.Xmpp(), sip = contoso.Sip();
  DeclareOtherTtls(contoso);
  const Finished looked = contoso.Run({"adopt"});
  EXPECT_EQ(looked.status, 2) << looked.said();
  EXPECT_THAT(looked.out, HasSubstr("mark A xmpp.contoso.com as contoso's"));
  EXPECT_THAT(looked.out, HasSubstr("prereq yxrrset xmpp.contoso.com. A 203.0.113.11"));
  EXPECT_THAT(contoso.server().Short(kGuard, "TXT"), IsEmpty()) << "it only looked";
  EXPECT_THAT(contoso.Run({"apply", "--auto-approve"}).said(), HasSubstr("nobody's mark is on it"));

  const Finished marked = contoso.Run({"adopt", "--auto-approve"});
  EXPECT_EQ(marked.status, 0) << marked.said();
  EXPECT_THAT(marked.out, HasSubstr("No record set is left without a mark."));
  EXPECT_THAT(contoso.server().Short(kGuard, "TXT"), Not(IsEmpty()));
  EXPECT_EQ(contoso.Xmpp(), xmpp);
  EXPECT_EQ(contoso.Sip(), sip);
  EXPECT_EQ(contoso.Run({"adopt", "--auto-approve"}).status, 0) << "nothing is left to mark";

  const Finished changed = contoso.Run({"apply", "--auto-approve"});
  EXPECT_EQ(changed.status, 0) << "what is marked may change: " << changed.said();
}

// A move that cannot be adopted is no reason to leave the records to others.
TEST(AdoptTest, MarksAreSetWhileAPoolIsDead) {
  Contoso contoso({.scenario = "xmpp-failover", .manifest = NotByTheWay});
  EXPECT_THAT(contoso.Run({"apply", "--auto-approve"}).said(), HasSubstr("nobody's mark is on it"));
  const Finished marked = contoso.Run({"adopt", "--auto-approve"});
  EXPECT_EQ(marked.status, 12) << marked.said();
  EXPECT_THAT(marked.out, HasSubstr("not adopted"));
  EXPECT_THAT(marked.out, HasSubstr("No record set is left without a mark."));
  EXPECT_THAT(contoso.server().Short(kGuard, "TXT"), Not(IsEmpty()));
  const Finished moved = contoso.Run({"apply", "--auto-approve"});
  EXPECT_EQ(moved.status, 0) << moved.said();
}

TEST(AdoptTest, AtRestThePlanIsEmptyBeforeAndAfter) {
  Contoso contoso({.scenario = "nothing-to-do", .manifest = NotByTheWay});
  ASSERT_EQ(contoso.Run({"plan"}).status, 0);
  EXPECT_EQ(contoso.Run({"adopt", "--auto-approve"}).status, 0);
  EXPECT_EQ(contoso.Run({"plan"}).status, 0);
  EXPECT_EQ(contoso.Run({"drift"}).status, 0);
}

TEST(AdoptTest, MarkOfAnotherIsNamedAndNothingIsMarked) {
  Contoso contoso({.scenario = "nothing-to-do"});
  contoso.AddNeighbour("northwind", "nothing-to-do", true);
  ASSERT_EQ(contoso.Run({"adopt", "--auto-approve"}).status, 0);
  const Lines guard = contoso.server().Short(kGuard, "TXT");
  const Finished refused = contoso.Run({"adopt", "--auto-approve"}, "northwind");
  EXPECT_EQ(refused.status, 12) << refused.said();
  EXPECT_THAT(refused.out, HasSubstr("bears the mark of organisation `contoso`"));
  EXPECT_EQ(contoso.server().Short(kGuard, "TXT"), guard);
}

TEST(AdoptTest, WhereThereAreNoMarksItSaysSo) {
  const auto by_hand = [](const std::string& manifest) {
    return With(manifest, "  serves:\n" + std::string(kServes), "  serves: []\n") +
           "---\napiVersion: poolshift/v1\nkind: Provider\nmetadata: {name: hoster}\nspec:\n"
           "  type: manual\n  observeWith: zone\n  serves:\n" +
           kServes;
  };
  Contoso person({.scenario = "nothing-to-do", .manifest = by_hand});
  const Finished said = person.Run({"adopt", "--auto-approve"});
  EXPECT_EQ(said.status, 0) << said.said();
  EXPECT_THAT(said.out, HasSubstr("bears no mark, and none exist there: `hoster` is a person"));

  const auto unmarked = [](const std::string& manifest) {
    return With(manifest, "adopt: declared", "ownership: none");
  };
  Contoso zone({.scenario = "nothing-to-do", .manifest = unmarked});
  const Finished none = zone.Run({"adopt", "--auto-approve"});
  EXPECT_EQ(none.status, 0) << none.said();
  EXPECT_THAT(none.out, HasSubstr("`zone` keeps no marks in its zone"));
}

}  // namespace
}  // namespace poolshift::e2e
