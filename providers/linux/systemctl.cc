// Units by `systemctl` over SSH; and the choice of the way.
#include <mutex>
#include <utility>

#include "controller/model/try.h"
#include "providers/linux/systemd.h"

namespace poolshift::linux_host {
namespace {

bool Holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What a refusal of systemctl means.
absl::Status Refusal(const Machine& machine, const std::string& what, const ssh::Output& output) {
  const std::string text = what + " on " + machine.name() + ": " + Complaint(output);
  if (Holds(output.err, "Access denied") || Holds(output.err, "authentication required") ||
      Holds(output.err, "authentication is required") || Holds(output.err, "Permission denied")) {
    return absl::PermissionDeniedError(
        text + "; let the account use sudo (`sudo: true`), or allow it by a polkit rule");
  }
  if (Holds(output.err, "not loaded") || Holds(output.err, "not found") ||
      Holds(output.err, "does not exist")) {
    return absl::NotFoundError(text);
  }
  if (Holds(output.err, "is masked") || Holds(output.err, "already exists"))
    return absl::FailedPreconditionError(text);
  return absl::InternalError(text);
}

class Systemctl final : public Systemd {
 public:
  explicit Systemctl(const Machine& machine) : machine_(machine) {}

  absl::StatusOr<Unit> Show(const std::string& unit, absl::Time deadline) override {
    POOLSHIFT_ASSIGN(
        const ssh::Output output,
        machine_.Run({"systemctl", "show", "--property=" + std::string(kProperties), "--", unit},
                     deadline));
    if (output.status != 0) return Refusal(machine_, "systemctl show " + unit, output);
    return UnitFrom(output.out);
  }

  absl::Status Start(const std::string& unit, absl::Time deadline) override {
    return Carry("start", unit, deadline);
  }
  absl::Status Stop(const std::string& unit, absl::Time deadline) override {
    return Carry("stop", unit, deadline);
  }
  absl::Status Restart(const std::string& unit, absl::Time deadline) override {
    return Carry("restart", unit, deadline);
  }

  absl::Status SetStartMode(const std::string& unit,
                            std::string_view mode,
                            absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const Unit now, Show(unit, deadline));
    bool begun = false;
    for (const std::string& verb : ModeVerbs(mode, StartModeOf(now))) {
      const absl::Status status = Carry(verb, unit, deadline);
      // Half of the way is behind it: that is not "nothing was begun".
      if (begun && absl::IsUnavailable(status)) return absl::UnknownError(status.message());
      POOLSHIFT_TRY(status);
      begun = true;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Carry(const std::string& verb, const std::string& unit, absl::Time deadline) {
    POOLSHIFT_ASSIGN(const ssh::Output output,
                     machine_.Run({"systemctl", "--no-ask-password", verb, "--", unit}, deadline));
    if (output.status == 0) return absl::OkStatus();
    return Refusal(machine_, "systemctl " + verb + ' ' + unit, output);
  }

  const Machine machine_;
};

// The bus until it turns out that only the bus cannot be had.
class Either final : public Systemd {
 public:
  explicit Either(const Machine& machine)
      : bus_(MakeBusSystemd(machine)), command_(MakeSystemctl(machine)) {}

  absl::StatusOr<Unit> Show(const std::string& unit, absl::Time deadline) override {
    if (bus_works()) {
      absl::StatusOr<Unit> shown = bus_->Show(unit, deadline);
      if (!absl::IsUnavailable(shown.status())) return shown;
      absl::StatusOr<Unit> other = command_->Show(unit, deadline);
      if (other.ok()) GiveUpTheBus();
      return other.ok() ? other : shown;
    }
    return command_->Show(unit, deadline);
  }

  absl::Status Start(const std::string& unit, absl::Time deadline) override {
    return Chosen().Start(unit, deadline);
  }
  absl::Status Stop(const std::string& unit, absl::Time deadline) override {
    return Chosen().Stop(unit, deadline);
  }
  absl::Status Restart(const std::string& unit, absl::Time deadline) override {
    return Chosen().Restart(unit, deadline);
  }
  absl::Status SetStartMode(const std::string& unit,
                            std::string_view mode,
                            absl::Time deadline) override {
    return Chosen().SetStartMode(unit, mode, deadline);
  }

 private:
  bool bus_works() {
    const std::lock_guard lock(mutex_);
    return bus_works_;
  }
  void GiveUpTheBus() {
    const std::lock_guard lock(mutex_);
    bus_works_ = false;
  }
  // A change is always preceded by a look, which has chosen.
  Systemd& Chosen() { return bus_works() ? *bus_ : *command_; }

  const std::unique_ptr<Systemd> bus_, command_;
  std::mutex mutex_;
  bool bus_works_ = true;
};

}  // namespace

std::vector<std::string> ModeVerbs(std::string_view mode, std::string_view current) {
  std::vector<std::string> verbs;
  if (mode == current) return verbs;
  if (mode == "disabled") return {"mask"};
  if (current == "disabled") verbs.emplace_back("unmask");
  // What was masked may have been enabled before, and still is.
  verbs.emplace_back(mode == "automatic" ? "enable" : "disable");
  return verbs;
}

std::unique_ptr<Systemd> MakeSystemctl(const Machine& machine) {
  return std::make_unique<Systemctl>(machine);
}

std::unique_ptr<Systemd> MakeSystemd(const Machine& machine, Way way) {
  if (way == Way::kSystemctl || machine.has_sudo()) return MakeSystemctl(machine);
  if (way == Way::kBus) return MakeBusSystemd(machine);
  return std::make_unique<Either>(machine);
}

}  // namespace poolshift::linux_host
