// What Prosody 0.12.3, ejabberd 23.01 and Kamailio 5.6.3 really answered.
#include "gmock/gmock.h"

#include "providers/sip/server/rpc_text.h"
#include "providers/xmpp/server/answers.h"

namespace poolshift {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kTcpList = R"({
	id: 1
	type: TLS
	state: CONN_OK
	timeout: 3
	lifetime: 600
	ref_count: 2
	src_ip: 127.0.0.1
	src_port: 55570
	dst_ip: 127.0.0.11
	dst_port: 5061
}
{
	id: 2
	type: TLS
	state: CONN_OK
	src_ip: 198.51.100.9
	src_port: 5061
	dst_ip: 203.0.113.11
	dst_port: 40112
}
{
	id: 3
	type: TLS
	state: CONN_OK
	src_ip: 198.51.100.7
	src_port: 51000
	dst_ip: 203.0.113.11
	dst_port: 443
}
{
	id: 4
	type: TLS
	state: CONN_CONNECT
	src_ip: 198.51.100.8
	src_port: 51001
	dst_ip: 203.0.113.11
	dst_port: 5061
}
{
	id: 5
	type: TCP
	state: CONN_OK
	src_ip: 198.51.100.8
	src_port: 51002
	dst_ip: 203.0.113.11
	dst_port: 5061
}
)";

TEST(Kamailio, PeersAreTheTlsConnectionsOfThePort) {
  const auto peers = sip::PeersIn(kTcpList, 5061);
  ASSERT_EQ(peers.size(), 2U) << "one came, one was made; a client, one in the making and plain "
                                 "TCP are none";
  EXPECT_EQ(peers[0].peer_address, "127.0.0.1");
  EXPECT_EQ(peers[0].peer_port, 55570);
  EXPECT_EQ(peers[0].own_address, "127.0.0.11");
  EXPECT_EQ(peers[1].peer_port, 5061);
  EXPECT_EQ(peers[1].own_port, 40112);
  EXPECT_TRUE(sip::PeersIn("", 5061).empty());
  EXPECT_TRUE(sip::PeersIn("error: 500 - command core.tcp_list not found\n", 5061).empty());
}

TEST(Prosody, CountsInWhatTheShellPrints) {
  EXPECT_EQ(*xmpp::CountIn("Result: streams=0\n"), 0);
  EXPECT_EQ(*xmpp::CountIn("Result: streams=132\n"), 132);
  for (const char* text :
       {"",
        "Result: nil",
        "streams=",
        "streams=x",
        "** Unable to connect to server - is it running? Is mod_admin_shell enabled?\n"})
    EXPECT_FALSE(xmpp::CountIn(text).ok()) << text;
}

TEST(Ejabberd, NumbersComeAloneOrInAnObject) {
  EXPECT_EQ(*xmpp::NumberIn("{\"s2s_incoming\":3}"), 3);
  EXPECT_EQ(*xmpp::NumberIn("4"), 4);
  EXPECT_EQ(*xmpp::NumberIn("5\n"), 5) << "ejabberdctl";
  for (const char* text :
       {"", "{}", "[]", "\"3\"", "-1", "{\"a\":1,\"b\":2}", "{\"status\":\"error\"}"})
    EXPECT_FALSE(xmpp::NumberIn(text).ok()) << text;
}

TEST(Domains, AreNamesOrNoAnswer) {
  EXPECT_THAT(*xmpp::DomainsIn("Result: domains=contoso.com im.fabrikam.com\n"),
              ElementsAre("contoso.com", "im.fabrikam.com"));
  EXPECT_THAT(*xmpp::DomainsIn("Result: domains=\n"), IsEmpty());
  EXPECT_FALSE(xmpp::DomainsIn("** Unable to connect to server - is it running?\n").ok());
  EXPECT_THAT(*xmpp::HostsIn("[\"b.com\",\"a.com\"]"), ElementsAre("a.com", "b.com"));
  EXPECT_THAT(*xmpp::HostsIn("a.com\nb.com\n"), ElementsAre("a.com", "b.com")) << "ejabberdctl";
  for (const char* text : {"{\"status\":\"error\"}", "[3]", "Error: cannot\n", "<html>"})
    EXPECT_FALSE(xmpp::HostsIn(text).ok()) << text;
}

TEST(Http, AnswerIsTakenWhole) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Length: 18\r\nAccess-Control-Allow-Headers: Content-Type, "
      "Authorization, X-Admin\r\nContent-Type: application/json\r\n\r\n{\"s2s_incoming\":0}";
  EXPECT_EQ(xmpp::AnswerIn(answer)->status, 200);
  EXPECT_EQ(xmpp::AnswerIn(answer)->body, "{\"s2s_incoming\":0}");
  for (std::size_t size = 0; size < answer.size(); ++size)
    EXPECT_FALSE(xmpp::AnswerIn(answer.substr(0, size)).ok()) << size;
  EXPECT_EQ(xmpp::AnswerIn("HTTP/1.0 404 Not Found\r\n\r\nx")->status, 404);
  EXPECT_FALSE(xmpp::AnswerIn("SSH-2.0-OpenSSH_9.2\r\n\r\n").ok());
}

}  // namespace
}  // namespace poolshift
