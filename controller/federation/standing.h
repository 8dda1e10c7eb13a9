// Standing: what a state amounts to, in a line or two, and which rules it breaks: for whoever plays
// a plan and wants to see the states that it passes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/federation/view.h"

namespace poolshift {

// Manifest names of Edge pools (FQDNs of those that are not declared), sorted, joined with ", ";
// "(none)" when there is none, "?" when nobody could look.
struct ProtocolStanding {
  std::string flag;     // pools with the flag
  std::string routes;   // where the sites' routes lead
  std::string records;  // the pool that most records lead to
  std::string answers;  // pools that answer from outside
  bool operator==(const ProtocolStanding&) const = default;
};

struct Standing {
  ProtocolStanding sip, xmpp;
  std::vector<std::string> broken;  // "I-4: Site1 is routed to …", sorted
  // The same of failed pools of which somebody closed everything, or that are fenced. Whoever knows
  // that they answered before knows that it was done on purpose (D12).
  std::vector<std::string> silenced;
  bool operator==(const Standing&) const = default;
};

// The rules that `broken` may name: what one look can decide and holds in every state. Others say
// something of what came before (I-2, I-14) or of one situation only (I-19).
inline constexpr std::string_view kWatchedRules = "I-1, I-4, I-9, I-10 and I-18";

// A former host whose XMPP port was closed on purpose, until the records leave it (D9), breaks
// nothing.
Standing StandingOf(const View& view);

}  // namespace poolshift
