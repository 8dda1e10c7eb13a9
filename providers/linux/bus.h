// Bus: one connection to a machine's system bus, through a forwarded socket. Thin over sd-bus.
// Thread-compatible.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct sd_bus;

namespace poolshift::linux_host {

class Bus {
 public:
  // Unavailable when nobody, or no bus, answers at the far end.
  static absl::StatusOr<Bus> Connect(const std::string& socket_path, absl::Time deadline);

  // Properties of an object that are texts or numbers, as text.
  absl::StatusOr<std::map<std::string, std::string>> Properties(const std::string& object,
                                                                const char* interface,
                                                                absl::Time deadline);

  // StartUnit or StopUnit, and the end of its job.
  absl::Status RunJob(const char* method, const std::string& unit, absl::Time deadline);

  // EnableUnitFiles, DisableUnitFiles, MaskUnitFiles, UnmaskUnitFiles; then Reload.
  absl::Status ChangeUnitFile(const char* method, const std::string& unit, absl::Time deadline);

 private:
  struct Closer {
    void operator()(sd_bus* bus) const;
  };
  explicit Bus(sd_bus* bus) : bus_(bus) {}
  std::unique_ptr<sd_bus, Closer> bus_;
};

// "/org/freedesktop/systemd1/unit/prosody_2eservice"
std::string UnitPath(const std::string& unit);

}  // namespace poolshift::linux_host
