// Checks nodes against the rows of the schema: keys, types, forms and ranges of one document,
// without a look at any other. What it lets pass can be read with the functions of scalar.h without
// further checks.
#pragma once

#include <string>
#include <vector>

#include "controller/manifest/schema.h"
#include "controller/manifest/tree.h"
#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

class ShapeChecker {
 public:
  ShapeChecker(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  // `map` holds only keys of `fields`, all that are required, each with a value that fits. `owner`
  // ("EdgePool",
  // "`servers`") and the place `from` are for messages about what is missing.
  void CheckRecord(Node map, const std::vector<Field>& fields, const std::string& owner, Node from);
  // `value` fits the field; `field.list` included.
  void CheckField(Node value, const Field& field);
  // A scalar that fits the field's type.
  void CheckScalar(Node value, const Field& field);

 private:
  void CheckItem(Node value, const Field& field);
  void CheckText(Node value, const Field& field);
  void CheckTyped(Node value, const Field& field);
  void CheckInteger(Node value, const Field& field);
  void CheckRange(Node value, const Field& field, std::int64_t number);
  void CheckChoice(Node value, const Field& field);
  void CheckProviderType(Node value);
  void CheckResourceKind(Node value);
  void CheckFree(Node value, std::string_view key);
  void CheckFreeScalar(Node value, std::string_view key);
  void CheckSecrets(Node value);
  void Error(Node at, std::string message, std::string hint = "");

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
