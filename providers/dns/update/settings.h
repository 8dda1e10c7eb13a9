// Settings: the provider's configuration, checked. docs/dns-provider.md shows it as a manifest
// spells it.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/secret_ref.h"
#include "controller/model/value.h"
#include "providers/dns/update/dns_transport.h"
#include "providers/dns/update/tsig_key.h"
#include "providers/sdk/service.h"

namespace poolshift::dns {

// Which record sets that exist and that nobody owns may become ours with their first change.
struct Adoption {
  bool declared = false;        // each that a plan changes and that is still as the plan saw it
  std::set<std::string> names;  // owner names, lower case: these only
};

struct Zone {
  std::string name;               // lower case, no trailing dot
  std::vector<Endpoint> servers;  // every authoritative server; the first takes the updates
  bool owned = true;              // false = `ownership: none`: no marker, no fence
  Adoption adoption;
};

// How a key is given to nsupdate by a person.
struct KeyPlace {
  std::string reference;   // "file:/etc/poolshift/tsig.key"
  bool statement = false;  // it holds a BIND key statement, not the secret alone
};

struct Settings {
  std::string organization;
  std::vector<Zone> zones;
  std::shared_ptr<const TsigKey> key;
  KeyPlace key_place;
  absl::Duration query_timeout = absl::Seconds(3);
  absl::Duration update_timeout = absl::Seconds(5);

  // The zone that holds `name`, the longest of those that fit; null when none does. Borrowed.
  const Zone* ZoneOf(std::string_view name) const;
};

// Appends every fault to `problems`, in words. The settings are usable when none was added.
Settings ReadSettings(const sdk::Configuration& configuration, std::vector<std::string>& problems);

}  // namespace poolshift::dns
