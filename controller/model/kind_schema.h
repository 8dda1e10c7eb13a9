// KindSchema: the shape of one kind of resource, as declared by a provider and checked by the
// controller.
#pragma once

#include <string>
#include <vector>

#include "controller/model/value.h"

namespace poolshift {

struct PropertySchema {
  enum class Type { kBoolean, kInteger, kString, kList, kMap };
  std::string name;
  Type type = Type::kString;
  bool required = false;  // present in every observation whose presence is "present"
  bool computed = false;  // only observed; never part of a change, not part of the revision
  std::string meaning;    // one line: unit, range, values
};

struct KindSchema {
  std::string kind;
  bool writable = false;  // false: observed only, such as a gate's subject
  std::string name_form;  // "<server>/<role>"
  std::string meaning;    // one line
  std::vector<PropertySchema> properties;
};

// Every way in which `value` breaks the schema, in words for the provider's author; empty when it
// conforms.
std::vector<std::string> Violations(const KindSchema& schema, const Value& value);

// The part of an observation that actions compare and set: the properties that are not computed.
Value WritablePart(const KindSchema& schema, const Value& value);

}  // namespace poolshift
