#include "providers/lync/text/topology_document.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"

namespace poolshift::lync::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text() {
  std::ostringstream text;
  text << std::ifstream(POOLSHIFT_SOURCE_DIR "/tests/lync/topology.xml").rdbuf();
  return text.str();
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(TopologyDocument, SaysWhatItHolds) {
  const auto document = TopologyDocument::Parse(Text());
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_THAT(document->sites(), ElementsAre("Site1", "Site2"));
  const EdgePoolInDocument& host = document->edge_pools().at("edgepool1.contoso.com");
  EXPECT_TRUE(host.federation);
  EXPECT_TRUE(host.xmpp);
  EXPECT_EQ(host.next_hop, "frontend1.contoso.com");
  EXPECT_EQ(host.site, "Site1");
  EXPECT_EQ(host.access_edge, "sip.contoso.com");
  EXPECT_THAT(host.machines[1].outside, ElementsAre("203.0.113.12"));
  EXPECT_THAT(host.machines[1].inside, ElementsAre("10.0.1.2"));
  EXPECT_FALSE(document->edge_pools().at("edgepool2.contoso.com").federation);
  EXPECT_THAT(document->internal_pools().at("frontend2.contoso.com").machines,
              ElementsAre("fe2a.contoso.com", "fe2b.contoso.com"));
  EXPECT_EQ(document->PoolOf("fe1b.contoso.com"), "frontend1.contoso.com");
  EXPECT_EQ(document->PoolOf("nobody.contoso.com"), "");
}

// There and back: every byte is as before, so nothing but the flag's own elements was touched.
TEST(TopologyDocument, EditKeepsEveryOtherByte) {
  const std::string before = Text();
  const auto document = TopologyDocument::Parse(before);
  ASSERT_TRUE(document.ok());
  struct Case {
    std::string name, pool;
    WantedFlags there, back;
  };
  const Case cases[] = {
      {"XMPP off and on", "edgepool1.contoso.com", {{}, false}, {{}, true}},
      {"federation on and off", "edgepool2.contoso.com", {true, {}}, {false, {}}},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto there = document->WithFlags({{each.pool, each.there}});
    ASSERT_TRUE(there.ok()) << there.status();
    EXPECT_NE(*there, before);
    const auto changed = TopologyDocument::Parse(*there);
    ASSERT_TRUE(changed.ok());
    const auto back = changed->WithFlags({{each.pool, each.back}});
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, before);
  }
}

TEST(TopologyDocument, SwapIsOneText) {
  const auto document = TopologyDocument::Parse(Text());
  ASSERT_TRUE(document.ok());
  const auto swapped = document->WithFlags(
      {{"edgepool1.contoso.com", {false, {}}}, {"edgepool2.contoso.com", {true, {}}}});
  ASSERT_TRUE(swapped.ok()) << swapped.status();
  const auto after = TopologyDocument::Parse(*swapped);
  ASSERT_TRUE(after.ok());
  EXPECT_FALSE(after->edge_pools().at("edgepool1.contoso.com").federation);
  EXPECT_TRUE(after->edge_pools().at("edgepool2.contoso.com").federation);
  EXPECT_TRUE(after->edge_pools().at("edgepool1.contoso.com").xmpp);
  EXPECT_NE(after->digest(), document->digest());
  // The new port bears the name of the pool that it is of.
  EXPECT_THAT(*swapped,
              HasSubstr(R"(Port="5061" Protocol="Mtls" UrlPath="/" AuthorizesRequests="false" )"
                        R"(ConfiguredFqdn="sip2.contoso.com" />)"));
}

TEST(TopologyDocument, LineEndsOfWindowsStay) {
  std::string text;
  for (const char letter : Text())
    text += letter == '\n' ? std::string("\r\n") : std::string(1, letter);
  const auto document = TopologyDocument::Parse(text);
  ASSERT_TRUE(document.ok());
  const auto edited = document->WithFlags({{"edgepool2.contoso.com", {true, {}}}});
  ASSERT_TRUE(edited.ok());
  const auto again = TopologyDocument::Parse(*edited);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again->WithFlags({{"edgepool2.contoso.com", {false, {}}}}), text);
  EXPECT_EQ(std::count(edited->begin(), edited->end(), '\r'),
            std::count(edited->begin(), edited->end(), '\n'));
}

TEST(TopologyDocument, NothingWantedIsTheSameText) {
  const auto document = TopologyDocument::Parse(Text());
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(*document->WithFlags({{"edgepool1.contoso.com", {true, true}}}), Text());
}

TEST(TopologyDocument, OddFlagsAreNeitherOnNorOff) {
  struct Case {
    std::string name, from, to, fault;
  };
  const Case cases[] = {
      {"another port",
       R"(Usage="SipServer" InterfaceSide="External" InterfaceNumber="1" Port="5061")",
       R"(Usage="SipServer" InterfaceSide="External" InterfaceNumber="1" Port="8888")",
       "8888"},
      {"half of XMPP", R"(Usage="XptServer")", R"(Usage="Other")", "only one of its XMPP ports"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto document = TopologyDocument::Parse(Replaced(Text(), each.from, each.to));
    ASSERT_TRUE(document.ok());
    const EdgePoolInDocument& pool = document->edge_pools().at("edgepool1.contoso.com");
    EXPECT_THAT(pool.fault, HasSubstr(each.fault));
    const auto edited = document->WithFlags({{"edgepool1.contoso.com", {false, false}}});
    EXPECT_TRUE(absl::IsFailedPrecondition(edited.status())) << edited.status();
  }
}

TEST(TopologyDocument, WhatIsNoTopologyIsRefused) {
  struct Case {
    std::string name, text;
  };
  const Case cases[] = {
      {"nothing", ""},
      {"no XML", "Signature : b2af"},
      {"cut off", Text().substr(0, Text().size() / 2)},
      {"Topology Builder's own format",
       R"(<Topology xmlns="urn:schema:Microsoft.Rtc.Management.Deploy.TopologyBuilder.2008" />)"},
      {"without services",
       R"(<Topology xmlns="urn:schema:Microsoft.Rtc.Management.Deploy.Topology.2008"><Sites/><Clusters/></Topology>)"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    EXPECT_TRUE(absl::IsInvalidArgument(TopologyDocument::Parse(each.text).status()));
  }
}

TEST(TopologyDocument, UnknownPoolIsNotFound) {
  const auto document = TopologyDocument::Parse(Text());
  ASSERT_TRUE(document.ok());
  EXPECT_TRUE(
      absl::IsNotFound(document->WithFlags({{"edgepool9.contoso.com", {true, {}}}}).status()));
}

}  // namespace
}  // namespace poolshift::lync::testing
