#include "providers/dns/update/grant.h"

#include <map>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "providers/dns/update/guard.h"

namespace poolshift::dns {
namespace {

using TypesByName = std::map<std::string, std::set<std::string>>;

TypesByName Needed(const GrantRequest& request) {
  TypesByName needed;
  for (const auto& [name, type] : request.sets)
    needed[NormalName(name)].insert(type);
  if (request.owned) needed[GuardName(NormalName(request.zone))].insert("TXT");
  return needed;
}

}  // namespace

std::vector<std::string> BindGrant(const GrantRequest& request) {
  std::vector<std::string> lines{fmt::format("zone \"{}\" {{", NormalName(request.zone)),
                                 "  # beside the lines that the zone already has; `allow-update` "
                                 "must not be there",
                                 "  update-policy {"};
  for (const auto& [name, types] : Needed(request)) {
    lines.push_back(
        fmt::format("    grant {} name {}. {};", request.key, name, fmt::join(types, " ")));
  }
  lines.insert(lines.end(),
               {"  };",
                fmt::format("  # only if queries are restricted: allow-query {{ …; key {}; }};",
                            request.key),
                "};"});
  return lines;
}

std::vector<std::string> KnotGrant(const GrantRequest& request) {
  const std::string zone = NormalName(request.zone);
  std::set<std::string> names, types;
  for (const auto& [name, of_name] : Needed(request)) {
    names.insert(name + ".");
    types.insert(of_name.begin(), of_name.end());
  }
  return {"acl:",
          fmt::format("  - id: poolshift-{}", zone),
          fmt::format("    key: {}", request.key),
          "    action: [query, update]",
          "    # one rule must allow a whole message, so names and types are each listed together",
          fmt::format("    update-type: [{}]", fmt::join(types, ", ")),
          "    update-owner: name",
          "    update-owner-match: equal",
          fmt::format("    update-owner-name: [{}]", fmt::join(names, ", ")),
          "zone:",
          fmt::format("  - domain: {}", zone),
          fmt::format("    acl: [poolshift-{}]  # beside those that the zone already has", zone)};
}

}  // namespace poolshift::dns
