// Checks nodes against the rows of the schema: keys, types, forms and ranges of one document,
// without a look at any other. What it lets pass can be read with the functions of scalar.h without
// further checks.
#pragma once

#include <string>
#include <vector>

#include "controller/manifest/schema.h"
#include "controller/model/diagnostics.h"
#include "controller/yaml/tree.h"

namespace poolshift::manifest {

class ShapeChecker {
 public:
  ShapeChecker(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  // `map` holds only keys of `fields`, all that are required, each with a value that fits. `owner`
  // ("EdgePool",
  // "`servers`") and the place `from` are for messages about what is missing.
  void CheckRecord(yaml::Node map,
                   const std::vector<Field>& fields,
                   const std::string& owner,
                   yaml::Node from);
  // `value` fits the field; `field.list` included.
  void CheckField(yaml::Node value, const Field& field);
  // A scalar that fits the field's type.
  void CheckScalar(yaml::Node value, const Field& field);

 private:
  void CheckItem(yaml::Node value, const Field& field);
  void CheckText(yaml::Node value, const Field& field);
  void CheckTyped(yaml::Node value, const Field& field);
  void CheckInteger(yaml::Node value, const Field& field);
  void CheckRange(yaml::Node value, const Field& field, std::int64_t number);
  void CheckChoice(yaml::Node value, const Field& field);
  void CheckProviderType(yaml::Node value);
  void CheckResourceKind(yaml::Node value);
  void CheckFree(yaml::Node value, std::string_view key);
  void CheckFreeScalar(yaml::Node value, std::string_view key);
  void CheckSecrets(yaml::Node value);
  void Error(yaml::Node at, std::string message, std::string hint = "");

  std::string file_;
  Diagnostics& diagnostics_;
};

// "; did you mean `x`?" without the semicolon, or `otherwise`.
std::string DidYouMean(std::string_view word,
                       const std::vector<std::string>& candidates,
                       std::string otherwise = "");

// "`a`, `b` or `c`".
std::string AnyOf(const std::vector<std::string_view>& words, std::string_view last = "or");

}  // namespace poolshift::manifest
