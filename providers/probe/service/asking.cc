#include "providers/probe/service/asking.h"

#include <algorithm>
#include <charconv>

#include "absl/time/time.h"

#include "controller/federation/kinds.h"
#include "fmt/format.h"
#include <arpa/inet.h>

namespace poolshift::probe {
namespace {

bool IsAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// Splits "a/b/c" at its last slash.
std::pair<std::string, std::string> Parts(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string::npos) return {name, ""};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

std::vector<std::string> NamesOf(const Settings& settings, const Question& question) {
  const auto found = settings.names_of.find(question.host);
  const ServerNames& names = found == settings.names_of.end() ? settings.names : found->second;
  if (question.speech == Speech::kXmpp) return names.xmpp;
  if (question.speech == Speech::kTcp) return {};
  // Inside, servers are called by their own names, and their certificates need not have those.
  if (found == settings.names_of.end() && !IsAddress(question.host)) return {};
  return names.sip;
}

std::string ReadReachability(const Settings& settings,
                             const std::string& name,
                             Question& question) {
  const auto [host, port] = Parts(name);
  const char* const end = port.data() + port.size();
  const auto [at, error] = std::from_chars(port.data(), end, question.port);
  if (error != std::errc() || at != end || host.empty())
    return fmt::format("`{}` is not <address>/<port>", name);
  const auto speech = settings.ports.find(question.port);
  if (speech == settings.ports.end())
    return fmt::format("port {} is none of federation's: name it under `ports`", question.port);
  question.host = host;
  question.speech = speech->second;
  question.names = NamesOf(settings, question);
  return "";
}

std::string ReadRecordSet(const std::string& name, Question& question) {
  constexpr std::string_view kTypes[] = {"A", "AAAA", "SRV", "TXT"};
  const auto [owner, type] = Parts(name);
  if (owner.empty() || std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes))
    return fmt::format("`{}` is not <name>/<A|AAAA|SRV|TXT>", name);
  question.resolve = true;
  question.host = owner;
  question.type = type;
  return "";
}

Value::List TextList(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

Value ReachabilityOf(const Question& question, const Answer& answer) {
  return Value::Map{{"state", Name(answer.state)},
                    {"protocol", answer.spoke ? Name(question.speech) : std::string_view()},
                    {"certificateNames", TextList(answer.certificate_names)},
                    {"certificateNotAfter", answer.certificate_not_after}};
}

}  // namespace

std::string ReadKey(const Settings& settings, const ResourceId& id, Question& question) {
  return id.kind == kinds::kReachability ? ReadReachability(settings, id.name, question)
                                         : ReadRecordSet(id.name, question);
}

Observation ToObservation(const Question& question,
                          const Answer& answer,
                          const std::string& vantage) {
  Observation observation;
  observation.reason = fmt::format(
      "from {} at {}: {}",
      vantage,
      absl::FormatTime("%H:%M:%SZ", absl::FromUnixSeconds(answer.at), absl::UTCTimeZone()),
      answer.evidence);
  if (answer.state == State::kBlind) return observation;
  if (!question.resolve) {
    observation.presence = Presence::kPresent;
    observation.properties = ReachabilityOf(question, answer);
  } else if (answer.found) {
    observation.presence = Presence::kPresent;
    observation.properties = Value::Map{{"records", TextList(answer.records)},
                                        {"ttl", answer.ttl},
                                        {"disagreement", answer.disagreement}};
  } else {
    observation.presence = Presence::kAbsent;
  }
  return observation;
}

}  // namespace poolshift::probe
