// Hostile lines between a provider and its agents, both ways, and hostile configurations of an
// agent: what can be read is what it says when it is written and read again.
#include <cstdlib>
#include <string>
#include <string_view>

#include "providers/probe/agent/agent_settings.h"
#include "providers/probe/wire/agent_message.h"
#include "providers/probe/wire/certificate_names.h"

using namespace poolshift::probe;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (const auto request = DecodeRequest(line); request.ok()) {
    const auto again = DecodeRequest(EncodeRequest(*request));
    if (!again.ok() || again->questions.size() != request->questions.size()) std::abort();
  }
  if (const auto answer = DecodeAgentLine(line); answer.ok()) {
    for (const char letter : answer->answer.evidence + answer->refusal) {
      if (letter < ' ' || letter > '~') std::abort();
    }
    if (!DecodeAgentLine(EncodeAnswer(answer->answer)).ok()) std::abort();
  }
  std::vector<std::string> faults;
  const AgentSettings settings = ReadAgentSettings(line, "/", faults);
  Question question;
  question.host = line.substr(0, line.find('\n'));
  question.port = 5061;
  // Nothing is allowed by a configuration that allows nothing.
  if (settings.inventory.is_empty() && settings.inventory.Objection(question).empty()) std::abort();
  CertificateNames names;
  names.dns = {std::string(line)};
  if (Covers(names, "contoso.test", Use::kSip) && size > 13) std::abort();
  return 0;
}
