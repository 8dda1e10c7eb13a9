#include "providers/lync/platform/order.h"

#include <algorithm>

#include "absl/strings/str_join.h"

#include "providers/lync/text/json_value.h"

namespace poolshift::lync {

using sdk::Outcome;
using sdk::Result;

Result Not(Outcome outcome, std::string message, bool retryable) {
  Result result;
  result.outcome = outcome;
  result.message = std::move(message);
  result.retryable = retryable;
  return result;
}

// The SDK looks for the change and puts what it saw into the result.
Result Done() {
  Result result;
  result.outcome = Outcome::kDone;
  return result;
}

Result FailedWrite(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kUnreachable:
      return Not(Outcome::kFailed, fault.text + "; nothing was changed", true);
    case FaultKind::kPermission:
      return Not(Outcome::kPermission, fault.text + "; nothing was changed");
    case FaultKind::kConflict:
      return Not(Outcome::kConflict, fault.text + "; nothing was changed, plan again");
    case FaultKind::kNotSupported:
      return Not(Outcome::kUnsupported, fault.text + "; nothing was changed");
    case FaultKind::kFatal:
      // Our own scripts say this before they write.
      if (fault.text.find("poolshift: ") != std::string::npos)
        return Not(Outcome::kFailed, fault.text);
      [[fallthrough]];
    case FaultKind::kLost:
    case FaultKind::kRetryable:
      break;
  }
  return Not(Outcome::kEffectUnknown, fault.text);
}

bool HasMode(const Action& action, std::string_view mode) {
  return std::ranges::find(action.modes, mode) != action.modes.end();
}

const Value* Changed(const Action& action, std::string_view property) {
  const Value* wanted = action.after.Find(property);
  if (wanted == nullptr) return nullptr;
  const Value* before = action.before.Find(property);
  return before != nullptr && *before == *wanted ? nullptr : wanted;
}

std::string InternalIdentity(const TopologyDocument& document,
                             const std::string& fqdn,
                             std::string_view other) {
  if (fqdn.empty()) return "";
  const auto pool = document.internal_pools().find(fqdn);
  if (pool == document.internal_pools().end()) return std::string(other) + ':' + fqdn;
  return (pool->second.director ? "Director:" : "Registrar:") + fqdn;
}

namespace {

// Merges one pool's wanted members; a text says why it cannot be.
std::string MergePool(const std::string& name,
                      const Value& members,
                      const EdgePoolInDocument& now,
                      const TopologyDocument& document,
                      TopologyChange& change) {
  WantedFlags flags;
  for (const auto& [key, member] : members.map()) {
    if (key == "federation" && member.is_bool()) {
      if (member.boolean() != now.federation) flags.federation = member.boolean();
    } else if (key == "xmpp" && member.is_bool()) {
      if (member.boolean() != now.xmpp) flags.xmpp = member.boolean();
    } else if (key == "nextHop" && member.is_string()) {
      if (member.string() == now.next_hop) continue;
      if (!document.internal_pools().contains(member.string()))
        return "the next hop " + member.string() + " is neither Front End pool nor Director";
      change.hops[name] = InternalIdentity(document, member.string(), "Registrar");
    } else {
      return "`" + key + "` of " + name +
             " is none of federation, xmpp, nextHop, or has the wrong type";
    }
  }
  if (flags.federation || flags.xmpp) change.flags[name] = flags;
  return "";
}

bool Agrees(const Value& before, const EdgePoolInDocument& now) {
  return before.BooleanOr("federation", now.federation) == now.federation &&
         before.BooleanOr("xmpp", now.xmpp) == now.xmpp &&
         before.StringOr("nextHop", now.next_hop) == now.next_hop;
}

}  // namespace

std::optional<Result> PlanTopologyChange(const Action& action,
                                         const TopologyDocument& document,
                                         TopologyChange& change) {
  const Value* wanted = action.after.Find("pools");
  const Value* before = action.before.Find("pools");
  if (wanted == nullptr || !wanted->is_map())
    return Not(Outcome::kFailed, "the change names no pools");
  for (const auto& [name, members] : wanted->map()) {
    const auto now = document.edge_pools().find(name);
    if (now == document.edge_pools().end()) {
      return Not(Outcome::kFailed,
                 "there is no Edge pool " + name +
                     " in the topology; pools are added in Topology Builder. Nothing was changed");
    }
    const Value* was = before == nullptr ? nullptr : before->Find(name);
    if (was != nullptr && !Agrees(*was, now->second)) {
      return Not(
          Outcome::kConflict,
          "Edge pool " + name + " is not as the plan saw it; nothing was changed, plan again");
    }
    if (!members.is_map()) return Not(Outcome::kFailed, "the entry of " + name + " is no map");
    const std::string fault = MergePool(name, members, now->second, document, change);
    if (!fault.empty()) return Not(Outcome::kFailed, fault + "; nothing was changed");
  }
  return std::nullopt;
}

Value::Map ServiceArguments(const ServiceKey& key, const Timeouts& timeouts) {
  return {{"name", key.name},
          {"display", key.display},
          {"state", ""},
          {"mode", ""},
          {"restart", false},
          {"seconds", absl::ToInt64Seconds(timeouts.service)},
          {"graceful", absl::ToInt64Seconds(timeouts.graceful)},
          {"settle", absl::ToInt64Seconds(timeouts.settle)}};
}

Result JudgeService(const Answer& answer) {
  if (answer.fault) return FailedWrite(*answer.fault);
  const std::string name(answer.value.StringOr("name", ""));
  const std::string status(answer.value.StringOr("status", ""));
  if (answer.value.BooleanOr("reached", false)) return Done();
  const bool stuck = status.ends_with("Pending");
  return Not(Outcome::kEffectUnknown,
             name + " is " + status +
                 (stuck ? ": it is stuck. Look at its process on the server (sc.exe queryex " +
                              name + "), end that by hand if it must be, then plan again"
                        : ": it did not stay as it was told. Look at the Lync Server event log of "
                          "the server"));
}

Result JudgeBootstrapper(const std::string& server, const Answer& answer) {
  if (answer.fault) return FailedWrite(*answer.fault);
  if (const Value* host = answer.value.Find("host")) {
    return Not(
        Outcome::kFailed,
        "the computer calls itself " + DisplayText(*host) + ", the topology calls it " + server +
            ": Bootstrapper would find no roles and leave it disabled. Set the DNS suffix of the "
            "computer; nothing was changed");
  }
  if (answer.value.Find("stale") != nullptr) {
    return Not(
        Outcome::kFailed,
        "the local copy of the topology on " + server +
            " is not the master's yet, and Bootstrapper installs what that copy says; nothing was "
            "changed, wait for replication",
        true);
  }
  const std::int64_t status = answer.value.IntegerOr("status", -1);
  if (status == 0) return Done();
  return Not(Outcome::kEffectUnknown,
             "Bootstrapper ended with status " + std::to_string(status) + ": " +
                 absl::StrJoin(TextsOf(answer.value.Find("log")), " | "));
}

Result JudgeDrain(const Answer& answer, absl::Duration patience) {
  if (answer.fault) return FailedWrite(*answer.fault);
  const std::int64_t left = answer.value.IntegerOr("left", -1);
  if (left == 0) return Done();
  return Not(Outcome::kEffectUnknown,
             std::to_string(left) + " peer connections were still there after " +
                 absl::FormatDuration(patience) +
                 "; nothing is turned away any more. Fence the address, or wait and plan again");
}

bool InPoolByOwnCopy(Shell& server,
                     const std::string& name,
                     std::string_view pool,
                     absl::Time deadline) {
  const Facts own = LookAtServer(server, {"document"}, deadline);
  return own.document() != nullptr && own.document()->PoolOf(name) == pool;
}

}  // namespace poolshift::lync
