#include "controller/federation/product.h"

#include <algorithm>
#include <cstddef>

namespace poolshift {

const std::vector<std::string_view>& ProductNames() {
  static const std::vector<std::string_view> names = {"lyncServer2013",
                                                      "skypeForBusiness2015",
                                                      "skypeForBusiness2019",
                                                      "skypeForBusinessSE",
                                                      "prosody",
                                                      "ejabberd",
                                                      "kamailio"};
  return names;
}

std::string_view Name(Product product) { return ProductNames()[static_cast<std::size_t>(product)]; }

std::optional<Product> ProductNamed(std::string_view name) {
  const auto& names = ProductNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Product>(found - names.begin());
}

bool HasXmppFederation(Product product) {
  return product == Product::kLyncServer2013 || product == Product::kSkypeForBusiness2015 ||
         product == Product::kProsody || product == Product::kEjabberd;
}

bool HasSipFederation(Product product) {
  return product != Product::kProsody && product != Product::kEjabberd;
}

bool IsInTopology(Product product) {
  return product != Product::kProsody && product != Product::kEjabberd &&
         product != Product::kKamailio;
}

bool SwallowsWithoutRoute(Product product) { return IsInTopology(product); }

}  // namespace poolshift
