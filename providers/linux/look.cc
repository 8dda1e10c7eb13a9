#include "providers/linux/look.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

#include "controller/model/try.h"
#include "providers/linux/certificate.h"

namespace poolshift::linux_host {
namespace {

constexpr const char* kWaysInside = "waysInside";
constexpr absl::Duration kInsidePatience = absl::Seconds(5);

Observation With(Presence presence, std::string reason) {
  Observation seen;
  seen.presence = presence;
  seen.reason = std::move(reason);
  return seen;
}

// Only what is out of the ordinary needs words.
std::string Remark(const Unit& unit) {
  const std::string_view state = StateOf(unit);
  const bool failed = unit.active_state == "failed";
  return failed || state == "starting" || state == "stopping" ? "it is " + Described(unit) : "";
}

}  // namespace

Observation Unreachable(std::string reason) {
  return With(Presence::kUnreachable, std::move(reason));
}

Observation Absent(std::string reason) { return With(Presence::kAbsent, std::move(reason)); }

Observation Present(Value properties, std::string remark) {
  Observation seen = With(Presence::kPresent, std::move(remark));
  seen.properties = std::move(properties);
  return seen;
}

Observation Look::Service(std::string_view role) {
  const auto service = server_.services.find(std::string(role));
  const std::string& name = server_.machine.name();
  if (service == server_.services.end())
    return Unreachable("no unit of " + name + " is declared for the role " + std::string(role));
  const absl::StatusOr<Unit> unit = server_.systemd->Show(service->second.unit, deadline_);
  if (!unit.ok()) return Unreachable(std::string(unit.status().message()));
  if (!unit->exists()) return Absent(name + " has no unit " + service->second.unit);
  Observation seen = Present(
      Value::Map{{"state", StateOf(*unit)}, {"startMode", StartModeOf(*unit)}}, Remark(*unit));
  if (StateOf(*unit) == "stopped") {
    seen.properties.Set("listening", false);
  } else {
    AddListening(service->second, seen);
  }
  AddInside(service->first, StateOf(*unit) != "stopped", seen);
  return seen;
}

// A server that does not answer must not use up the time of what is asked after it.
void Look::AddInside(const std::string& role, bool runs, Observation& seen) {
  const auto inside = server_.insides.find(role);
  if (inside == server_.insides.end() || !(runs || inside->second->is_declared())) return;
  if (!runs) {
    seen.unknown.emplace_back(kWaysInside);
    return;
  }
  const absl::Time now = absl::Now();
  const absl::StatusOr<std::optional<Ways>> ways =
      inside->second->Look(now + std::min(kInsidePatience, (deadline_ - now) / 4));
  std::string remark;
  if (!ways.ok()) {
    seen.unknown.emplace_back(kWaysInside);
    remark = "whether it has a way inside is not known: " + std::string(ways.status().message());
  } else if (ways->has_value()) {
    seen.properties.Set(kWaysInside, (*ways)->alive);
    remark = (*ways)->remark;
  }
  if (!remark.empty()) seen.reason += (seen.reason.empty() ? "" : "; ") + remark;
}

void Look::AddListening(const RoleService& service, Observation& seen) {
  const auto& listeners = Listeners();
  if (!listeners.ok()) {
    seen.unknown.emplace_back("listening");
    seen.reason = "whether it listens is not known: " + std::string(listeners.status().message());
    return;
  }
  const auto bound = std::find_if(listeners->begin(), listeners->end(), [&](const Listener& one) {
    return one.port == service.port;
  });
  if (bound == listeners->end()) {
    seen.properties.Set("listening", false);
    if (seen.reason.empty())
      seen.reason = "nothing listens on port " + std::to_string(service.port);
    return;
  }
  const absl::StatusOr<std::string> stranger = HolderOf(*bound, service.unit);
  seen.properties.Set("listening", !stranger.ok() || stranger->empty());
  if (stranger.ok() && !stranger->empty())
    seen.reason = "port " + std::to_string(service.port) + " is held by " + *stranger +
                  ", which is not of " + service.unit;
}

// "" when it is the unit, or when nobody may say; else who holds the port.
absl::StatusOr<std::string> Look::HolderOf(const Listener& listener, const std::string& unit) {
  if (listener.pids.empty()) return std::string();
  std::vector<std::string> words = {"cat"};
  for (const std::int64_t pid : listener.pids)
    words.push_back("/proc/" + std::to_string(pid) + "/cgroup");
  POOLSHIFT_ASSIGN(const ssh::Output output, server_.machine.Run(words, deadline_, "", false));
  if (output.out.empty() || BelongsTo(output.out, unit)) return std::string();
  return listener.program + " (process " + std::to_string(listener.pids.front()) + ')';
}

const absl::StatusOr<std::vector<Listener>>& Look::Listeners() {
  if (listeners_.has_value()) return *listeners_;
  const absl::StatusOr<ssh::Output> output = server_.machine.Run({"ss", "-Hltnp"}, deadline_);
  if (!output.ok()) {
    listeners_ = output.status();
  } else if (output->status != 0) {
    listeners_ = absl::UnavailableError("`ss` on " + server_.machine.name() +
                                        " says: " + Complaint(*output));
  } else {
    listeners_ = ListenersFrom(output->out);
  }
  return *listeners_;
}

Observation Look::Certificate(std::string_view use) {
  const std::string& name = server_.machine.name();
  const auto declared = server_.certificates.find(std::string(use));
  if (declared == server_.certificates.end())
    return Unreachable("no file of " + name + " is declared for the use " + std::string(use));
  const absl::StatusOr<ssh::Output> output =
      server_.machine.Run({"cat", "--", declared->second}, deadline_);
  if (!output.ok()) return Unreachable(std::string(output.status().message()));
  if (output->status != 0 && output->err.find("No such file") != std::string::npos)
    return Absent(name + " has no file " + declared->second);
  if (output->status != 0) return Unreachable(name + ": " + Complaint(*output));
  absl::StatusOr<Value> certificate = CertificateFrom(output->out);
  if (!certificate.ok())
    return Unreachable(name + ": " + declared->second + ' ' +
                       std::string(certificate.status().message()));
  return Present(*std::move(certificate));
}

}  // namespace poolshift::linux_host
