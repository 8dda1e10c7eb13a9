#include "controller/federation/rule.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace poolshift {

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {"goal", "declared and observed differ", "manifest"},
      {"I-1",
       "exactly one Edge pool carries the SIP federation flag, in every state",
       "domain.md I-1"},
      {"I-2", "at most one Edge pool is routed for XMPP", "domain.md I-2, D1"},
      {"I-4", "a site's route leads to a pool whose flag is on", "domain.md I-4"},
      {"I-5", "all sites agree on the hosting pool", "domain.md I-5"},
      {"I-6", "a Front End pool uses the Edge pool that is declared for it", "domain.md I-6"},
      {"I-7",
       "every Front End server reaches the Edge servers on the internal ports",
       "001 note, domain.md I-7"},
      {"I-8", "the best _sipfederationtls record leads to the flagged pool", "domain.md I-8"},
      {"I-9",
       "the best _xmpp-server record leads to the routed pool on port 5269",
       "domain.md I-9"},
      {"I-10", "no record names an address before its port answers there", "domain.md I-10, F11"},
      {"I-11", "an SRV record's target has its addresses first", "RFC 2782, domain.md I-11"},
      {"I-12",
       "an address set holds all public addresses of one pool and no other",
       "domain.md I-12"},
      {"I-13", "the hosting pool's certificate covers every federated domain", "domain.md I-13"},
      {"I-14",
       "work on a server waits until its local replica holds the newest topology",
       "domain.md I-14, F12"},
      {"I-17", "the central store is alive before it is written", "domain.md I-17"},
      {"I-18", "a pool that is failed over is no Edge pool's next hop", "domain.md I-18"},
      {"I-19", "the Edge services of the hosting pool run on every server", "domain.md I-19"},
      {"I-20", "federation is allowed by policy", "domain.md I-20"},
      {"I-22", "an action that can lose data needs a person's approval", "domain.md I-22"},
      {"F13",
       "a restored server's services start after its replica is current",
       "domain.md F13, D5"},
      {"F15", "the pool that no longer hosts is installed anew too", "domain.md F15"},
      {"D3",
       "a pool is dead when it is declared so and does not answer from outside",
       "domain.md D3"},
      {"D6", "a name that remote clients use is never changed", "domain.md D6"},
      {"D7", "a new host is probed by address before any record moves", "domain.md D7"},
      {"D8", "a move ends when the former pool's streams are gone", "domain.md D8, lab.md 4"},
      {"D9",
       "on Lync the former pool's 5269 closes before records move: refused beats swallowed",
       "domain.md D9"},
      {"D12", "a failed pool must not come back by itself", "domain.md D12"},
      {"D19", "some partners do not follow DNS", "domain.md D19"},
      {"c.11", "all central store writes come before work on servers", "domain.md c.11"},
      {"P3", "a Front End pool goes home after its Edge pool is up", "000 step 5, domain.md c.5"},
      {"004", "the page's order: stop, route, start", "004 steps 2, 3, 7"},
      {"000", "the page's order: SIP, XMPP, conferencing, Front End", "000 steps 2 to 5"},
  };
  return rules;
}

Reason Because(std::string_view rule_id) {
  const auto& rules = Rules();
  const auto found = std::find_if(
      rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == rule_id; });
  if (found == rules.end()) std::abort();
  return {std::string(found->id), std::string(found->text), std::string(found->source)};
}

}  // namespace poolshift
