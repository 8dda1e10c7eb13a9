// Settings of provider `lync`, read strictly from its configuration (docs/lync.md).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "providers/lync/shell/shell.h"
#include "providers/sdk/service.h"
#include "providers/ssh/connections.h"

namespace poolshift::lync {

// How the two pool flags are changed, which have no cmdlet.
enum class FlagMode { kManual, kXml };

// The SQL back end that takes the central store over when its master is dead.
struct BackupDatabase {
  std::string server, instance, mirror_server, mirror_instance;
};

struct Timeouts {
  absl::Duration look = absl::Seconds(25);
  absl::Duration service = absl::Seconds(90);
  absl::Duration graceful = absl::Seconds(10);
  absl::Duration settle = absl::Seconds(2);
  absl::Duration drain = absl::Seconds(100);
};

struct Settings {
  std::string organization;
  FlagMode flags = FlagMode::kManual;
  std::map<std::string, BackupDatabase> backup_databases;  // by pool
  Timeouts timeouts;
};

// The machines that commands run on.
struct Machines {
  Machines() = default;
  Machines(Machines&&) = default;
  Machines& operator=(Machines&&) = default;
  // Parts from all of them side by side: one that does not answer costs its time once.
  ~Machines();

  std::unique_ptr<ssh::Connections> connections;
  std::vector<std::unique_ptr<Shell>> shells;
  std::string admin_name;
  Shell* admin = nullptr;
  std::map<std::string, Shell*> servers;  // by FQDN
};

// Every fault, in words; empty = ready.
std::vector<std::string> ReadSettings(const sdk::Configuration& configuration,
                                      Settings& settings,
                                      Machines& machines);

}  // namespace poolshift::lync
