#include "controller/manifest/bind.h"

#include "controller/manifest/read_field.h"
#include "controller/manifest/references.h"

namespace poolshift::manifest {

std::string Referenced(const Document& document,
                       const Directory& directory,
                       std::string_view path) {
  const yaml::Node node = document.At(path);
  const Field* field = FieldAt(*document.table, path);
  if (!node || !node.is_scalar() || field == nullptr) return "";
  const Directory::Found found = directory.Find(field->targets, node.text());
  return found.document == nullptr ? "" : found.document->name;
}

Hosts BindHosts(const Document& document, const Directory& directory) {
  Hosts hosts;
  hosts.federation = Referenced(document, directory, "hosts.federation");
  hosts.xmpp = Referenced(document, directory, "hosts.xmpp");
  if (!hosts.federation.empty()) hosts.federation_origin = document.OriginAt("hosts.federation");
  if (!hosts.xmpp.empty()) hosts.xmpp_origin = document.OriginAt("hosts.xmpp");
  return hosts;
}

namespace {

void BindOrganization(const Document& document,
                      const Directory& directory,
                      Organization& organization) {
  organization.name = document.name;
  organization.central_store = Referenced(document, directory, "centralStore");
  organization.central_store_origin = document.OriginAt("centralStore");
  organization.origin = document.origin();
}

}  // namespace

void BindDocument(const Document& document,
                  const Directory& directory,
                  Organization& organization) {
  const std::string_view kind = document.table->kind;
  const std::string& name = document.name;
  if (kind == kOrganization) {
    BindOrganization(document, directory, organization);
  } else if (kind == kSite) {
    organization.sites.emplace(name, BindSite(document, directory));
  } else if (kind == kEdgePool) {
    organization.edge_pools.emplace(name, BindEdgePool(document, directory));
  } else if (kind == kFrontEndPool) {
    organization.front_end_pools.emplace(name, BindFrontEndPool(document, directory));
  } else if (kind == kDirector) {
    organization.directors.emplace(name, BindDirector(document, directory));
  } else if (kind == kDomain) {
    organization.domains.emplace(name, BindDomain(document, directory));
  } else if (kind == kPartner) {
    organization.partners.emplace(name, BindPartner(document));
  } else if (kind == kProvider) {
    organization.providers.emplace(name, BindProvider(document, directory));
  } else if (kind == kNotification) {
    organization.notifications.emplace(name, BindNotification(document));
  } else if (kind == kPolicy) {
    organization.policy = BindPolicy(document);
  }
}

}  // namespace poolshift::manifest
