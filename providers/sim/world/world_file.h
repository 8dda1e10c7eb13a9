// World files: the readable text of a world, as a person writes it and as the state directory keeps
// it. Both are the same format; the state only spells out more. docs/sim.md describes every key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "controller/model/diagnostics.h"
#include "providers/sim/world/section.h"
#include "providers/sim/world/world.h"

namespace poolshift::sim {

// Every fault of the text at once, each with its line; nothing when there is one. Things that go on
// by themselves (copies that catch up, partners that connect) begin at `now`, unless the text says
// when.
std::optional<World> ReadWorld(std::string_view text,
                               std::string_view file,
                               absl::Time now,
                               Diagnostics& out);

// The same for a tree; `out` must be empty, and stays empty exactly when the world is good.
World WorldOf(const Value& tree, absl::Time now, Complaints& out);

// What WorldOf reads back to the same world. Settle (change.h) the world first.
Value TreeOf(const World& world);

// The same without what no central store holds: DNS, firewalls, fences, faults, streams.
Value TopologyOf(const World& world);

// Replica::since while it is read: the text does not say.
inline const absl::Time kSinceUnset = absl::UnixEpoch();

// ---- parts of WorldOf, one per file ----
void ReadEdgePools(Section& root, World& world);
void ReadFrontEnds(Section& root, World& world);
void ReadNames(Section& root, World& world);    // domains, partners, DNS
void ReadTrouble(Section& root, World& world);  // firewall, fences, faults
void CheckReferences(const World& world, Complaints& out);

// What a pool has when the text does not say: the names that domain.md §b.7 asks for.
CertificateOnPool DefaultExternalCertificate(const World& world,
                                             std::string_view name,
                                             const EdgePool& pool);
CertificateOnPool DefaultInternalCertificate(std::string_view name);

// Whether `text` is an IPv4 or IPv6 address.
bool IsAddress(std::string_view text);

}  // namespace poolshift::sim
