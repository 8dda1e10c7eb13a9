#include "controller/diff/difference.h"

#include "controller/model/digest.h"

namespace poolshift {

std::string Difference::Fingerprint() const {
  std::string content =
      ToString(resource) + '\n' + vantage + '\n' + property + '\n' + CanonicalText(desired);
  return Digest(content);
}

std::string_view Name(Difference::Impact impact) {
  switch (impact) {
    case Difference::Impact::kTraffic:
      return "traffic is affected";
    case Difference::Impact::kRedundancy:
      return "redundancy is lost";
    case Difference::Impact::kCosmetic:
      return "cosmetic";
    case Difference::Impact::kUnknown:
      return "unknown";
  }
  return "";
}

}  // namespace poolshift
