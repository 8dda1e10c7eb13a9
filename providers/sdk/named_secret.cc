#include "providers/sdk/named_secret.h"

namespace poolshift::sdk {

std::optional<Secret> NamedSecret(const Configuration& configuration,
                                  Section& section,
                                  std::string_view member,
                                  const std::string& name) {
  const auto reference = configuration.secrets.find(name);
  if (reference == configuration.secrets.end()) {
    section.Fault(member, "names the secret `" + name + "`, which `spec.secrets` does not hold");
    return std::nullopt;
  }
  absl::StatusOr<Secret> secret = ResolveSecret(reference->second);
  if (secret.ok()) return *std::move(secret);
  section.Fault(member, "cannot be used: " + std::string(secret.status().message()));
  return std::nullopt;
}

}  // namespace poolshift::sdk
