// Parts of a change that need no session: what an action wants, and what an answer means. Pure, but
// for InPoolByOwnCopy.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "providers/lync/platform/changer.h"
#include "providers/lync/platform/show_server.h"

namespace poolshift::lync {

struct Changer::Order {
  const Action& action;
  std::string key;
  sdk::Call& call;
};

sdk::Result Not(sdk::Outcome outcome, std::string message, bool retryable = false);
sdk::Result Done();

// After a write was tried. Only some faults tell that it did not happen; of the others nobody
// knows.
sdk::Result FailedWrite(const Fault& fault);

bool HasMode(const Action& action, std::string_view mode);
// The wanted value of a property that is to change; else null. Borrowed.
const Value* Changed(const Action& action, std::string_view property);

// "Registrar:frontend1.contoso.com"; a Director or, for anything that is no internal pool, `other`;
// "" for "".
std::string InternalIdentity(const TopologyDocument& document,
                             const std::string& fqdn,
                             std::string_view other);

struct TopologyChange {
  std::map<std::string, WantedFlags> flags;
  std::map<std::string, std::string> hops;  // Edge pool -> identity of the next hop
  bool edits() const { return !flags.empty(); }
};
// A result when the action cannot be carried out on this document.
std::optional<sdk::Result> PlanTopologyChange(const Action& action,
                                              const TopologyDocument& document,
                                              TopologyChange& change);

Value::Map ServiceArguments(const ServiceKey& key, const Timeouts& timeouts);
sdk::Result JudgeService(const Answer& answer);
sdk::Result JudgeBootstrapper(const std::string& server, const Answer& answer);
sdk::Result JudgeDrain(const Answer& answer, absl::Duration patience);

// When the store cannot say it: what the server's own copy says.
bool InPoolByOwnCopy(Shell& server,
                     const std::string& name,
                     std::string_view pool,
                     absl::Time deadline);

}  // namespace poolshift::lync
