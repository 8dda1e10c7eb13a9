#include "controller/federation/state_words.h"

#include <algorithm>
#include <optional>

namespace poolshift {
namespace {

struct Whole {
  std::string_view name, words;
};

// Variables that there is one of.
constexpr Whole kWholes[] = {
    {"Topology.federation", "the pool that has the SIP flag"},
    {"Topology.other", "the rest of the topology (XMPP flags, next hops)"},
    {"replication", "what the replicas hold"},
    {"publication", "what the new host's replicas hold"},
    {"associations", "what the replicas hold of conferencing"},
    {"published routes", "what is seen of the published routes"},
    {"federation", "the move of federation"},
};

// `first` and `second`, where the rest of the name falls in two at `at`, stand around it:
// "EdgeService/s1/replica" is `replica on s1`.
struct Pattern {
  std::string_view prefix;
  char at;            // ' ' and '/': the last one; 0: the rest is one
  bool second_first;  // the second part comes first
  std::string_view before, between, after;
};

constexpr Pattern kPatterns[] = {
    {"SiteRoute/", '.', true, "the ", " route of ", ""},
    {"EdgeService/", '/', true, "", " on ", ""},
    {"DnsRecordSet/", '/', true, "the ", " record ", ""},
    {"Streams/", '/', true, "the ", " streams at ", ""},
    {"Fence/", '/', false, "the fence before ", " port ", ""},
    {"EdgeComponents/", 0, false, "what is installed on ", "", ""},
    {"Replica/", 0, false, "the replica of ", "", ""},
    {"CentralStore/", 0, false, "the central store of ", "", ""},
    {"EdgeAssociation/", 0, false, "the Edge pool behind ", "", ""},
    {"PoolFailover/", 0, false, "who serves the users of ", "", ""},
    {"AccessConfig/", '.', true, "the setting ", " of ", ""},
    {"XmppPartner/", '.', true, "the setting ", " of the partner ", ""},
    {"Enablement/", 0, false, "what was written for ", "", ""},
    {"by name ", 0, false, "", "", ", looked up by name from outside,"},
    {"probe standby ", 0, false, "the standby ", "", ", seen from outside,"},
    {"probe ", ' ', true, "", ", seen from outside for ", ","},
    {"drained ", ' ', true, "", ", the former host of ", ","},
    {"silent ", ' ', true, "", ", out of service, seen from outside for ", ","},
    {"inside ", ' ', true, "", ", seen from the Front End servers for ", ","},
    {"next hop of ", 0, false, "the next hop of ", "", ""},
    {"firewall inside ", 0, false, "the firewall between the Front End servers and ", "", ""},
    {"media ", 0, false, "the media path ", "", ""},
    {"way inside ", 0, false, "the way inside of ", "", ""},
    {"firewall ", 0, false, "the firewall before ", "", ""},
    {"traffic manager ", 0, false, "the traffic manager of ", "", ""},
    {"again ", 0, false, "", "", ", installed anew and seen from outside,"},
    {"allow list of ", 0, false, "the allow list of ", "", ""},
    {"services of ", 0, false, "the services of ", "", ""},
};

// "sip" and the members of a route, as people write them.
std::string Spoken(std::string_view part) {
  if (part == "sip" || part == "federation") return "SIP";
  if (part == "xmpp") return "XMPP";
  return std::string(part);
}

std::optional<std::string> Match(const Pattern& pattern, std::string_view name) {
  if (!name.starts_with(pattern.prefix)) return std::nullopt;
  std::string_view first = name.substr(pattern.prefix.size());
  std::string_view second;
  if (pattern.at != 0) {
    // A pool's name has no blank, and comes last: the first blank divides.
    const std::size_t at = pattern.at == ' ' ? first.find(' ') : first.rfind(pattern.at);
    if (at == std::string_view::npos) return std::nullopt;
    second = first.substr(at + 1);
    first = first.substr(0, at);
  }
  if (pattern.second_first) std::swap(first, second);
  return std::string(pattern.before) + Spoken(first) + std::string(pattern.between) +
         Spoken(second) + std::string(pattern.after);
}

}  // namespace

std::string VariableInWords(std::string_view name) {
  for (const Whole& whole : kWholes)
    if (whole.name == name) return std::string(whole.words);
  for (const Pattern& pattern : kPatterns)
    if (auto words = Match(pattern, name)) return *std::move(words);
  return std::string(name);
}

std::string StateInWords(std::string_view state) {
  constexpr std::string_view kIs = " is ";
  const std::size_t at = state.find(kIs);
  if (at == std::string_view::npos) return VariableInWords(state);
  return VariableInWords(state.substr(0, at)) + std::string(state.substr(at));
}

}  // namespace poolshift
