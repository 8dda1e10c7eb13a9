// Documents to entities of the domain. References are resolved to the names of what they mean; what
// cannot be resolved becomes "" (and was reported by references.h).
#pragma once

#include "controller/federation/organization.h"
#include "controller/manifest/directory.h"
#include "controller/manifest/document.h"

namespace poolshift::manifest {

// Adds the entity that a document declares. Hosts of sites, `conferencing: local` and other
// consequences are left to derive.h; for now Site.hosts is what the site itself says and
// conferencing is "" or a pool.
void BindDocument(const Document& document, const Directory& directory, Organization& organization);

// The hosts under `spec.hosts` of an Organization or Site.
Hosts BindHosts(const Document& document, const Directory& directory);

// The name of the entity that the reference at `path` means, or "".
std::string Referenced(const Document& document, const Directory& directory, std::string_view path);

// One binder a kind; see bind_topology.cc, bind_outside.cc, bind_control.cc,
// bind_notification.cc.
Site BindSite(const Document& document, const Directory& directory);
EdgePool BindEdgePool(const Document& document, const Directory& directory);
FrontEndPool BindFrontEndPool(const Document& document, const Directory& directory);
Director BindDirector(const Document& document, const Directory& directory);
Domain BindDomain(const Document& document, const Directory& directory);
Partner BindPartner(const Document& document);
ProviderDeclaration BindProvider(const Document& document, const Directory& directory);
Policy BindPolicy(const Document& document);
Notification BindNotification(const Document& document);

// The references under `secrets`.
std::map<std::string, SecretRef> BindSecrets(yaml::Node secrets);

}  // namespace poolshift::manifest
