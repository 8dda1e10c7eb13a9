// Listed: one entity that a platform says exists, for those who have not declared it yet. What may
// be listed, and with which properties: controller/federation/listed_kinds.h.
#pragma once

#include "controller/model/resource_id.h"
#include "controller/model/value.h"

namespace poolshift {

struct Listed {
  ResourceId id;     // "EdgePool/edgepool1.contoso.com": a name as the platform knows it
  Value properties;  // a map; what the platform cannot say is left out
  bool operator==(const Listed&) const = default;
};

}  // namespace poolshift
