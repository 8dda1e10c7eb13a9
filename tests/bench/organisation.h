// Organisation: the text of an organisation of any number of sites, as manifests and as the world
// file of `sim`.
//
// Each site has one Edge pool of two servers and two Front End pools. In the world, Site1's Edge
// pool hosts SIP and XMPP federation and is dead; the manifests declare it out of service and
// Site2's as the new host: every plan for it is the federation failover of two protocols, whose
// size grows with the sites (each follows the new route). The same number gives the same text.
// Names are in contoso.com and contoso.net, addresses in 198.18.0.0/15 (RFC 2544).
#pragma once

#include <string>
#include <vector>

namespace poolshift::bench {

inline constexpr int kSitesPerFile = 50;
// Two addresses a site, in a network of 2^17 addresses.
inline constexpr int kMostSites = 60'000;

struct TextFile {
  std::string name;  // relative to the folder of the organisation
  std::string text;
};

// "manifests/organization.yaml", then "manifests/sites-0001.yaml" and so on, kSitesPerFile in each.
// `sites` is 2..kMostSites.
std::vector<TextFile> Manifests(int sites);

// "world.yaml", which the manifests' provider reads.
TextFile WorldFile(int sites);

}  // namespace poolshift::bench
