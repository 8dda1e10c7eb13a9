// Resolving: records through given resolvers (ldns), addresses through them or the system's.
#pragma once

#include <string>
#include <vector>

#include "providers/probe/look/looking.h"

namespace poolshift::probe {

struct Resolved {
  enum class Kind { kFound, kNone, kFailed };
  Kind kind = Kind::kFailed;
  std::vector<std::string> records;  // sorted, as kind DnsRecordSet spells them
  std::int64_t ttl = 0;              // the smallest
  std::string problem;               // of kFailed
};

// One recursive question to one resolver.
Resolved AskResolver(const HostPort& resolver,
                     const std::string& name,
                     const std::string& type,
                     absl::Time deadline);

// A question with `resolve`: all resolvers of `eyes`, side by side. The first that knows it
// answers; how the others differ is its disagreement.
Answer LookUp(const Eyes& eyes, const Question& question, absl::Time deadline);

// The addresses of a host: itself when it is one, else of both families. None: `verdict` says why.
std::vector<std::string> AddressesOf(const Eyes& eyes,
                                     const std::string& host,
                                     absl::Time deadline,
                                     Verdict& verdict);

}  // namespace poolshift::probe
