#include <algorithm>
#include <set>

#include "controller/federation/roles.h"
#include "controller/manifest/checks.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

class ProductCheck {
 public:
  ProductCheck(const Organization& organization, Diagnostics& diagnostics)
      : organization_(organization), diagnostics_(diagnostics) {}

  void CheckHosts() {
    for (const auto& [name, site] : organization_.sites) {
      const Hosts& hosts = site.hosts;
      Check(hosts.federation,
            false,
            hosts.federation_origin,
            "SIP federation is declared on " + Quoted(hosts.federation));
      Check(hosts.xmpp,
            true,
            hosts.xmpp_origin,
            "XMPP federation is declared on " + Quoted(hosts.xmpp));
    }
  }

  void CheckOrder(const Domain& domain, const Document& document) {
    if (!domain.xmpp.has_value()) return;
    for (const std::string& pool : domain.xmpp->order)
      Check(pool, true, document.OriginAt("xmpp.order"), "`order` names " + Quoted(pool));
  }

  // Each product of a pool has a protocol of its own.
  void CheckTogether(const EdgePool& pool) {
    for (const bool xmpp : {false, true}) {
      const auto has = xmpp ? HasXmppFederation : HasSipFederation;
      if (std::count_if(pool.products.begin(), pool.products.end(), has) < 2) continue;
      return diagnostics_.Error(pool.product_origin,
                                "pool " + Quoted(pool.name) + " runs " + Listed(pool) +
                                    ", of which more than one has " + (xmpp ? "XMPP" : "SIP") +
                                    " federation: both would need its port",
                                "leave one for each protocol, as in `[prosody, kamailio]`");
    }
  }

 private:
  static std::string Listed(const EdgePool& pool) {
    std::string text;
    for (const Product product : pool.products)
      text += (text.empty() ? "" : " and ") + std::string(Name(product));
    return text;
  }

  // `start` says where the pool is asked to carry the protocol.
  void Check(const std::string& name, bool xmpp, const Origin& origin, const std::string& start) {
    const auto found = organization_.edge_pools.find(name);
    if (found == organization_.edge_pools.end()) return;
    const EdgePool& pool = found->second;
    const bool has = Speaks(pool, xmpp ? Protocol::kXmpp : Protocol::kSip);
    // Every site that inherits the line would repeat it.
    if (has || !told_.emplace(origin, name).second) return;
    const std::string runs =
        start + ", which runs " + Listed(pool) + " (" + ToString(pool.product_origin) + "): ";
    const bool is_other_protocol = !xmpp || !HasXmppSibling(pool.products.front());
    if (is_other_protocol) {
      const std::string protocol(xmpp ? "XMPP" : "SIP");
      return diagnostics_.Error(origin,
                                runs + "it speaks " + (xmpp ? "SIP" : "XMPP") + " only",
                                "name a pool whose `product` has " + protocol + " federation");
    }
    diagnostics_.Error(
        origin,
        runs + "it has no XMPP gateway, which left with Skype for Business Server 2019",
        "keep XMPP on a `lyncServer2013` or `skypeForBusiness2015` pool beside it, and its users "
        "on a Front End pool of that generation");
  }

  // An earlier generation of the same product has the gateway.
  static bool HasXmppSibling(Product product) {
    return product == Product::kSkypeForBusiness2019 || product == Product::kSkypeForBusinessSE;
  }

  const Organization& organization_;
  Diagnostics& diagnostics_;
  std::set<std::pair<Origin, std::string>> told_;
};

}  // namespace

void CheckProducts(const CheckInput& input, Diagnostics& diagnostics) {
  ProductCheck check(input.organization, diagnostics);
  check.CheckHosts();
  for (const auto& [name, pool] : input.organization.edge_pools)
    check.CheckTogether(pool);
  for (const auto& [name, domain] : input.organization.domains)
    check.CheckOrder(domain, *input.directory.FindNamed(kDomain, name));
}

}  // namespace poolshift::manifest
