#include "providers/lync/winrm/soap.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace poolshift::lync::winrm {
namespace {

constexpr const char* kTransfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer/";
constexpr const char* kShell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/";

constexpr const char* kBegin =
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
    " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
    " xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\""
    " xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\""
    " xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"><s:Header>";

// xs:duration. The far side takes nothing below half a second.
std::string Seconds(absl::Duration time) {
  const std::int64_t milliseconds = std::max<std::int64_t>(500, absl::ToInt64Milliseconds(time));
  return absl::StrFormat("PT%d.%03dS", milliseconds / 1000, milliseconds % 1000);
}

std::string Option(std::string_view name, std::string_view value) {
  return absl::StrCat("<w:Option Name=\"",
                      absl::string_view(name.data(), name.size()),
                      "\">",
                      absl::string_view(value.data(), value.size()),
                      "</w:Option>");
}

std::string Envelope(const Heading& heading,
                     const std::string& action,
                     const std::string& options,
                     const std::string& body) {
  std::string text = kBegin;
  absl::StrAppend(
      &text,
      "<a:To>",
      Escaped(heading.to),
      "</a:To><a:ReplyTo><a:Address s:mustUnderstand=\"true\">"
      "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>"
      "<a:MessageID>",
      Escaped(heading.message),
      "</a:MessageID><a:Action s:mustUnderstand=\"true\">",
      action,
      "</a:Action><w:MaxEnvelopeSize s:mustUnderstand=\"true\">",
      kEnvelopeSize,
      "</w:MaxEnvelopeSize><w:OperationTimeout>",
      Seconds(heading.patience),
      "</w:OperationTimeout><w:Locale s:mustUnderstand=\"false\" xml:lang=\"en-US\"/>"
      "<p:DataLocale s:mustUnderstand=\"false\" xml:lang=\"en-US\"/>"
      "<w:ResourceURI s:mustUnderstand=\"true\">",
      kShell,
      "cmd</w:ResourceURI>");
  if (!heading.shell.empty()) {
    absl::StrAppend(&text,
                    "<w:SelectorSet><w:Selector Name=\"ShellId\">",
                    Escaped(heading.shell),
                    "</w:Selector></w:SelectorSet>");
  }
  if (!options.empty()) absl::StrAppend(&text, "<w:OptionSet>", options, "</w:OptionSet>");
  absl::StrAppend(&text, "</s:Header><s:Body>", body, "</s:Body></s:Envelope>");
  return text;
}

// Of UTF-8 text: one whole character at `at`, or 0 bytes.
std::size_t CharacterAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool outside = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
  const bool no_character = first == 0xEF && second == 0xBF && byte(at + 2) >= 0xBE;
  return overlong || outside || no_character ? 0 : size;
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = CharacterAt(text, at);
    const char letter = text[at];
    if (size > 1) {
      escaped += text.substr(at, size);
    } else if (letter == '&') {
      escaped += "&amp;";
    } else if (letter == '<') {
      escaped += "&lt;";
    } else if (letter == '>') {
      escaped += "&gt;";
    } else if (letter == '"') {
      escaped += "&quot;";
    } else if (letter == '\r') {
      escaped += "&#13;";
    } else if (size == 1 && (letter >= ' ' || letter == '\t' || letter == '\n')) {
      escaped += letter;
    } else {
      escaped += "\xEF\xBF\xBD";
    }
    at += std::max<std::size_t>(size, 1);
  }
  return escaped;
}

std::string CreateShell(const Heading& heading, absl::Duration idle) {
  // As a session over sshd: with the account's profile (its TEMP), and in code page 437; our
  // scripts answer in ASCII.
  return Envelope(heading,
                  absl::StrCat(kTransfer, "Create"),
                  Option("WINRS_NOPROFILE", "FALSE") + Option("WINRS_CODEPAGE", "437"),
                  "<rsp:Shell><rsp:IdleTimeOut>" + Seconds(idle) +
                      "</rsp:IdleTimeOut><rsp:InputStreams>stdin</rsp:InputStreams>"
                      "<rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>");
}

std::string RunCommand(const Heading& heading, std::string_view command_line) {
  return Envelope(
      heading,
      absl::StrCat(kShell, "Command"),
      Option("WINRS_CONSOLEMODE_STDIN", "FALSE") + Option("WINRS_SKIP_CMD_SHELL", "FALSE"),
      "<rsp:CommandLine><rsp:Command>" + Escaped(command_line) +
          "</rsp:Command></rsp:CommandLine>");
}

std::string SendInput(const Heading& heading,
                      std::string_view command,
                      std::string_view piece,
                      bool last) {
  return Envelope(heading,
                  absl::StrCat(kShell, "Send"),
                  "",
                  "<rsp:Send><rsp:Stream Name=\"stdin\" CommandId=\"" + Escaped(command) + '"' +
                      (last ? " End=\"true\">" : ">") +
                      absl::Base64Escape({piece.data(), piece.size()}) +
                      "</rsp:Stream></rsp:Send>");
}

std::string ReceiveOutput(const Heading& heading, std::string_view command) {
  return Envelope(heading,
                  absl::StrCat(kShell, "Receive"),
                  "",
                  "<rsp:Receive><rsp:DesiredStream CommandId=\"" + Escaped(command) +
                      "\">stdout stderr</rsp:DesiredStream></rsp:Receive>");
}

std::string TerminateCommand(const Heading& heading, std::string_view command) {
  return Envelope(heading,
                  absl::StrCat(kShell, "Signal"),
                  "",
                  "<rsp:Signal CommandId=\"" + Escaped(command) + "\"><rsp:Code>" + kShell +
                      "signal/terminate</rsp:Code></rsp:Signal>");
}

std::string DeleteShell(const Heading& heading) {
  return Envelope(heading, absl::StrCat(kTransfer, "Delete"), "", "");
}

}  // namespace poolshift::lync::winrm
