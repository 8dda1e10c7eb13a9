// Product: what an Edge pool runs, which decides the protocols that it can host.
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
// A host that has lost its route goes on accepting what it can no longer deliver (D9): true of Lync
// and Skype for Business. The others deliver, or refuse, what they accept.
bool SwallowsWithoutRoute(Product product);

}  // namespace poolshift
