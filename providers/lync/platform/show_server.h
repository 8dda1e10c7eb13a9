// What a server says of itself, as observations of our kinds. Pure: from facts to values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/model/observation.h"
#include "providers/lync/platform/facts.h"

namespace poolshift::lync {

// Which facts the observation of this kind needs of the server; none for a kind that is not here.
FactNames ServerFactsFor(std::string_view kind);

// `kind` is EdgeService, EdgeComponents, Streams or Certificate.
Observation ShowFromServer(const ResourceId& id, const Facts& server);

// How the service of a role is found: by its short name, or, where that is published nowhere, by
// its display name.
struct ServiceKey {
  std::string name;
  std::string display;  // pattern
};
// Nothing for an unknown role.
std::optional<ServiceKey> ServiceOf(std::string_view role);

// Addresses of the server on the inside, from its own copy of the topology; nothing when that
// cannot be read.
std::optional<MachineInDocument> MachineOf(const Facts& server, std::string_view fqdn);

// "edge1.contoso.com/xmppProxy" -> the server, and the rest.
std::string ServerOf(std::string_view name);
std::string RestOf(std::string_view name);

}  // namespace poolshift::lync
