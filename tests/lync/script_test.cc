// What is sent: encoding, and that nothing that varies ever becomes part of a command or a script.
#include "providers/lync/shell/script.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"

#include "providers/lync/shell/answer.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync::testing {
namespace {

using ::testing::HasSubstr;

std::string Decoded(std::string_view base64) {
  std::string bytes;
  EXPECT_TRUE(absl::Base64Unescape({base64.data(), base64.size()}, &bytes));
  return bytes;
}

TEST(Script, CommandsAreUtf16) {
  struct Case {
    std::string name, text, bytes;
  };
  const Case cases[] = {
      {"ASCII", "ab", std::string("a\0b\0", 4)},
      {"two bytes", "é", std::string("\xE9\0", 2)},
      {"three bytes", "€", "\xAC\x20"},
      {"surrogates", "😀", "\x3D\xD8\x00\xDE"},
      {"invalid byte", "\xFF", "\xFD\xFF"},
      {"overlong", "\xC0\xAF", "\xFD\xFF\xFD\xFF"},
      {"cut off", "\xE2\x82", "\xFD\xFF\xFD\xFF"},
      {"surrogate in UTF-8", "\xED\xA0\x80", "\xFD\xFF\xFD\xFF\xFD\xFF"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    std::string expected = each.bytes;
    if (each.name == "surrogates") expected = std::string("\x3D\xD8\x00\xDE", 4);
    EXPECT_EQ(Decoded(EncodeCommand(each.text)), expected);
  }
}

TEST(Script, CommandLineNeverVaries) {
  EXPECT_THAT(EncodedCommandLine(),
              HasSubstr("powershell -NoProfile -NonInteractive -EncodedCommand "));
  EXPECT_LT(EncodedCommandLine().size(), 1000U);
  EXPECT_EQ(EncodedCommandLine().find_first_of("\"'`$;|&<>^%\n"), std::string::npos);
}

// Whatever a parameter holds, it comes out as the same parameter, and the script is the same
// script.
TEST(Script, ParametersStayData) {
  const char* const parameters[] = {
      "'; Remove-Item C:\\ -Recurse; '",
      "\"$(Get-Process)\"",
      "a\nb",
      "@\"\n\"@",
      "${env:PATH}",
      "\u2018quotes\u2019",
      "%PATH%",
      "&& del *",
      "]]></x>",
      "",
  };
  const std::string script = InputFor("set-site", Value::Map{{"site", "Site1"}}).substr(0, 200);
  for (const char* parameter : parameters) {
    SCOPED_TRACE(parameter);
    const std::string input = InputFor("set-site", Value::Map{{"site", parameter}});
    EXPECT_EQ(input.substr(0, 200), script);
    EXPECT_EQ(input.find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n"),
              std::string::npos);
    const std::vector<std::string> lines = absl::StrSplit(input, '\n');
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(Decoded(lines[0]), WholeScript("set-site"));
    EXPECT_EQ(ReadJson(Decoded(lines[1]))->StringOr("site", "?"), parameter);
  }
}

TEST(Script, TextsAreAsciiAndUseNoInvocationOfText) {
  for (const auto& [name, text] : ScriptTexts()) {
    SCOPED_TRACE(std::string(name));
    for (const char letter : text)
      ASSERT_TRUE(letter == '\n' || (letter >= 32 && letter < 127));
    for (const char* forbidden : {"Invoke-Expression", "iex ", "Add-Type", "Invoke-Command"})
      EXPECT_EQ(text.find(forbidden), std::string::npos) << forbidden;
  }
}

TEST(Reply, IsTheMarkedLine) {
  ShellOutput output;
  output.out = "WARNING: noise\r\npoolshift-reply {\"ok\":true,\"value\":{\"a\":[1]}}\r\n";
  const Answer answer = ReadReply(output);
  ASSERT_FALSE(answer.fault.has_value());
  EXPECT_EQ(ItemsOf(answer.value.Find("a")).size(), 1U);
}

TEST(Reply, FaultsAreToldApart) {
  struct Case {
    std::string name, out, err;
    int status;
    FaultKind kind;
  };
  const Case cases[] = {
      {"reported",
       "poolshift-reply {\"ok\":false,\"fault\":{\"id\":\"x\",\"message\":\"Access is denied.\"}}",
       "",
       1,
       FaultKind::kPermission},
      {"silence", "", "", 0, FaultKind::kLost},
      {"no JSON", "poolshift-reply {\"ok\":tr", "", 0, FaultKind::kLost},
      {"no map", "poolshift-reply {\"ok\":true,\"value\":[]}", "", 0, FaultKind::kLost},
      {"no shell",
       "",
       "'powershell' is not recognized as an internal or external command,",
       1,
       FaultKind::kNotSupported},
      {"console error",
       "",
       "Get-CsSite : The term 'Get-CsSite' is not recognized as the name of a cmdlet, function\n"
       "    + FullyQualifiedErrorId : CommandNotFoundException",
       1,
       FaultKind::kNotSupported},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Answer answer = ReadReply({each.status, each.out, each.err});
    ASSERT_TRUE(answer.fault.has_value());
    EXPECT_EQ(Name(answer.fault->kind), Name(each.kind)) << answer.fault->text;
  }
}

TEST(Reply, ListsOfOneAreLists) {
  struct Case {
    std::string name, json;
    std::size_t items;
  };
  const Case cases[] = {{"none", "null", 0},
                        {"one", "\"a\"", 1},
                        {"object", "{\"x\":1}", 1},
                        {"two", "[\"a\",\"b\"]", 2},
                        {"wrapped", "{\"value\":[\"a\",\"b\",\"c\"],\"Count\":3}", 3}};
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto value = ReadJson(each.json);
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(ItemsOf(&*value).size(), each.items);
  }
}

TEST(Reply, DeepOrBrokenJsonIsRefused) {
  EXPECT_FALSE(ReadJson(std::string(100000, '[')).ok());
  EXPECT_FALSE(ReadJson("{\"a\":1e400}").ok());
  EXPECT_FALSE(ReadJson("\"\xFF\"").ok());
  EXPECT_FALSE(ReadJson("").ok());
}

TEST(Faults, ByIdAndByWords) {
  struct Case {
    std::string name, id, message;
    FaultKind kind;
  };
  const Case cases[] = {
      {"unknown parameter",
       "NamedParameterNotFound,Microsoft.Rtc.Management.Xds.SetOcsSiteCmdlet",
       "A parameter cannot be found that matches parameter name 'XmppExternalFederationRoute'.",
       FaultKind::kNotSupported},
      {"next hop",
       "ProcessingFailed",
       "This Front-end pool \"fe1\" is specified in topology as the next hop for the Edge server. "
       "Failing "
       "over this pool may cause External access/Federation/Split-domain/XMPP features to stop "
       "working.",
       FaultKind::kConflict},
      {"time-out", "", "504, Server time-out", FaultKind::kRetryable},
      {"no connection",
       "",
       "10060, A connection attempt failed because the connected party",
       FaultKind::kRetryable},
      {"test user",
       "NotFoundTestUsers",
       "There is no test user assigned for [fe1]. Verify test user configuration.",
       FaultKind::kFatal},
      {"registry",
       "ProcessingFailed",
       "Command execution failed: Requested registry access is not allowed.",
       FaultKind::kPermission},
      {"store down",
       "ProcessingFailed",
       "Could not connect to SQL server : [Exception=…]",
       FaultKind::kRetryable},
      {"anything", "Odd", "It is odd.", FaultKind::kFatal},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    EXPECT_EQ(Name(Classify(each.id, each.message, "", "Set-CsSite").kind), Name(each.kind));
  }
}

}  // namespace
}  // namespace poolshift::lync::testing
