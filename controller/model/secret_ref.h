// SecretRef: where a secret is kept ("file:/etc/poolshift/tsig.key", "env:TSIG_KEY"), never the
// secret.
//
// It is deliberately no Value and has no conversion to one, so that a secret can reach neither
// plan, record nor text by accident; only the provider that it is handed to (by reference) ever
// opens it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift {

class SecretRef {
 public:
  enum class Scheme { kFile, kEnvironment };

  // Accepts `file:PATH` (absolute path) and `env:NAME` ([A-Z_][A-Z0-9_]*).
  static absl::StatusOr<SecretRef> Parse(std::string_view text);

  Scheme scheme() const { return scheme_; }
  // Path or variable name.
  const std::string& locator() const { return locator_; }
  // "file:/etc/poolshift/tsig.key": safe to show, it names a place.
  std::string Reference() const;

  bool operator==(const SecretRef&) const = default;

 private:
  SecretRef(Scheme scheme, std::string locator) : scheme_(scheme), locator_(std::move(locator)) {}
  Scheme scheme_;
  std::string locator_;
};

}  // namespace poolshift
