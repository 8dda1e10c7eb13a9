#include "controller/federation/listed_kinds.h"

#include <algorithm>

namespace poolshift::listed {
namespace {

using Type = PropertySchema::Type;

PropertySchema Optional(std::string name, Type type, std::string meaning) {
  return {std::move(name), type, false, false, std::move(meaning)};
}

KindSchema Entity(std::string_view kind,
                  std::string form,
                  std::string meaning,
                  std::vector<PropertySchema> properties) {
  return {std::string(kind), false, std::move(form), std::move(meaning), std::move(properties)};
}

PropertySchema SiteOf() { return Optional("site", Type::kString, "the site that it stands in"); }

PropertySchema Machines() { return Optional("servers", Type::kList, "FQDNs of its machines"); }

}  // namespace

const std::vector<KindSchema>& Schemas() {
  static const auto* const schemas = new std::vector<KindSchema>{
      Entity(kSite, "<site>", "a site", {}),
      Entity(kEdgePool,
             "<pool FQDN>",
             "a pool of Edge servers",
             {SiteOf(),
              Optional("product", Type::kString, "product generation, as manifests name it"),
              Optional("accessEdge", Type::kString, "external name of the Access Edge"),
              Optional("webConferencing", Type::kString, "external name, empty = none"),
              Optional("av", Type::kString, "external name, empty = none"),
              Optional("servers",
                       Type::kList,
                       "{fqdn, addresses} of each machine; addresses: public ones of the Access "
                       "Edge, absent = not known")}),
      Entity(kEdgeServer,
             "<server FQDN>",
             "an Edge server of a platform that knows no pools",
             {Optional("pool", Type::kString, "manifest name of its Edge pool"),
              SiteOf(),
              Optional("products", Type::kList, "what it runs, as manifests name it"),
              Optional("addresses", Type::kList, "every address that the machine has"),
              Optional("domains", Type::kList, "XMPP domains that it serves users of")}),
      Entity(kFrontEndPool,
             "<pool FQDN>",
             "a pool of Front End servers",
             {SiteOf(),
              Machines(),
              Optional("backupPool", Type::kString, "Front End pool FQDN, empty = none")}),
      Entity(kDirector,
             "<pool FQDN>",
             "a Director",
             {SiteOf(),
              Machines(),
              Optional("edgePool", Type::kString, "Edge pool FQDN that it hands federation to")}),
      Entity(kPartner,
             "<domain>",
             "an allowed federated partner",
             {Optional("sip", Type::kBoolean, "allowed by SIP"),
              Optional("xmpp", Type::kBoolean, "allowed by XMPP")}),
  };
  return *schemas;
}

const KindSchema* FindSchema(std::string_view kind) {
  const auto found = std::find_if(Schemas().begin(),
                                  Schemas().end(),
                                  [kind](const KindSchema& schema) { return schema.kind == kind; });
  return found == Schemas().end() ? nullptr : &*found;
}

}  // namespace poolshift::listed
