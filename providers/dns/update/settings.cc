#include "providers/dns/update/settings.h"

#include <algorithm>

#include "controller/model/diagnostics.h"
#include "fmt/format.h"
#include "providers/dns/update/guard.h"
#include "providers/dns/update/key_source.h"
#include <arpa/inet.h>

namespace poolshift::dns {
namespace {

// One map of the configuration, with the path to it for messages. Members never asked for are
// faults.
class Section {
 public:
  Section(const Value* value, std::string path, std::vector<std::string>& problems)
      : value_(value), path_(std::move(path)), problems_(problems) {
    if (value_ != nullptr && !value_->is_map()) {
      Fault("", "is no map");
      value_ = nullptr;
    }
  }

  const Value* Member(std::string_view key) {
    known_.emplace_back(key);
    return value_ == nullptr ? nullptr : value_->Find(key);
  }

  std::string Text(std::string_view key, std::string_view fallback) {
    const Value* member = Member(key);
    if (member != nullptr && !member->is_string()) Fault(key, "is no text");
    return std::string(member != nullptr && member->is_string() ? member->string() : fallback);
  }

  const Value::List& List(std::string_view key) {
    static const Value::List empty;
    const Value* member = Member(key);
    if (member != nullptr && !member->is_list()) Fault(key, "is no list");
    return member != nullptr && member->is_list() ? member->list() : empty;
  }

  std::string Path(std::string_view key) const {
    if (path_.empty() || key.empty()) return path_ + std::string(key);
    return fmt::format("{}.{}", path_, key);
  }

  void Fault(std::string_view key, std::string_view what) {
    problems_.push_back(fmt::format("`{}` {}", Path(key), what));
  }

  void RefuseOthers() {
    if (value_ == nullptr) return;
    for (const auto& [key, member] : value_->map()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      const std::string close = ClosestName(key, known_);
      Fault(key, close.empty() ? "is unknown" : "is unknown: did you mean `" + close + "`?");
    }
  }

 private:
  const Value* value_;
  std::string path_;
  std::vector<std::string>& problems_;
  std::vector<std::string> known_;
};

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
  const Value* port = section.Member("port");
  const bool number =
      port == nullptr || (port->is_integer() && port->integer() >= 1 && port->integer() <= 65535);
  if (!number) section.Fault("port", "is no port: write a number from 1 to 65535");
  if (port != nullptr && number) server.port = static_cast<std::uint16_t>(port->integer());
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

absl::Duration ReadDuration(Section& section, std::string_view key, absl::Duration fallback) {
  const std::string text = section.Text(key, absl::FormatDuration(fallback));
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration) && duration >= absl::Milliseconds(10) &&
      duration <= absl::Minutes(10)) {
    return duration;
  }
  section.Fault(key, fmt::format("is `{}`: write a time from 10ms to 10m, such as `3s`", text));
  return fallback;
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

  Section timeouts(root.Member("timeouts"), "timeouts", problems);
  settings.query_timeout = ReadDuration(timeouts, "query", settings.query_timeout);
  settings.update_timeout = ReadDuration(timeouts, "update", settings.update_timeout);
  timeouts.RefuseOthers();

  Section tsig(root.Member("tsig"), "tsig", problems);
  const KeyNames names{.name = NormalName(tsig.Text("name", "")),
                       .algorithm = tsig.Text("algorithm", "")};
  tsig.RefuseOthers();
  root.RefuseOthers();
  ReadKey(configuration, names, settings, problems);
  return settings;
}

}  // namespace poolshift::dns
