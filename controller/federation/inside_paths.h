// Inside paths: from each Front End server to each server of an Edge pool, on the port that hosting
// a protocol needs there (I-7, P4). Whether one is open only its Front End server can see: where no
// provider looks from there it is not known, and nothing is demanded that nobody could find out.
// The port of replication, 4443, is not asked for: what comes through it shows in the replicas
// (I-14).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/federation/view.h"

namespace poolshift {

// domain.md §b.6: I1 (SIP) and I7 (from XMPP gateway to XMPP proxy).
constexpr int InsidePort(Protocol protocol) { return protocol == Protocol::kSip ? 5061 : 23456; }

// The protocol's declared host while flag, routes or records still lead elsewhere: every Front End
// server is to reach it. Null: nothing is left to move, sites name different hosts, or a topology
// does not stand behind it. Borrowed.
const EdgePool* HostToReach(const View& view, Protocol protocol);

// A plan looks at about so many inside paths to a host for a protocol: at all of them but in large
// organisations, where the questions would cost more than the rest of the plan's; there it looks at
// some, spread evenly over the Front End servers and the servers of the host.
inline constexpr std::size_t kMostInsidePaths = 128;

// Questions for the inside paths to the pool, of Front End pools in service: about `most`, or all.
void AddInsidePaths(const Organization& organization,
                    const EdgePool& pool,
                    Protocol protocol,
                    std::size_t most,
                    std::vector<ObservationKey>& keys);

// What is seen of them. Of the Edge pool only servers that management sees and that are not silent:
// to the others nothing leads while they are down.
struct InsideSight {
  std::vector<ObservationKey> seen;                        // paths that could be looked at
  std::map<std::string, std::vector<std::string>> walled;  // by Edge server: from where
  std::vector<std::string> blind;                          // Front End servers without eyes
  std::size_t unasked = 0;                                 // paths that nobody was asked about
};
InsideSight LookInside(const View& view, const EdgePool& pool, Protocol protocol);

// "2 Front End servers", or up to three by name.
std::string FrontEndsInWords(const std::vector<std::string>& servers);

}  // namespace poolshift
