#include "providers/lync/platform/settings.h"

#include <thread>

#include "providers/lync/platform/shells.h"
#include "providers/sdk/section.h"

namespace poolshift::lync {
namespace {

using sdk::Section;

void ReadFlags(Section& config, Settings& settings) {
  const std::string flags = config.Text("flags", "manual");
  if (flags == "xml") {
    settings.flags = FlagMode::kXml;
  } else if (flags != "manual") {
    config.Fault("flags", "is neither `manual` nor `xml`");
  }
}

void ReadTimeouts(Section config, Timeouts& timeouts) {
  timeouts.look = config.Time("look", timeouts.look);
  timeouts.service = config.Time("service", timeouts.service);
  timeouts.graceful = config.Time("graceful", timeouts.graceful);
  timeouts.settle = config.Time("settle", timeouts.settle);
  timeouts.drain = config.Time("drain", timeouts.drain);
  config.RefuseOthers();
}

void ReadDatabases(Section& config, Settings& settings) {
  for (const auto& [pool, value] : config.Map("backupSql")) {
    Section section(&value, config.Path("backupSql") + '.' + pool, config.problems());
    BackupDatabase database;
    database.server = section.Text("server", "");
    database.instance = section.Text("instance", "");
    database.mirror_server = section.Text("mirrorServer", "");
    database.mirror_instance = section.Text("mirrorInstance", "");
    if (database.server.empty())
      section.Fault("server", "is missing: which SQL server has the backup");
    section.RefuseOthers();
    settings.backup_databases.emplace(pool, std::move(database));
  }
}

void ReadAdmin(Section config, ShellMaker& shells, Machines& machines) {
  machines.admin_name = config.Text("name", "");
  if (machines.admin_name.empty()) {
    config.Fault(
        "name",
        "is missing: the machine whose Management Shell reads and writes the central store");
    return;
  }
  machines.admin = &shells.Make(machines.admin_name, config);
  config.RefuseOthers();
}

}  // namespace

Machines::~Machines() {
  std::vector<std::jthread> parting;
  for (std::unique_ptr<Shell>& shell : shells)
    parting.emplace_back([&shell] { shell.reset(); });
}

std::vector<std::string> ReadSettings(const sdk::Configuration& configuration,
                                      Settings& settings,
                                      Machines& machines) {
  std::vector<std::string> problems;
  settings.organization = configuration.organization;
  auto connections = ssh::Connections::Make();
  if (!connections.ok()) return {std::string(connections.status().message())};
  machines.connections = *std::move(connections);
  Section config(&configuration.configuration, "", problems);
  ReadFlags(config, settings);
  ReadTimeouts(config.Below("timeouts"), settings.timeouts);
  ReadDatabases(config, settings);
  ShellMaker shells(configuration, config, machines);
  ReadAdmin(config.Below("admin"), shells, machines);
  for (const auto& [name, value] : config.Map("servers")) {
    Section section(&value, config.Path("servers") + '.' + name, problems);
    machines.servers.emplace(name, &shells.Make(name, section));
    section.RefuseOthers();
  }
  config.RefuseOthers();
  return problems;
}

}  // namespace poolshift::lync
