// Messages of the Windows Remote Shell: what is sent, and what is made of whatever arrives.
#include "providers/lync/winrm/soap.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "providers/lync/winrm/one_line.h"
#include "providers/lync/winrm/soap_reply.h"
#include <pugixml.hpp>

namespace poolshift::lync::winrm {
namespace {

using ::testing::HasSubstr;

const Heading kHeading = {"https://edge1.contoso.com:5986/wsman",
                          "uuid:11111111-2222-4333-8444-555555555555",
                          "SHELL-1",
                          absl::Milliseconds(12345)};

std::string TextAt(const std::string& message, const char* path) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(message.c_str())) << message;
  return document.select_node(path).node().text().get();
}

TEST(Soap, HeadingIsWhole) {
  const std::string message = DeleteShell(kHeading);
  const std::string header = "/s:Envelope/s:Header/";
  struct Case {
    const char* path;
    const char* text;
  };
  const Case cases[] = {
      {"a:To", "https://edge1.contoso.com:5986/wsman"},
      {"a:ReplyTo/a:Address", "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"},
      {"a:MessageID", "uuid:11111111-2222-4333-8444-555555555555"},
      {"a:Action", "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete"},
      {"w:MaxEnvelopeSize", "153600"},
      {"w:OperationTimeout", "PT12.345S"},
      {"w:ResourceURI", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd"},
      {"w:SelectorSet/w:Selector[@Name='ShellId']", "SHELL-1"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(TextAt(message, (header + each.path).c_str()), each.text) << each.path;
}

TEST(Soap, ShortestPatienceIsHalfASecond) {
  Heading heading = kHeading;
  heading.patience = absl::Milliseconds(3);
  EXPECT_EQ(TextAt(DeleteShell(heading), "//w:OperationTimeout"), "PT0.500S");
}

// Whatever a command line holds, it comes out as the same command line, and nothing else changes.
TEST(Soap, CommandLinesStayData) {
  struct Case {
    std::string name, line, arrives;
  };
  const Case cases[] = {
      {"marks of XML", R"(a & b < c > d "e" 'f')", R"(a & b < c > d "e" 'f')"},
      {"its own end", "</rsp:Command><rsp:Command>", "</rsp:Command><rsp:Command>"},
      {"letters", "sätt €😀", "sätt €😀"},
      {"line ends", "a\r\nb\tc", "a\r\nb\tc"},
      {"control characters", std::string("a\0b\x1b", 4), "a\uFFFDb\uFFFD"},
      {"no UTF-8", "a\xC0\xAF\xFF", "a\uFFFD\uFFFD\uFFFD"},
      {"no character", "\xEF\xBF\xBF\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const std::string message = RunCommand(kHeading, each.line);
    EXPECT_EQ(TextAt(message, "/s:Envelope/s:Body/rsp:CommandLine/rsp:Command"), each.arrives);
  }
}

TEST(Soap, LargestPieceFitsIntoAnEnvelope) {
  const std::string piece(kLargestPiece, '\xFF');
  EXPECT_LT(SendInput(kHeading, "COMMAND-1", piece, true).size(),
            static_cast<std::size_t>(kEnvelopeSize));
  const std::string message = SendInput(kHeading, "COMMAND-1", "in", false);
  EXPECT_EQ(TextAt(message, "//rsp:Stream[@Name='stdin'][@CommandId='COMMAND-1'][not(@End)]"),
            absl::Base64Escape("in"));
}

std::string Envelope(const std::string& body) {
  return "<?xml version=\"1.0\"?><x:Envelope xmlns:x=\"http://www.w3.org/2003/05/soap-envelope\">"
         "<x:Header><q:RelatesTo>uuid:1</q:RelatesTo></x:Header><x:Body>" +
         body + "</x:Body></x:Envelope>";
}

std::string Output(const std::string& streams, const std::string& state) {
  return Envelope("<r:ReceiveResponse>" + streams + "<r:CommandState State=\"" + state +
                  "</r:CommandState></r:ReceiveResponse>");
}

TEST(SoapReply, ShellAndCommandAreNamed) {
  const auto created = ReadSoapReply(Envelope(
      "<t:ResourceCreated><a:ReferenceParameters><w:SelectorSet><w:Selector Name=\"ShellId\">"
      "67A74734-DD32-4F10-89DE-49A060483810</w:Selector></w:SelectorSet></a:ReferenceParameters>"
      "</t:ResourceCreated>"));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->shell, "67A74734-DD32-4F10-89DE-49A060483810");
  EXPECT_EQ(created->relates_to, "uuid:1");
  EXPECT_EQ(ReadSoapReply(Envelope("<r:Shell><r:ShellId>AB-1</r:ShellId></r:Shell>"))->shell,
            "AB-1");
  const auto begun = ReadSoapReply(
      Envelope("<r:CommandResponse><r:CommandId>CD-2</r:CommandId></r:CommandResponse>"));
  EXPECT_EQ(begun->command, "CD-2");
}

TEST(SoapReply, OutputIsPutTogether) {
  const auto reply = ReadSoapReply(Output(
      "<r:Stream Name=\"stdout\">b25l</r:Stream><r:Stream Name=\"stderr\">b2g=</r:Stream>"
      "<r:Stream Name=\"stdout\">\n IHR3bw== </r:Stream><r:Stream Name=\"stdout\" End=\"true\"/>",
      "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done\">"
      "<r:ExitCode>3</r:ExitCode>"));
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->out, "one two");
  EXPECT_EQ(reply->err, "oh");
  EXPECT_TRUE(reply->done);
  EXPECT_EQ(reply->status, 3);
  EXPECT_FALSE(ReadSoapReply(Output("", "x/CommandState/Running\">"))->done);
}

TEST(SoapReply, ExitCodesHave32Bits) {
  struct Case {
    const char* text;
    int status;
  };
  for (const Case& each :
       {Case{"0", 0}, {"-1", -1}, {"4294967295", -1}, {"3221225786", -1073741510}}) {
    const auto reply = ReadSoapReply(
        Output("", absl::StrCat("x/CommandState/Done\"><r:ExitCode>", each.text, "</r:ExitCode>")));
    ASSERT_TRUE(reply.ok()) << each.text;
    EXPECT_EQ(reply->status, each.status) << each.text;
  }
}

TEST(SoapReply, FaultsTellWhy) {
  const auto fault = ReadSoapReply(Envelope(
      "<x:Fault><x:Code><x:Value>x:Receiver</x:Value><x:Subcode><x:Value>w:TimedOut</x:Value>"
      "</x:Subcode></x:Code><x:Reason><x:Text>too\nlong</x:Text></x:Reason><x:Detail>"
      "<f:WSManFault Code=\"2150858793\"/></x:Detail></x:Fault>"));
  ASSERT_TRUE(fault.ok() && fault->fault);
  EXPECT_EQ(fault->fault->code, kOperationTimedOut);
  EXPECT_EQ(fault->fault->text, "too long");
  const auto bare = ReadSoapReply(Envelope("<x:Fault/>"));
  EXPECT_EQ(bare->fault->code, 0U);
  EXPECT_EQ(bare->fault->text, "a fault without words");
}

TEST(SoapReply, AnythingElseIsRefused) {
  struct Case {
    std::string name, text, words;
  };
  const std::string shell = "<r:Shell><r:ShellId>";
  const Case cases[] = {
      {"nothing", "", "no XML"},
      {"cut off", Envelope("<r:Shell>").substr(0, 60), "no XML"},
      {"page", "<html><body>Not Found</body></html>", "no SOAP envelope"},
      {"no body", "<s:Envelope/>", "no SOAP envelope"},
      {"no id", Envelope(shell + "</r:ShellId></r:Shell>"), "names no shell"},
      {"odd id", Envelope(shell + "a b&lt;c</r:ShellId></r:Shell>"), "names no shell"},
      {"endless id",
       Envelope(shell + std::string(129, 'a') + "</r:ShellId></r:Shell>"),
       "names no shell"},
      {"no command", Envelope("<r:CommandResponse/>"), "names no command"},
      {"no base64", Output("<r:Stream Name=\"stdout\">%%%</r:Stream>", "x\">"), "no base64"},
      {"other stream", Output("<r:Stream Name=\"pr\">b25l</r:Stream>", "x\">"), "not asked for"},
      {"no exit code", Output("", "x/CommandState/Done\">"), "without an exit code"},
      {"exit code of 33 bits",
       Output("", "x/CommandState/Done\"><r:ExitCode>4294967296</r:ExitCode>"),
       "without an exit code"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto reply = ReadSoapReply(each.text);
    ASSERT_FALSE(reply.ok());
    EXPECT_THAT(std::string(reply.status().message()), HasSubstr(each.words));
  }
}

// Entities are not expanded, and depth costs no stack.
TEST(SoapReply, BombsDoNotGoOff) {
  const auto bomb =
      ReadSoapReply("<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" +
                    Envelope("<r:Shell><r:ShellId>&b;</r:ShellId></r:Shell>").substr(21));
  EXPECT_FALSE(bomb.ok());
  std::string deep;
  for (int i = 0; i < 50000; ++i)
    deep += "<a>";
  EXPECT_FALSE(ReadSoapReply(Envelope(deep)).ok());
  std::string back;
  for (int i = 0; i < 50000; ++i)
    back += "</a>";
  EXPECT_TRUE(ReadSoapReply(Envelope(deep + back)).ok());
}

TEST(OneLine, SteersNoTerminal) {
  EXPECT_EQ(OneLine("\x1b[31mred\r\n\tline\x7F "), "[31mred line");
  EXPECT_EQ(OneLine(std::string(299, 'a') + "äb"), std::string(299, 'a'));
  std::string letters;
  for (int i = 0; i < 200; ++i)
    letters += "あ";
  EXPECT_EQ(OneLine(letters), letters.substr(0, 300)) << "a hundred whole letters are left";
}

}  // namespace
}  // namespace poolshift::lync::winrm
