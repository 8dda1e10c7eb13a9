// What a machine may answer, whole or cut or hostile: every parser of the providers for Linux
// machines; and the other way round, that whatever word is sent arrives as that one word.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "providers/host/fence/nft.h"
#include "providers/linux/certificate.h"
#include "providers/linux/sockets.h"
#include "providers/linux/unit.h"
#include "providers/sip/server/dispatcher.h"
#include "providers/sip/server/rpc_text.h"
#include "providers/ssh/mux_wire.h"
#include "providers/ssh/quote.h"
#include "providers/xmpp/server/answers.h"

namespace poolshift {
namespace {

// A POSIX shell's reading of one word, written for this: quotes, and letters that mean themselves.
std::string AsAShellReads(const std::string& line) {
  std::string word;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\'') {
      const std::size_t end = line.find('\'', at + 1);
      if (end == std::string::npos) std::abort();
      word += line.substr(at + 1, end - at - 1);
      at = end;
    } else if (line[at] == '\\') {
      if (++at == line.size()) std::abort();
      word += line[at];
    } else {
      if (std::string("|&;<>()$`\" \t\n*?[]{}#~=!^").find(line[at]) != std::string::npos)
        std::abort();
      word += line[at];
    }
  }
  return word;
}

void Quote(const std::string& word) {
  const auto quoted = ssh::QuotedWord(word);
  if (quoted.ok() && (quoted->empty() || AsAShellReads(*quoted) != word)) std::abort();
}

void Parse(const std::string& text) {
  std::string bytes = text;
  for (auto message = ssh::mux::TakeMessage(bytes); message.ok() && message->has_value();)
    message = ssh::mux::TakeMessage(bytes);
  const linux_host::Unit unit = linux_host::UnitFrom(text);
  (void)linux_host::StateOf(unit);
  (void)linux_host::ListenersFrom(text);
  (void)linux_host::BelongsTo(text, "a.service");
  (void)linux_host::CertificateFrom(text);
  (void)host::FenceIn(text, *host::Address::Parse("203.0.113.11"), 5061);
  (void)host::Network::Parse(text);
  (void)sip::PeersIn(text, 5061);
  const auto destinations = sip::DestinationsIn(text);
  if (destinations.ok() && destinations->has_value()) {
    for (const sip::Destination& each : **destinations)
      if (each.uri.empty() || each.flags.size() != 2) std::abort();
    (void)sip::WaysAmong(**destinations, {1});
  }
  (void)xmpp::AnswerIn(text);
  (void)xmpp::CountIn(text);
  (void)xmpp::NumberIn(text);
}

}  // namespace
}  // namespace poolshift

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  poolshift::Quote(text);
  poolshift::Parse(text);
  return 0;
}
