#include "providers/probe/wire/sip.h"

#include <gtest/gtest.h>

namespace poolshift::probe {
namespace {

using Next = SipReader::Next;

std::string Response(std::string_view status_line,
                     std::string_view headers = "",
                     std::string_view body = "") {
  return std::string(status_line) + "\r\nCall-ID: mine\r\n" + std::string(headers) + "\r\n" +
         std::string(body);
}

struct Case {
  const char* name;
  std::string bytes;
  Next next;
  int status = 0;
};

TEST(SipReader, ReadsWhatServersSend) {
  const Case cases[] = {
      {"ok", Response("SIP/2.0 200 OK"), Next::kResponse, 200},
      {"no reason", Response("SIP/2.0 404 "), Next::kResponse, 404},
      {"not even a space", Response("SIP/2.0 404"), Next::kResponse, 404},
      {"body", Response("SIP/2.0 200 OK", "Content-Length: 4\r\n", "v=0\n"), Next::kResponse, 200},
      {"short names", "SIP/2.0 200 OK\r\ni: mine\r\nl: 0\r\n\r\n", Next::kResponse, 200},
      {"folded header", Response("SIP/2.0 200 OK", "Via: a\r\n b\r\n"), Next::kResponse, 200},
      {"keep-alives before it", "\r\n\r\n" + Response("SIP/2.0 200 OK"), Next::kResponse, 200},
      {"somebody else's before it",
       "SIP/2.0 500 No\r\nCall-ID: other\r\n\r\n" + Response("SIP/2.0 200 OK"),
       Next::kResponse,
       200},
      {"only somebody else's", "SIP/2.0 500 No\r\nCall-ID: other\r\n\r\n", Next::kMore},
      {"nothing", "", Next::kMore},
      {"half a version", "SIP/", Next::kMore},
      {"half a head", "SIP/2.0 200 OK\r\nCall-ID: mine\r\n", Next::kMore},
      {"half a body", Response("SIP/2.0 200 OK", "Content-Length: 9\r\n", "v=0\n"), Next::kMore},
      {"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", Next::kFault},
      {"SSH", "SSH-2.0-OpenSSH_9.2\r\n", Next::kFault},
      {"a request", "OPTIONS sip:a SIP/2.0\r\n\r\n", Next::kFault},
      {"status too small", Response("SIP/2.0 099 Hm"), Next::kFault},
      {"status too large", Response("SIP/2.0 700 Hm"), Next::kFault},
      {"status of letters", Response("SIP/2.0 2xx Hm"), Next::kFault},
      {"status of four digits", Response("SIP/2.0 2000 Hm"), Next::kFault},
      {"negative status", Response("SIP/2.0 -20 Hm"), Next::kFault},
      {"no colon", Response("SIP/2.0 200 OK", "Nothing\r\n"), Next::kFault},
      {"length of letters", Response("SIP/2.0 200 OK", "Content-Length: x\r\n"), Next::kFault},
      {"length beyond all",
       Response("SIP/2.0 200 OK", "Content-Length: 99999999999999999999\r\n"),
       Next::kFault},
      {"negative length", Response("SIP/2.0 200 OK", "Content-Length: -1\r\n"), Next::kFault},
      {"endless", std::string(70000, 'S'), Next::kFault},
      {"endless head", "SIP/2.0 200 OK\r\nX: " + std::string(70000, 'x'), Next::kFault},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    SipReader whole("mine");
    whole.Feed(each.bytes);
    EXPECT_EQ(whole.Read(), each.next) << whole.fault();
    if (each.next == Next::kResponse) {
      EXPECT_EQ(whole.response().status, each.status);
    }
    // Byte by byte it is the same.
    SipReader pieces("mine");
    Next next = pieces.Read();
    for (std::size_t i = 0; i < each.bytes.size() && next == Next::kMore; ++i) {
      pieces.Feed(each.bytes.substr(i, 1));
      next = pieces.Read();
    }
    EXPECT_EQ(next, each.next) << pieces.fault();
  }
}

TEST(SipReader, ProvisionalThenFinal) {
  SipReader reader("mine");
  reader.Feed(Response("SIP/2.0 100 Trying") + Response("SIP/2.0 503 Busy", "Server: x\x01y\r\n"));
  EXPECT_EQ(reader.Read(), Next::kResponse);
  EXPECT_EQ(reader.response().status, 100);
  EXPECT_EQ(reader.Read(), Next::kResponse);
  EXPECT_EQ(reader.response().status, 503);
  EXPECT_EQ(reader.response().reason, "Busy");
  EXPECT_EQ(reader.response().server, "x?y");
  EXPECT_EQ(reader.Read(), Next::kMore);
}

TEST(SipOptionsRequest, IsWhole) {
  const std::string request =
      SipOptionsRequest({"contoso.test", "probe.test", "192.0.2.7:4000", "u1"});
  EXPECT_EQ(
      request.rfind("OPTIONS sip:contoso.test SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.7:4000;", 0), 0U);
  EXPECT_NE(request.find("From: <sip:probe@probe.test>;tag=u1\r\n"), std::string::npos);
  EXPECT_EQ(request.substr(request.size() - 4), "\r\n\r\n");
}

}  // namespace
}  // namespace poolshift::probe
