#include "controller/model/kind_schema.h"

#include <algorithm>
#include <utility>

namespace poolshift {
namespace {

using Type = PropertySchema::Type;

bool Has(const Value& value, Type type) {
  switch (type) {
    case Type::kBoolean:
      return value.is_bool();
    case Type::kInteger:
      return value.is_integer();
    case Type::kString:
      return value.is_string();
    case Type::kList:
      return value.is_list();
    case Type::kMap:
      return value.is_map();
  }
  return false;
}

const PropertySchema* FindProperty(const KindSchema& schema, std::string_view name) {
  const auto found = std::find_if(
      schema.properties.begin(), schema.properties.end(), [&](const PropertySchema& property) {
        return property.name == name;
      });
  return found == schema.properties.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> Violations(const KindSchema& schema, const Value& value) {
  if (!value.is_map()) return {schema.kind + ": the properties are no map"};
  std::vector<std::string> found;
  for (const PropertySchema& property : schema.properties) {
    const Value* member = value.Find(property.name);
    if (member == nullptr && property.required) {
      found.push_back(schema.kind + ": required property `" + property.name + "` is missing");
    }
    if (member != nullptr && !Has(*member, property.type)) {
      found.push_back(schema.kind + ": property `" + property.name + "` has the wrong type");
    }
  }
  for (const auto& [name, member] : value.map()) {
    if (FindProperty(schema, name) == nullptr) {
      found.push_back(schema.kind + ": property `" + name + "` is not in the schema");
    }
  }
  return found;
}

Value WritablePart(const KindSchema& schema, const Value& value) {
  Value::Map part;
  if (!value.is_map()) return part;
  for (const auto& [name, member] : value.map()) {
    const PropertySchema* property = FindProperty(schema, name);
    if (property != nullptr && !property->computed) part.emplace(name, member);
  }
  return part;
}

}  // namespace poolshift
