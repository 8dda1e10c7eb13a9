#include "providers/dns/update/settings.h"

#include <algorithm>

#include "fmt/format.h"
#include "providers/dns/update/guard.h"
#include "providers/dns/update/key_source.h"
#include "providers/sdk/section.h"
#include <arpa/inet.h>

namespace poolshift::dns {
namespace {

using sdk::Section;

bool IsAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

Endpoint ReadServer(Section section) {
  Endpoint server;
  server.address = section.Text("address", "");
  if (!IsAddress(server.address)) {
    section.Fault("address", fmt::format("is `{}`: write an IPv4 or IPv6 address", server.address));
  }
  server.port = section.Port("port", server.port);
  section.RefuseOthers();
  return server;
}

bool ReadOwnership(Section& section, bool fallback) {
  const std::string word = section.Text("ownership", fallback ? "txt" : "none");
  if (word != "txt" && word != "none") {
    section.Fault("ownership", fmt::format("is `{}`: write `txt` or `none`", word));
  }
  return word != "none";
}

Adoption ReadAdoption(Section& section, const Adoption& fallback) {
  const Value* member = section.Member("adopt");
  if (member == nullptr) return fallback;
  Adoption adoption;
  if (member->is_string() && (member->string() == "declared" || member->string() == "none")) {
    adoption.declared = member->string() == "declared";
    return adoption;
  }
  if (!member->is_list()) {
    section.Fault("adopt", "is unknown: write `none`, `declared` or a list of owner names");
    return adoption;
  }
  for (const Value& name : member->list()) {
    const bool fits = name.is_string() && IsOwnerName(NormalName(name.string()));
    if (fits) adoption.names.insert(NormalName(name.string()));
    if (!fits) section.Fault("adopt", fmt::format("holds `{}`, no owner name", DisplayText(name)));
  }
  return adoption;
}

std::vector<Endpoint> ReadServers(Section& section, std::vector<std::string>& problems) {
  std::vector<Endpoint> servers;
  for (const Value& entry : section.List("servers")) {
    const std::string path = fmt::format("{}[{}]", section.Path("servers"), servers.size());
    servers.push_back(ReadServer(Section(&entry, path, problems)));
    if (std::count(servers.begin(), servers.end(), servers.back()) > 1) {
      section.Fault("servers", fmt::format("names {} twice", ToString(servers.back())));
    }
  }
  if (servers.empty()) {
    section.Fault("servers",
                  "is missing: list every authoritative server as {address, port}, the primary "
                  "first");
  }
  return servers;
}

// What a zone has unless it says otherwise.
struct Defaults {
  bool owned = true;
  Adoption adoption;
};

Zone ReadZone(Section section, const Defaults& defaults, std::vector<std::string>& problems) {
  Zone zone;
  zone.name = NormalName(section.Text("zone", ""));
  if (!IsOwnerName(zone.name)) {
    section.Fault("zone", fmt::format("is `{}`: write the zone's name", zone.name));
  }
  zone.servers = ReadServers(section, problems);
  zone.owned = ReadOwnership(section, defaults.owned);
  zone.adoption = ReadAdoption(section, defaults.adoption);
  section.RefuseOthers();
  return zone;
}

void ReadZones(Section& root, Settings& settings, std::vector<std::string>& problems) {
  const Defaults defaults{.owned = ReadOwnership(root, true), .adoption = ReadAdoption(root, {})};
  std::set<std::string> seen;
  for (const Value& entry : root.List("zones")) {
    const std::string path = fmt::format("zones[{}]", settings.zones.size());
    settings.zones.push_back(ReadZone(Section(&entry, path, problems), defaults, problems));
    const Zone& zone = settings.zones.back();
    if (!seen.insert(zone.name).second) {
      problems.push_back(fmt::format("`{}.zone` names {} a second time", path, zone.name));
    }
    if (zone.owned && IsOwnerName(zone.name) && !IsOwnerName(GuardName(zone.name))) {
      problems.push_back(
          fmt::format("`{}.zone` is too long for a marker below it: use `ownership: none`", path));
    }
  }
  if (settings.zones.empty()) {
    problems.push_back("`zones` is missing: list each zone as {zone, servers: [{address, port}]}");
  }
}

}  // namespace

const Zone* Settings::ZoneOf(std::string_view name) const {
  const Zone* best = nullptr;
  for (const Zone& zone : zones) {
    const bool longer = best == nullptr || zone.name.size() > best->name.size();
    if (longer && IsInZone(name, zone.name)) best = &zone;
  }
  return best;
}

Settings ReadSettings(const sdk::Configuration& configuration, std::vector<std::string>& problems) {
  Settings settings;
  settings.organization = configuration.organization;
  if (settings.organization.empty() || settings.organization.size() > 200) {
    problems.push_back("the organisation's name must have 1 to 200 bytes: it is the owner's mark");
  }
  Section root(&configuration.configuration, "", problems);
  ReadZones(root, settings, problems);

  Section timeouts = root.Below("timeouts");
  settings.query_timeout = timeouts.Time("query", settings.query_timeout);
  settings.update_timeout = timeouts.Time("update", settings.update_timeout);
  timeouts.RefuseOthers();

  Section tsig = root.Below("tsig");
  const KeyNames names{.name = NormalName(tsig.Text("name", "")),
                       .algorithm = tsig.Text("algorithm", "")};
  tsig.RefuseOthers();
  root.RefuseOthers();
  ReadKey(configuration, names, settings, problems);
  return settings;
}

}  // namespace poolshift::dns
