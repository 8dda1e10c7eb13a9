#include "providers/linux/listing.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_split.h"

#include "controller/federation/listed_kinds.h"

namespace poolshift::linux_host {
namespace {

constexpr const char* kFederating[] = {"accessEdge", "xmppProxy"};
// Each has a unit of its name in Debian.
constexpr std::string_view kProducts[] = {"prosody", "ejabberd", "kamailio"};

// What the settings name, and where they name only a unit, what that is called after.
std::set<std::string> ProductsOf(const Server& server) {
  std::set<std::string> products = server.products;
  for (const char* role : kFederating) {
    const auto service = server.services.find(role);
    if (service == server.services.end()) continue;
    for (const std::string_view product : kProducts)
      if (service->second.unit == std::string(product) + ".service") products.emplace(product);
  }
  return products;
}

Value TextList(const auto& texts) { return Value::List(texts.begin(), texts.end()); }

}  // namespace

std::vector<std::string> AddressesIn(std::string_view printed) {
  std::vector<std::string> addresses;
  const absl::string_view text(printed.data(), printed.size());
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.size() < 4 || (words[2] != "inet" && words[2] != "inet6")) continue;
    const bool passing = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word == "temporary" || word == "deprecated";
    });
    if (!passing) addresses.push_back(words[3].substr(0, words[3].find('/')));
  }
  return addresses;
}

bool CarriesFederation(const Server& server) {
  return std::any_of(std::begin(kFederating), std::end(kFederating), [&](const char* role) {
    return server.services.find(role) != server.services.end();
  });
}

Listed ListedAs(const Server& server, absl::Time deadline) {
  Listed entity{{std::string(listed::kEdgeServer), server.machine.name()}, Value::Map{}};
  if (!server.pool.empty()) entity.properties.Set("pool", server.pool);
  if (!server.site.empty()) entity.properties.Set("site", server.site);
  entity.properties.Set("products", TextList(ProductsOf(server)));
  const auto printed = server.machine.Run(
      {"ip", "-o", "address", "show", "scope", "global"}, deadline, "", /*privileged=*/false);
  if (printed.ok() && printed->status == 0)
    entity.properties.Set("addresses", TextList(AddressesIn(printed->out)));
  return entity;
}

}  // namespace poolshift::linux_host
