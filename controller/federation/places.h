// Places: at which site, and in which pool, a resource stands. From the names of machines, pools
// and addresses that the organisation declares.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "controller/federation/organization.h"
#include "controller/model/resource_id.h"

namespace poolshift {

class Places {
 public:
  explicit Places(const Organization& organization);

  // Site name, or "" for what stands at none (records, the topology).
  std::string SiteOf(const ResourceId& id) const;
  // Internal FQDN of the pool, or "" where the name leads to none.
  std::string PoolOf(const ResourceId& id) const;

 private:
  struct Place {
    std::string site, pool;
  };
  const Place* Find(const ResourceId& id) const;

  const Organization& organization_;                   // borrowed
  std::map<std::string, Place, std::less<>> by_name_;  // server or pool FQDN, address
};

}  // namespace poolshift
