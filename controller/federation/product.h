// Product: what an Edge pool runs, which decides the protocols that it can host and whether a
// topology stands behind it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace poolshift {

enum class Product {
  kLyncServer2013,
  kSkypeForBusiness2015,
  kSkypeForBusiness2019,
  kSkypeForBusinessSE,
  kProsody,
  kEjabberd,
  kKamailio,
};

// As manifests write it, in the order of the enumeration.
const std::vector<std::string_view>& ProductNames();
std::string_view Name(Product product);
std::optional<Product> ProductNamed(std::string_view name);

// The XMPP gateway came with Lync Server 2013 and went after Skype for Business Server 2015.
bool HasXmppFederation(Product product);
bool HasSipFederation(Product product);
// Lync and Skype for Business: a topology in a central store names the pool, the sites' routes lead
// to it, and each server works by its replica of that. The others know nothing of the kind: who
// hosts is who serves and is named in DNS.
bool IsInTopology(Product product);
// A host that has lost its route goes on accepting what it can no longer deliver (D9): true of Lync
// and Skype for Business. The others deliver, or refuse, what they accept.
bool SwallowsWithoutRoute(Product product);

}  // namespace poolshift
