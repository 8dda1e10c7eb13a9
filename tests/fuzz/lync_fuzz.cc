// libFuzzer target: what provider `lync` reads from outside, on any bytes. Beyond crashes, leaks,
// undefined behaviour and time it checks what must hold for every input:
//   - a flag of a topology that was set and set back gives the same bytes
//   - a list of the console never has more items than commas allow, and none is empty
//   - -EncodedCommand is base64 of whole UTF-16 units
//   - an answer that a person put back is whole only when its digest is that of its text
//   - a request that can be read is the same when it is written and read again
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"

#include "controller/model/digest.h"
#include "providers/lync/manual/answer_file.h"
#include "providers/lync/manual/request.h"
#include "providers/lync/shell/answer.h"
#include "providers/lync/shell/script.h"
#include "providers/lync/text/console_text.h"
#include "providers/lync/text/json_value.h"
#include "providers/lync/text/topology_document.h"

namespace {

using namespace poolshift::lync;  // NOLINT(google-build-using-namespace)

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void CheckConsole(std::string_view text) {
  const ConsoleOutput output = ReadConsole(text);
  for (const ConsoleObject& object : output.objects) {
    for (const auto& [label, value] : object.properties) {
      const ConsoleList list = ReadConsoleList(value);
      const auto commas = std::count(value.begin(), value.end(), ',');
      Require(static_cast<std::ptrdiff_t>(list.items.size()) <= commas + 1,
              "more items than there were");
      for (const std::string& item : list.items)
        Require(!item.empty(), "an empty item");
      ReadConsoleDate(value, absl::UTCTimeZone());
      ReadTimeSpan(value);
      FqdnOfIdentity(value);
      NameOfSite(value);
    }
  }
}

void CheckTopology(std::string_view text) {
  const auto document = TopologyDocument::Parse(std::string(text));
  if (!document.ok()) return;
  for (const auto& [name, pool] : document->edge_pools()) {
    const auto there = document->WithFlags({{name, {!pool.federation, !pool.xmpp}}});
    if (!there.ok()) continue;
    const auto changed = TopologyDocument::Parse(*there);
    Require(changed.ok(), "an edited topology cannot be read");
    Require(changed->edge_pools().at(name).federation != pool.federation, "the flag was not set");
    const auto back = changed->WithFlags({{name, {pool.federation, pool.xmpp}}});
    // Elements that were cut out come back in the form that we know, at the end of their list.
    Require(back.ok(), "a flag cannot be set back");
    if (!pool.federation && !pool.xmpp)
      Require(*back == text, "other bytes than the flag's changed");
  }
}

void CheckAnswers(std::string_view text) {
  const auto replies = manual::ReadAnswers(text);
  for (const manual::Reply& reply : replies)
    Require(manual::FindReply(replies, reply.id) != nullptr, "a reply is not found by its id");
  // Whatever it says, as a whole answer and cut short.
  const std::string one_line = poolshift::Digest(text);
  const std::string line = "poolshift-answer x 2026-01-01T00:00:00Z " +
                           poolshift::Digest("poolshift-reply " + one_line) + " poolshift-reply " +
                           one_line;
  const auto whole = manual::ReadAnswers(line),
             cut = manual::ReadAnswers(line.substr(0, line.size() - 1));
  Require(whole.size() == 1 && whole.front().whole, "a whole answer is not");
  Require(cut.size() == 1 && !cut.front().whole, "half an answer is whole");
}

void CheckRequest(const std::string& text) {
  const auto request = manual::ReadRequest(text);
  if (!request.ok()) return;
  const auto again = manual::ReadRequest(manual::Render(*request, "a.ps1", "a.answer.txt"));
  Require(again.ok() && again->number == request->number, "a request is another when read again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  CheckConsole(text);
  CheckTopology(text);
  CheckAnswers(text);
  CheckRequest(text);
  std::string record;
  absl::Base64Escape(text, &record);
  CheckRequest("# poolshift-request " + record + "\n");
  (void)ReadJson(text);
  ReadReply({0, text, ""});
  ReadReply({1, "poolshift-reply " + text, text});
  Require(EncodeCommand(text).size() % 4 == 0, "no base64");
  return 0;
}
