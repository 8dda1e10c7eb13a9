// Units by the machine's own bus.
#include <mutex>
#include <optional>
#include <utility>

#include "controller/model/try.h"
#include "providers/linux/bus.h"
#include "providers/linux/systemd.h"

namespace poolshift::linux_host {
namespace {

constexpr const char* kBusSocket = "/run/dbus/system_bus_socket";

const char* MethodOf(std::string_view verb) {
  if (verb == "enable") return "EnableUnitFiles";
  if (verb == "disable") return "DisableUnitFiles";
  if (verb == "mask") return "MaskUnitFiles";
  return "UnmaskUnitFiles";
}

class BusSystemd final : public Systemd {
 public:
  explicit BusSystemd(const Machine& machine) : machine_(machine) {}

  // Looks share one connection, which is made again when it was lost.
  absl::StatusOr<Unit> Show(const std::string& unit, absl::Time deadline) override {
    const std::lock_guard lock(mutex_);
    for (const bool kept : {bus_.has_value(), false}) {
      if (!kept) {
        absl::StatusOr<Bus> connected = Connect(deadline);
        if (!connected.ok()) return connected.status();
        bus_.emplace(*std::move(connected));
      }
      absl::StatusOr<Unit> shown = ShowBy(*bus_, unit, deadline);
      if (shown.ok() || absl::IsPermissionDenied(shown.status())) return shown;
      bus_.reset();
      if (!kept) return absl::UnavailableError(Text(shown.status()));
    }
    return absl::UnavailableError(machine_.name() + ": its system bus was lost");
  }

  absl::Status Start(const std::string& unit, absl::Time deadline) override {
    return Job("StartUnit", unit, deadline);
  }
  absl::Status Stop(const std::string& unit, absl::Time deadline) override {
    return Job("StopUnit", unit, deadline);
  }
  absl::Status Restart(const std::string& unit, absl::Time deadline) override {
    return Job("RestartUnit", unit, deadline);
  }

  absl::Status SetStartMode(const std::string& unit,
                            std::string_view mode,
                            absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const Unit now, Show(unit, deadline));
    POOLSHIFT_ASSIGN(Bus bus, Connect(deadline));
    for (const std::string& verb : ModeVerbs(mode, StartModeOf(now))) {
      const absl::Status changed = bus.ChangeUnitFile(MethodOf(verb), unit, deadline);
      if (!changed.ok()) return {changed.code(), Text(changed)};
    }
    return absl::OkStatus();
  }

 private:
  std::string Text(const absl::Status& status) const {
    return machine_.name() + ": " + std::string(status.message());
  }

  // A forward that ends at once may be one that others gave up in a hurry: it is tried once more.
  absl::StatusOr<Bus> Connect(absl::Time deadline) {
    for (bool again = true;; again = false) {
      POOLSHIFT_ASSIGN(const std::string path,
                       machine_.host().Forward({.path = kBusSocket}, deadline));
      absl::StatusOr<Bus> bus = Bus::Connect(path, deadline);
      if (bus.ok()) return bus;
      if (!again) return absl::UnavailableError(Text(bus.status()));
    }
  }

  // A job has a connection of its own, so that others may look meanwhile.
  absl::Status Job(const char* method, const std::string& unit, absl::Time deadline) {
    POOLSHIFT_ASSIGN(Bus bus, Connect(deadline));
    const absl::Status done = bus.RunJob(method, unit, deadline);
    return done.ok() ? done : absl::Status(done.code(), Text(done));
  }

  static absl::StatusOr<Unit> ShowBy(Bus& bus, const std::string& name, absl::Time deadline) {
    Unit unit;
    const std::string path = UnitPath(name);
    for (const char* interface :
         {"org.freedesktop.systemd1.Unit", "org.freedesktop.systemd1.Service"}) {
      auto properties = bus.Properties(path, interface, deadline);
      // Sockets, targets and units that do not exist have no properties of a service.
      if (!properties.ok() && !unit.load_state.empty() &&
          absl::IsFailedPrecondition(properties.status())) {
        break;
      }
      if (!properties.ok()) return properties.status();
      for (const auto& [key, value] : *properties)
        SetProperty(key, value, unit);
    }
    return unit;
  }

  const Machine machine_;
  std::mutex mutex_;  // guards bus_
  std::optional<Bus> bus_;
};

}  // namespace

std::unique_ptr<Systemd> MakeBusSystemd(const Machine& machine) {
  return std::make_unique<BusSystemd>(machine);
}

}  // namespace poolshift::linux_host
