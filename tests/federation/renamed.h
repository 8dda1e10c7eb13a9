// Renamed: the same organisation and the same observations under other names.
#pragma once

#include <map>
#include <string>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "tests/federation/dice.h"

namespace poolshift {

// Exchanges the names of sites ("Site3"), Edge pools ("edgepool2") and Front End pools
// ("frontend4") among themselves, at random, wherever they stand: also inside of other names.
class Renaming {
 public:
  Renaming(const Organization& organization, Dice& dice);

  std::string Of(const std::string& text) const;
  Value Of(const Value& value) const;
  Organization Of(const Organization& organization) const;
  ObservedState Of(const ObservedState& observed) const;

 private:
  Hosts Of(Hosts hosts) const;
  std::map<std::string, std::string> names_;
};

}  // namespace poolshift
