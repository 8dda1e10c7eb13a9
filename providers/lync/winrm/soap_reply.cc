#include "providers/lync/winrm/soap_reply.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "controller/model/try.h"
#include "providers/lync/winrm/one_line.h"
#include <pugixml.hpp>

namespace poolshift::lync::winrm {
namespace {

constexpr std::size_t kLongestId = 128;

// Without its prefix, which the far side chooses.
std::string_view LocalName(pugi::xml_node node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_node child : node.children()) {
    if (child.type() == pugi::node_element && LocalName(child) == name) return child;
  }
  return {};
}

pugi::xml_node Below(pugi::xml_node node, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    node = Child(node, name);
  return node;
}

std::string_view TextOf(pugi::xml_node node) {
  const absl::string_view text = absl::StripAsciiWhitespace(node.text().get());
  return {text.data(), text.size()};
}

// Ids are UUIDs, and what we send back.
absl::StatusOr<std::string> IdIn(pugi::xml_node node, const char* what) {
  const std::string_view id = TextOf(node);
  const bool plain = std::ranges::all_of(id, [](char letter) {
    return absl::ascii_isalnum(static_cast<unsigned char>(letter)) ||
           std::string_view("-:._{}").find(letter) != std::string_view::npos;
  });
  if (id.empty() || id.size() > kLongestId || !plain)
    return absl::InvalidArgumentError(absl::StrCat("the reply names no ", what));
  return std::string(id);
}

SoapFault FaultIn(pugi::xml_node node) {
  SoapFault fault;
  const pugi::xml_node detail = Below(node, {"Detail", "WSManFault"});
  if (!absl::SimpleAtoi(detail.attribute("Code").value(), &fault.code)) fault.code = 0;
  fault.text = OneLine(TextOf(Child(detail, "Message")));
  if (fault.text.empty()) fault.text = OneLine(TextOf(Below(node, {"Reason", "Text"})));
  if (fault.text.empty()) fault.text = OneLine(TextOf(Below(node, {"Code", "Subcode", "Value"})));
  if (fault.text.empty()) fault.text = "a fault without words";
  return fault;
}

absl::StatusOr<std::string> ShellIn(pugi::xml_node body) {
  const pugi::xml_node selectors =
      Below(body, {"ResourceCreated", "ReferenceParameters", "SelectorSet"});
  for (const pugi::xml_node selector : selectors.children()) {
    if (std::string_view(selector.attribute("Name").value()) == "ShellId")
      return IdIn(selector, "shell");
  }
  return IdIn(Below(body, {"Shell", "ShellId"}), "shell");
}

absl::Status AddStream(pugi::xml_node stream, SoapReply& reply) {
  const std::string_view name = stream.attribute("Name").value();
  if (name != "stdout" && name != "stderr")
    return absl::InvalidArgumentError("the reply holds a stream that was not asked for");
  std::string piece;
  const std::string_view text = TextOf(stream);
  if (!absl::Base64Unescape({text.data(), text.size()}, &piece))
    return absl::InvalidArgumentError("a stream of the reply is no base64");
  (name == "stdout" ? reply.out : reply.err) += piece;
  return absl::OkStatus();
}

// Windows has 32 bits, with or without a sign: a program that crashed ends with 3221225786.
absl::StatusOr<int> StatusIn(pugi::xml_node state) {
  const std::string_view text = TextOf(Child(state, "ExitCode"));
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number) ||
      number < std::numeric_limits<std::int32_t>::min() ||
      number > std::numeric_limits<std::uint32_t>::max()) {
    return absl::InvalidArgumentError("the command ended without an exit code");
  }
  return static_cast<int>(static_cast<std::uint32_t>(number));
}

absl::Status ReadOutput(pugi::xml_node response, SoapReply& reply) {
  for (const pugi::xml_node part : response.children()) {
    if (LocalName(part) == "Stream") POOLSHIFT_TRY(AddStream(part, reply));
  }
  const pugi::xml_node state = Child(response, "CommandState");
  if (!std::string_view(state.attribute("State").value()).ends_with("CommandState/Done"))
    return absl::OkStatus();
  POOLSHIFT_ASSIGN(reply.status, StatusIn(state));
  reply.done = true;
  return absl::OkStatus();
}

absl::Status ReadBody(pugi::xml_node body, SoapReply& reply) {
  for (const pugi::xml_node part : body.children()) {
    const std::string_view name = LocalName(part);
    if (name == "Fault") {
      reply.fault = FaultIn(part);
      return absl::OkStatus();
    }
    if (name == "ResourceCreated" || name == "Shell") {
      POOLSHIFT_ASSIGN(reply.shell, ShellIn(body));
      return absl::OkStatus();
    }
    if (name == "CommandResponse") {
      POOLSHIFT_ASSIGN(reply.command, IdIn(Child(part, "CommandId"), "command"));
      return absl::OkStatus();
    }
    if (name == "ReceiveResponse") return ReadOutput(part, reply);
  }
  return absl::OkStatus();  // of Send, Signal and Delete: nothing more to say
}

}  // namespace

absl::StatusOr<SoapReply> ReadSoapReply(std::string_view text) {
  pugi::xml_document document;
  const pugi::xml_parse_result read =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_auto);
  if (!read) {
    return absl::InvalidArgumentError(
        absl::StrCat("the reply is no XML (", read.description(), " at byte ", read.offset, ")"));
  }
  const pugi::xml_node envelope = document.document_element();
  const pugi::xml_node body = Child(envelope, "Body");
  if (LocalName(envelope) != "Envelope" || !body)
    return absl::InvalidArgumentError("the reply is no SOAP envelope");
  SoapReply reply;
  reply.relates_to = std::string(TextOf(Below(envelope, {"Header", "RelatesTo"})));
  POOLSHIFT_TRY(ReadBody(body, reply));
  return reply;
}

}  // namespace poolshift::lync::winrm
