// Silence: an Edge server that nobody inside can look at and that answers nobody outside. One
// server of several may be silent while its pool serves: it is left out by name, never guessed
// about.
#pragma once

#include <string>
#include <vector>

#include "controller/federation/organization.h"
#include "controller/model/observation.h"

namespace poolshift {

// Neither its services nor its replica could be looked at, no vantage reaches it, and for at least
// one protocol as many vantages as the policy requires fail on every address (D3). A server that
// nobody asked about from outside is not silent.
bool IsSilent(const Organization& organization,
              const ObservedState& observed,
              const EdgeServer& server);

// What a vantage saw (the properties of a Reachability) is no answer of the server's: something on
// the way drops what is sent there, or sends back that there is no way.
bool IsWalled(const Value& seen);

// The pool's servers without the silent ones; all of them when all are silent: then the pool as a
// whole is judged. Borrowed from the pool.
std::vector<const EdgeServer*> AnsweringServers(const Organization& organization,
                                                const ObservedState& observed,
                                                const EdgePool& pool);

// Their addresses, sorted: what a record may name (D7).
std::vector<std::string> AnsweringAddresses(const Organization& organization,
                                            const ObservedState& observed,
                                            const EdgePool& pool);

}  // namespace poolshift
