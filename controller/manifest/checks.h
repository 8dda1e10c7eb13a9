// Checks of a whole organisation that no single document can answer. Each adds its findings and
// changes nothing; together they are what `poolshift validate` knows beyond the shape of documents.
#pragma once

#include <string_view>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/manifest/directory.h"
#include "controller/model/diagnostics.h"

namespace poolshift::manifest {

struct CheckInput {
  const Organization& organization;
  const Directory& directory;
};

// Internal and external names and addresses are used once (source 001, domain.md I-3).
void CheckUniqueNames(const CheckInput& input, Diagnostics& diagnostics);
// Conditions, reasons, stand-ins, backup pools.
void CheckPools(const CheckInput& input, Diagnostics& diagnostics);
// Sites agree on hosts (D4), hosts are in service, a second pool exists (source 001).
void CheckHosts(const CheckInput& input, Diagnostics& diagnostics);
// A host, or a pool of a static order, runs a product that has the protocol (domain.md j).
void CheckProducts(const CheckInput& input, Diagnostics& diagnostics);
// Record names lie in their domains, styles have what they need, times to live.
void CheckDomains(const CheckInput& input, Diagnostics& diagnostics);
void CheckTimesToLive(const Domain& domain, const Document& document, Diagnostics& diagnostics);
// Partners, providers and the policy.
void CheckPartners(const CheckInput& input, Diagnostics& diagnostics);
void CheckProviders(const CheckInput& input, Diagnostics& diagnostics);
void CheckPolicy(const CheckInput& input, Diagnostics& diagnostics);
// Each says one way, with the secret of that way.
void CheckNotifications(const CheckInput& input, Diagnostics& diagnostics);
// Who may sign commits, a part of the policy.
void CheckCommits(const CheckInput& input, const Document& policy, Diagnostics& diagnostics);

// Whether one document may be read anew with these fields changed and all else of the organisation
// as it was: "conferencing", "sip.ttl". What all the checks above can find about them,
// CheckAlone finds.
const std::vector<std::string_view>& FieldsOfItsOwn(std::string_view kind);
void CheckAlone(const CheckInput& input, const Document& document, Diagnostics& diagnostics);

}  // namespace poolshift::manifest
