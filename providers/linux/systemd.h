// Systemd: units of one machine. Two ways to it: the bus of the machine, forwarded over SSH, and
// `systemctl` there. Thread-safe.
//
// Errors: PermissionDenied (polkit or sudo), NotFound (no such unit), FailedPrecondition (masked,
// or the job was refused; nothing was changed), Internal (the job was carried out and failed),
// DeadlineExceeded and Unknown (begun, and the end is not known), Unavailable (not begun).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/linux/machine.h"
#include "providers/linux/unit.h"

namespace poolshift::linux_host {

class Systemd {
 public:
  virtual ~Systemd() = default;

  virtual absl::StatusOr<Unit> Show(const std::string& unit, absl::Time deadline) = 0;

  // These wait for the end of the job.
  virtual absl::Status Start(const std::string& unit, absl::Time deadline) = 0;
  virtual absl::Status Stop(const std::string& unit, absl::Time deadline) = 0;
  // One job, which systemd ends also when nobody waits for it any more.
  virtual absl::Status Restart(const std::string& unit, absl::Time deadline) = 0;

  // `mode`: automatic | manual | disabled. Enables, disables, masks; unmasks first where needed.
  virtual absl::Status SetStartMode(const std::string& unit,
                                    std::string_view mode,
                                    absl::Time deadline) = 0;
};

enum class Way {
  kAuto,  // the bus; `systemctl` for good when the bus cannot be reached though the host can
  kBus,
  kSystemctl,  // always with sudo, which the bus knows nothing of
};

std::unique_ptr<Systemd> MakeSystemd(const Machine& machine, Way way);

// The two ways by themselves.
std::unique_ptr<Systemd> MakeBusSystemd(const Machine& machine);
std::unique_ptr<Systemd> MakeSystemctl(const Machine& machine);

// The verbs of systemctl that lead to `mode`, in order, without the unit.
std::vector<std::string> ModeVerbs(std::string_view mode, std::string_view current);

}  // namespace poolshift::linux_host
