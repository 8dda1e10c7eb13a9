// Checks that every reference of a document leads somewhere: the rows of the schema say which
// fields refer to what.
#pragma once

#include <cstddef>
#include <string_view>

#include "controller/manifest/directory.h"
#include "controller/manifest/document.h"
#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

// The row at a path of names ("hosts.xmpp"), or null.
const Field* FieldAt(const KindTable& table, std::string_view path);

class ReferenceChecker {
 public:
  ReferenceChecker(const Directory& directory, Diagnostics& diagnostics)
      : directory_(directory), diagnostics_(diagnostics) {}

  // Errors for dangling references, notes for machines named where a pool is meant.
  void Check(const Document& document);

 private:
  void CheckFields(yaml::Node map, const std::vector<Field>& fields);
  void CheckReference(yaml::Node node, const Field& field);
  std::string Hint(std::string_view text, const Field& field);

  const Directory& directory_;
  Diagnostics& diagnostics_;
  const Document* document_ = nullptr;
  std::size_t comparisons_left_ =
      200'000;  // names looked at for hints, so that many faults stay cheap
};

}  // namespace poolshift::manifest
