// What a platform may list (Provider.List): the entities that a declaration is made of, for those
// who have none yet. Names are the platform's: FQDNs of pools, its names of sites, domains of
// partners. Everything but the name is optional: what a platform cannot know it leaves out, and
// `poolshift import` asks a person. docs/kinds.md prints this contract.
//
// Where a designation can be observed (flags, routes, next hops, associations) it is not listed:
// one thing is said in one place. Providers may include this header, like kinds.h.
#pragma once

#include <string_view>
#include <vector>

#include "controller/model/kind_schema.h"

namespace poolshift::listed {

inline constexpr std::string_view kSite = "Site";
// servers: list of {fqdn, addresses}; `addresses` are the public Access Edge addresses, absent
// where address translation hides them.
inline constexpr std::string_view kEdgePool = "EdgePool";
// A machine of a platform that knows no pools (Linux): import puts the pools together.
inline constexpr std::string_view kEdgeServer = "EdgeServer";
inline constexpr std::string_view kFrontEndPool = "FrontEndPool";
inline constexpr std::string_view kDirector = "Director";
inline constexpr std::string_view kPartner = "Partner";

const std::vector<KindSchema>& Schemas();
// Null when nothing of this kind can be listed.
const KindSchema* FindSchema(std::string_view kind);

}  // namespace poolshift::listed
