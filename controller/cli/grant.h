// Grant: what a DNS server must allow so that the plans of an organisation can be carried out
// there.
#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "controller/cli/session.h"
#include "controller/federation/organization.h"

namespace poolshift {

// The grants for BIND and for Knot of one declared provider of type `dns`, zone by zone, as its own
// program prints them (docs/dns-provider.md). "" when no zone of it holds a record of ours.
absl::StatusOr<std::string> GrantsOf(const Session& session,
                                     const Organization& organization,
                                     const ProviderDeclaration& provider);

}  // namespace poolshift
