// `poolshift adopt`: somebody has moved XMPP by hand; the lines that it prints make the plan empty.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/cli/home.h"

namespace poolshift {
namespace {

using AdoptTest = HomeTest;
using ::testing::HasSubstr;

void Replace(const std::filesystem::path& file, const std::string& from, const std::string& to) {
  std::string text = ReadText(file);
  ASSERT_THAT(text, HasSubstr(from));
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  WriteText(file, text);
}

TEST_F(AdoptTest, MoveByHandIsAdoptedAndThePlanIsEmpty) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  Replace(home_ / "contoso" / "organization.yaml", "xmpp: edgepool1}", "xmpp: edgepool2}");
  Replace(home_ / "contoso" / "domains.yaml", "ttl: 5m", "ttl: 1s");
  Replace(home_ / "contoso" / "world.sim", "ttl: 300", "ttl: 1");
  ASSERT_EQ(Run({"apply", "--auto-approve", "contoso"}).status, 0);
  // To whoever declares the former host, this was a move by hand.
  Replace(home_ / "contoso" / "organization.yaml", "xmpp: edgepool2}", "xmpp: edgepool1}");
  const ProgramRun adopted = Run({"adopt", "contoso"});
  EXPECT_EQ(adopted.status, 2) << adopted.out << adopted.err;
  EXPECT_THAT(adopted.out, HasSubstr("\n  hosts: {xmpp: edgepool2}  # was edgepool1\n"));
  EXPECT_THAT(adopted.out, HasSubstr("contoso/organization.yaml:"));
  EXPECT_THAT(adopted.out, ::testing::Not(HasSubstr("federation: ")));
  Replace(home_ / "contoso" / "organization.yaml", "xmpp: edgepool1}", "xmpp: edgepool2}");
  EXPECT_EQ(Run({"plan", "contoso"}).status, 0);
  EXPECT_EQ(Run({"adopt", "contoso"}).status, 0);
}

// Outside any topology there is no flag and no route that could agree with the records.
TEST_F(AdoptTest, OfLinuxPoolsTheRecordsDesignate) {
  std::filesystem::copy(POOLSHIFT_SOURCE_DIR "/tests/scenarios/linux-planned", home_ / "contoso");
  ProgramRun adopted = Run({"adopt", "contoso"});
  EXPECT_EQ(adopted.status, 2) << adopted.out << adopted.err;
  EXPECT_THAT(adopted.out, HasSubstr("hosts: {federation: edgepool1}  # was edgepool2"));
  EXPECT_THAT(adopted.out, HasSubstr("hosts: {xmpp: edgepool1}  # was edgepool2"));
  EXPECT_THAT(adopted.out, HasSubstr("seen records edgepool1; answers edgepool1"));
  Replace(home_ / "contoso" / "contoso.yaml",
          "hosts: {federation: edgepool2, xmpp: edgepool2}",
          "hosts: {federation: edgepool1, xmpp: edgepool1}");
  adopted = Run({"adopt", "contoso"});
  EXPECT_EQ(adopted.status, 0) << adopted.out << adopted.err;
  EXPECT_EQ(Run({"plan", "contoso"}).status, 0);
}

TEST_F(AdoptTest, HalfAMoveIsRefused) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  Replace(home_ / "contoso" / "world.sim",
          "Site1: {federation: edgepool1.contoso.net, xmpp: edgepool1.contoso.net}",
          "Site1: {federation: edgepool1.contoso.net, xmpp: edgepool2.contoso.net}");
  const ProgramRun adopted = Run({"adopt", "contoso"});
  EXPECT_EQ(adopted.status, 12) << adopted.out << adopted.err;
  EXPECT_THAT(adopted.out, HasSubstr("but on no other pool as a whole"));
}

TEST_F(AdoptTest, RecordsOfAnotherOrganizationAreRefused) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  Replace(home_ / "contoso" / "world.sim", "  ttl: 300", "  owner: fabrikam\n  ttl: 300");
  const ProgramRun adopted = Run({"adopt", "contoso"});
  EXPECT_EQ(adopted.status, 12) << adopted.out << adopted.err;
  EXPECT_THAT(adopted.out, HasSubstr("bears the mark of organisation `fabrikam`"));
  EXPECT_EQ(Run({"adopt", "--auto-approve", "contoso"}).status, 12);
}

TEST_F(AdoptTest, RecordsWithoutAMarkAreMarkedOnce) {
  ASSERT_EQ(Run({"init", "contoso"}).status, 0);
  Replace(home_ / "contoso" / "world.sim", "  ttl: 300", "  owner: \"\"\n  ttl: 300");
  const ProgramRun asked = Run({"adopt", "contoso"});
  EXPECT_EQ(asked.status, 2) << asked.out << asked.err;
  EXPECT_THAT(asked.out, HasSubstr("mark A xmpp.contoso.com as contoso's"));
  EXPECT_THAT(asked.out,
              HasSubstr("runs  # mark xmpp.contoso.com/A as contoso's; its records stay"));
  EXPECT_THAT(asked.out, HasSubstr("nobody can be asked"));
  const ProgramRun marked = Run({"adopt", "--auto-approve", "contoso"});
  EXPECT_EQ(marked.status, 0) << marked.out << marked.err;
  EXPECT_THAT(marked.out, HasSubstr("No record set is left without a mark.\n"));
  EXPECT_EQ(Run({"plan", "contoso"}).status, 0) << "no record has changed";
  const ProgramRun again = Run({"adopt", "--auto-approve", "contoso"});
  EXPECT_EQ(again.status, 0);
  EXPECT_THAT(again.out, HasSubstr("Nothing to adopt"));
  EXPECT_THAT(Run({"history", "contoso"}).out, HasSubstr("done after")) << "a run, on record";
}

}  // namespace
}  // namespace poolshift
