// Remark: a comment for a member of a declared entity: what could not be known and is left to a
// person.
#pragma once

#include <string>

namespace poolshift {

struct Remark {
  std::string kind, name;  // of the entity, as manifests call them
  std::string member;      // of its `spec`; empty = the entity itself
  std::string text;        // one line, without "#"
};

}  // namespace poolshift
