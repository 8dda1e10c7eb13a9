#include "controller/federation/organization.h"

#include <algorithm>

namespace poolshift {

bool EdgePool::in_topology() const {
  return std::any_of(products.begin(), products.end(), IsInTopology);
}

std::vector<std::string> EdgePool::addresses() const {
  std::vector<std::string> all;
  for (const EdgeServer& server : servers) {
    all.insert(all.end(), server.addresses.begin(), server.addresses.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

namespace {

std::string CommonHost(const Organization& organization, std::string Hosts::*protocol) {
  std::string host;
  for (const auto& [name, site] : organization.sites) {
    const std::string& declared = site.hosts.*protocol;
    if (declared.empty()) continue;
    if (!host.empty() && host != declared) return "";
    host = declared;
  }
  return host;
}

}  // namespace

std::string_view Name(Automation::Mode mode) {
  switch (mode) {
    case Automation::Mode::kReport:
      return "report";
    case Automation::Mode::kApprove:
      return "approve";
    case Automation::Mode::kAuto:
      return "auto";
  }
  return "report";
}

std::string_view Name(SipOrder order) {
  switch (order) {
    case SipOrder::kAuto:
      return "auto";
    case SipOrder::kDetach:
      return "detach";
    case SipOrder::kSwapThenRoute:
      return "swapThenRoute";
    case SipOrder::kMakeBeforeBreak:
      return "makeBeforeBreak";
    case SipOrder::kAtomic:
      return "atomic";
  }
  return "";
}

bool Organization::has_central_store() const {
  return !front_end_pools.empty() || !directors.empty() ||
         std::any_of(edge_pools.begin(), edge_pools.end(), [](const auto& pool) {
           return pool.second.in_topology();
         });
}

std::string Organization::federation_host() const { return CommonHost(*this, &Hosts::federation); }
std::string Organization::xmpp_host() const { return CommonHost(*this, &Hosts::xmpp); }

}  // namespace poolshift
