// Assignment: which declared provider is responsible for which resource. The most specific
// declaration wins: one that names the kind, then one that names the zone, site or vantage; ties go
// to the first by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/federation/places.h"
#include "controller/model/observation.h"

namespace poolshift {

// Kinds that each provider offers, by manifest name (from Describe; for type `manual` those of its
// eyes).
using OfferedKinds = std::map<std::string, std::vector<std::string>>;

// Who looks at what stands in the declaration alone (kinds::kPartnerAcceptance): Poolshift itself.
// No provider can have this name.
inline constexpr std::string_view kDeclarationEyes = "the declaration";

class Assignment {
 public:
  Assignment(const Organization& organization, const OfferedKinds& offered);

  // Manifest name of the provider that changes the resource, or "" when none is responsible.
  std::string WriterOf(const ResourceId& id) const;
  // The provider that looks: the writer, or its `observe_with`.
  std::string ObserverOf(const ObservationKey& key) const;
  // A person carries out changes (type `manual`, D17).
  bool IsHuman(std::string_view provider) const;

 private:
  std::string Best(const ObservationKey& key) const;
  int Score(const ProviderDeclaration& provider, const ObservationKey& key) const;
  std::string SiteOf(const ResourceId& id) const;
  std::string ZoneOf(const ResourceId& id) const;

  const Organization& organization_;
  OfferedKinds offered_;
  std::optional<Places> places_;  // where it matters
};

}  // namespace poolshift
