#include "controller/model/revision.h"

#include <algorithm>

#include "controller/model/digest.h"

namespace poolshift {

std::string RevisionOf(const KindSchema& schema, const Value& properties) {
  std::string text = "{";
  if (properties.is_map()) {
    for (const auto& each : properties.map()) {
      const std::string& name = each.first;
      const Value& member = each.second;
      const auto property = std::find_if(
          schema.properties.begin(), schema.properties.end(), [&](const PropertySchema& known) {
            return known.name == name;
          });
      if (property == schema.properties.end() || property->computed) continue;
      if (text.size() > 1) text += ',';
      AppendJsonString(name, text);
      text += ':';
      text += CanonicalText(member);
    }
  }
  text += '}';
  return Digest(text);
}

}  // namespace poolshift
