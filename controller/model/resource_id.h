// ResourceId: the name of one small typed resource, e.g. "DnsRecordSet/xmpp.contoso.com/A".
// `kind` never contains '/', `name` may. Kinds and the form of their names:
// controller/federation/kinds.h.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift {

struct ResourceId {
  std::string kind;
  std::string name;
  auto operator<=>(const ResourceId&) const = default;
};

std::string ToString(const ResourceId& id);

// The inverse. Invalid argument when there is no '/', or an empty kind or name.
absl::StatusOr<ResourceId> ParseResourceId(std::string_view text);

}  // namespace poolshift
