#include "providers/host/fence/host_provider.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "controller/model/try.h"
#include "providers/linux/service_change.h"
#include "providers/sip/server/sip_provider.h"
#include "providers/xmpp/server/xmpp_provider.h"

namespace poolshift::host {
namespace {

using linux_host::Complaint;
using linux_host::Present;
using linux_host::Unreachable;

const std::vector<std::string> kList = {"nft", "-j", "list", "table", "inet", "poolshift"};
const std::vector<std::string> kCarryOut = {"nft", "-f", "-"};

Value Shown(const FenceState& state) {
  return Value::Map{{"mode", state.mode}, {"expires", state.expires}};
}

FenceState Wanted(const Action& action) {
  FenceState state;
  state.mode = action.after.StringOr("mode", action.before.StringOr("mode", "none"));
  state.expires = action.after.StringOr("expires", action.before.StringOr("expires", ""));
  return state;
}

}  // namespace

void HostProvider::ReadOwn(sdk::Section& root) {
  sdk::Section routers = root.Below("routers");
  for (const auto& [name, value] : root.Map("routers")) {
    sdk::Section section = routers.Below(name);
    Router router;
    router.machine = inventory().ReadMachine(name, section);
    for (const std::string& text : section.Texts("fences")) {
      const auto network = Network::Parse(text);
      if (network.has_value()) router.networks.push_back(*network);
      if (!network.has_value())
        section.Fault("fences", "holds `" + text + "`: write networks, such as 203.0.113.0/24");
    }
    if (section.List("fences").empty())
      section.Fault("fences", "is missing: list the networks that it stands before");
    section.RefuseOthers();
    if (router.machine != nullptr) routers_.push_back(std::move(router));
  }
}

void HostProvider::ReadOwnOf(linux_host::Server& server, sdk::Section& section) {
  if (section.Has("xmpp")) {
    sdk::Section xmpp = section.Below("xmpp");
    if (auto streams = xmpp::ReadStreams(server, xmpp))
      AddStreams(server, "xmpp", xmpp::kRole, std::move(streams));
    xmpp.RefuseOthers();
  }
  if (section.Has("sip")) {
    sdk::Section sip = section.Below("sip");
    AddStreams(server, "sip", sip::kRole, sip::ReadStreams(server, sip));
    sip.RefuseOthers();
  }
}

std::vector<KindSchema> HostProvider::OwnKinds() const {
  std::vector<KindSchema> served = StreamProvider::OwnKinds();
  if (!routers_.empty()) served.push_back(*kinds::FindKindSchema(kinds::kFence));
  return served;
}

// The router with the narrowest network around the address.
absl::StatusOr<HostProvider::Spot> HostProvider::SpotOf(const ResourceId& id) const {
  Spot spot;
  const auto address = Address::Parse(linux_host::ServerOf(id));
  const std::string port = linux_host::LastPartOf(id);
  const bool is_number =
      !port.empty() && port.size() < 6 && std::all_of(port.begin(), port.end(), [](char digit) {
        return digit >= '0' && digit <= '9';
      });
  if (!address.has_value() || !is_number)
    return absl::InvalidArgumentError(ToString(id) + " is no address and port");
  spot.address = *address;
  spot.port = std::stoi(port);
  int bits = -1;
  for (const Router& router : routers_) {
    for (const Network& network : router.networks) {
      if (!network.Holds(*address) || network.bits <= bits) continue;
      bits = network.bits;
      spot.router = &router;
    }
  }
  if (spot.router == nullptr)
    return absl::UnavailableError("no router in `routers` stands before " + address->text);
  return spot;
}

std::string HostProvider::PlaceOf(const ResourceId& id) const {
  if (id.kind != kinds::kFence) return StreamProvider::PlaceOf(id);
  const auto spot = SpotOf(id);
  return spot.ok() ? "router " + spot->router->machine->name() : "";
}

absl::StatusOr<FenceState> HostProvider::StateAt(const Spot& spot, absl::Time deadline) const {
  const linux_host::Machine& machine = *spot.router->machine;
  POOLSHIFT_ASSIGN(const ssh::Output output, machine.Run(kList, deadline));
  if (output.status == 0) return FenceIn(output.out, spot.address, spot.port);
  if (output.status == 1 && output.err.rfind("Error: No such file or directory", 0) == 0)
    return FenceState{};  // no table, no fence
  const std::string text = machine.name() + ": " + Complaint(output);
  if (output.err.find("not permitted") != std::string::npos)
    return absl::PermissionDeniedError(text +
                                       "; use `sudo: true` or an account with CAP_NET_ADMIN");
  return absl::UnavailableError(text);
}

Observation HostProvider::ObserveOwn(const ResourceId& id,
                                     linux_host::Look* look,
                                     absl::Time deadline) {
  if (id.kind != kinds::kFence) return StreamProvider::ObserveOwn(id, look, deadline);
  const auto spot = SpotOf(id);
  if (!spot.ok()) return Unreachable(std::string(spot.status().message()));
  const auto state = StateAt(*spot, deadline);
  if (!state.ok()) return Unreachable(std::string(state.status().message()));
  return Present(Shown(*state));
}

absl::Status HostProvider::Change(const Spot& spot, const Action& action, sdk::Call& call) const {
  POOLSHIFT_ASSIGN(const FenceState before, StateAt(spot, call.deadline()));
  POOLSHIFT_ASSIGN(const std::string script,
                   FenceScript(spot.address, spot.port, before, Wanted(action), absl::Now()));
  call.Progress("nft -f - on " + spot.router->machine->name());
  POOLSHIFT_ASSIGN(const ssh::Output output,
                   spot.router->machine->Run(kCarryOut, call.deadline(), script));
  if (output.status == 0) return absl::OkStatus();
  const std::string text = spot.router->machine->name() + ": " + Complaint(output);
  if (output.err.find("not permitted") != std::string::npos)
    return absl::PermissionDeniedError(text);
  if (output.err.find("File exists") != std::string::npos ||
      output.err.find("No such file") != std::string::npos) {
    return absl::AbortedError(text);
  }
  return absl::InternalError(text);
}

sdk::Result HostProvider::ApplyOwn(const Action& action, sdk::Call& call) {
  if (action.target.kind != kinds::kFence) return StreamProvider::ApplyOwn(action, call);
  if (action.after.is_null())
    return linux_host::Failed(
        absl::FailedPreconditionError("a fence is lifted by `mode: none`, not deleted"), true);
  const auto spot = SpotOf(action.target);
  if (!spot.ok()) return linux_host::Failed(spot.status(), true);
  if (const FenceState wanted = Wanted(action); wanted.mode == "none" && !wanted.expires.empty())
    return linux_host::Failed(
        absl::FailedPreconditionError("where no fence stands (`mode: none`) nothing expires"),
        true);
  const absl::Status done = Change(*spot, action, call);
  sdk::Result result;
  if (absl::IsAborted(done)) {  // nft takes a script as a whole, or not at all
    result.outcome = sdk::Outcome::kConflict;
    result.message = "the fence was changed by somebody else meanwhile; plan again (" +
                     std::string(done.message()) + ')';
    return result;
  }
  if (!done.ok()) return linux_host::Failed(done, true);
  result.outcome = sdk::Outcome::kDone;
  result.observation = ObserveOwn(action.target, nullptr, call.deadline());
  return result;
}

std::vector<std::string> HostProvider::PreviewOwn(const Action& action) {
  if (action.target.kind != kinds::kFence) return StreamProvider::PreviewOwn(action);
  const auto spot = SpotOf(action.target);
  if (!spot.ok()) return {"# " + std::string(spot.status().message())};
  FenceState before;
  before.mode = action.before.StringOr("mode", "none");
  before.expires = action.before.StringOr("expires", "");
  before.recorded = before.mode != "none" || !before.expires.empty();
  const auto script = FenceScript(spot->address, spot->port, before, Wanted(action), std::nullopt);
  if (!script.ok()) return {"# " + std::string(script.status().message())};
  std::vector<std::string> lines = {linux_host::Typed(*spot->router->machine, kCarryOut) +
                                    " << 'END'"};
  for (std::size_t at = 0; at < script->size();) {
    const std::size_t end = script->find('\n', at);
    lines.push_back(script->substr(at, end - at));
    at = end + 1;
  }
  lines.emplace_back("END");
  return lines;
}

}  // namespace poolshift::host
