#include "controller/federation/rule.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace poolshift {

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {"goal", "declared and observed differ", "manifest"},
      {"I-1", "exactly one Edge pool carries the SIP federation flag, in every state", "I-1"},
      {"I-2", "at most one Edge pool is routed for XMPP", "I-2, D1"},
      {"I-4", "a site's route leads to a pool whose flag is on", "I-4"},
      {"I-5", "all sites agree on the hosting pool", "I-5"},
      {"I-6", "a Front End pool uses the Edge pool that is declared for it", "I-6"},
      {"I-7",
       "every Front End server reaches the Edge servers on the internal ports",
       "001 note, I-7"},
      {"I-8", "the best _sipfederationtls record leads to the flagged pool", "I-8"},
      {"I-9", "the best _xmpp-server record leads to the routed pool on port 5269", "I-9"},
      {"I-10", "no record names an address before its port answers there", "I-10, F11"},
      {"I-11", "an SRV record's target has its addresses first", "RFC 2782, I-11"},
      {"I-12", "an address set holds all public addresses of one pool and no other", "I-12"},
      {"I-13", "the hosting pool's certificate covers every federated domain", "I-13"},
      {"I-14",
       "work on a server waits until its local replica holds the newest topology",
       "I-14, F12"},
      {"I-17", "the central store is alive before it is written", "I-17"},
      {"I-18", "a pool that is failed over is no Edge pool's next hop", "I-18"},
      {"I-19", "the Edge services of the hosting pool run on every server", "I-19"},
      {"I-20", "federation is allowed by policy", "I-20"},
      {"I-22", "an action that can lose data needs a person's approval", "I-22"},
      {"F13", "a restored server's services start after its replica is current", "F13, D5"},
      {"F15", "the pool that no longer hosts is installed anew too", "F15"},
      {"D3", "a pool is dead when it is declared so and does not answer from outside", "D3"},
      {"D6", "a name that remote clients use is never changed", "D6"},
      {"D7", "a new host is probed by address before any record moves", "D7"},
      {"D8",
       "a move ends when the former pool's streams are gone",
       "D8, measured: a record change moves no stream"},
      {"D9",
       "on Lync the former pool's 5269 closes before records move: refused beats swallowed",
       "D9"},
      {"D12", "a failed pool must not come back by itself", "D12"},
      {"D19", "some partners do not follow DNS", "D19"},
      {"c.11", "all central store writes come before work on servers", "c.11"},
      {"P3", "a Front End pool goes home after its Edge pool is up", "000 step 5, c.5"},
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
