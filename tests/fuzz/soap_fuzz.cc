// libFuzzer target: what a WinRM service answers, whole or cut or hostile, and what is sent to it.
// Beyond crashes, leaks, undefined behaviour and time it checks what must hold for every input:
//   - an id that is taken from an answer stands in a request as it is
//   - words of a fault are one short line without control characters
//   - whatever command line is sent, the request is one envelope that holds that line
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "providers/lync/winrm/soap.h"
#include "providers/lync/winrm/soap_reply.h"
namespace {

using namespace poolshift::lync::winrm;  // NOLINT(google-build-using-namespace)

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void CheckReply(const std::string& text) {
  const auto reply = ReadSoapReply(text);
  if (!reply.ok()) return;
  for (const std::string& id : {reply->shell, reply->command})
    Require(Escaped(id) == id && id.size() <= 128, "an id that is none");
  if (!reply->fault) return;
  const std::string& words = reply->fault->text;
  Require(!words.empty() && words.size() <= 300, "words of another length");
  Require(std::ranges::none_of(words, [](char letter) { return letter >= 0 && letter < ' '; }),
          "words that steer a terminal");
}

void CheckRequest(const std::string& text) {
  const Heading heading = {text, text, text, absl::Seconds(1)};
  const std::string message = RunCommand(heading, text);
  Require(ReadSoapReply(message).ok(), "a request that is no envelope");
  const std::string line = "<rsp:Command>" + Escaped(text) + "</rsp:Command>";
  Require(message.find(line) != std::string::npos, "another command line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  CheckReply(text);
  CheckRequest(text);
  return 0;
}
