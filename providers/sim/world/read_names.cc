// Domains, partners, DNS, links, firewall, fences and faults of a world file.
#include <algorithm>
#include <array>

#include "providers/sim/world/dns_record.h"
#include "providers/sim/world/world_file.h"
#include <arpa/inet.h>

namespace poolshift::sim {
namespace {

constexpr std::string_view kNegotiationWords = "required, optional, notSupported";

std::optional<std::string> ParseNegotiation(std::string_view text) {
  if (text == "required" || text == "optional" || text == "notSupported") return std::string(text);
  return std::nullopt;
}

void ReadPartner(const std::string& name,
                 const Value& value,
                 const std::string& path,
                 World& world,
                 Complaints& out) {
  CheckHostName(name, path, out);
  Section section(&value, path, out);
  Partner partner;
  partner.sip = section.Flag("sip", true);
  partner.xmpp = section.Flag("xmpp", true);
  partner.streams = static_cast<int>(section.Integer("streams", 1));
  partner.tls = section.Word<std::string>("tls", "required", ParseNegotiation, kNegotiationWords);
  partner.sasl = section.Word<std::string>("sasl", "required", ParseNegotiation, kNegotiationWords);
  partner.dialback = section.Flag("dialback", false);
  world.partners[name] = std::move(partner);
}

std::optional<CachedRecords> ReadCached(Section& section) {
  if (!section.Has("cached") && !section.Has("cachedUntil")) return std::nullopt;
  return CachedRecords{section.Texts("cached"),
                       section.Moment("cachedUntil", absl::InfinitePast())};
}

// `xmpp.contoso.com/A: [203.0.113.11]`, or a map to say more.
void ReadRecordSet(const std::string& key, const Value& value, Section& records, World& world) {
  const bool brief = value.is_list() || value.is_string();
  const Value as_map = brief ? Value(Value::Map{{"records", value}}) : value;
  Section section(&as_map, records.PathOf(key), records.complaints());
  RecordSet set;
  set.records = section.Texts("records");
  set.ttl = section.Integer("ttl", world.dns.ttl);
  set.owner = section.Text("owner", world.dns.owner);
  set.cached = ReadCached(section);
  std::ranges::sort(set.records);
  const std::string fault = RecordSetFault(key, set.records);
  if (!fault.empty()) section.Complain("", fault);
  world.dns.records[key] = std::move(set);
}

void ReadDns(Section& root, World& world) {
  Section section(root.Take("dns"), "dns", root.complaints());
  world.dns.ttl = section.Integer("ttl", world.dns.ttl);
  world.dns.negative_ttl =
      section.Integer("negativeTtl", std::min<std::int64_t>(60, world.dns.ttl));
  world.dns.serial = section.Integer("serial", 1);
  world.dns.owner = section.Text("owner", world.organization);
  Section records(section.Take("records"), "dns/records", root.complaints());
  records.ForEach("", [&](const auto& key, const Value& value, const auto&) {
    ReadRecordSet(key, value, records, world);
  });
}

// Calls `each` with a section for every item of a list of maps.
template <typename Each>
void ForEachItem(Section& root, std::string_view key, const Each& each) {
  const Value* list = root.Take(key);
  if (list == nullptr) return;
  if (!list->is_list()) {
    root.Complain(key, "`" + std::string(key) + "` must be a list");
    return;
  }
  for (std::size_t i = 0; i < list->list().size(); ++i) {
    Section item(&list->list()[i], root.PathOf(key) + '/' + std::to_string(i), root.complaints());
    each(item);
  }
}

void ReadLinks(Section& root, World& world) {
  ForEachItem(root, "links", [&](Section& item) {
    LinkKey key{item.Text("partner"), item.Text("domain"), Protocol::kSip};
    key.protocol = item.Word("protocol", Protocol::kSip, ParseProtocol, "sip, xmpp");
    Link link{{}, item.Moment("retryAt", absl::InfinitePast())};
    Section servers(item.Take("servers"), item.PathOf("servers"), root.complaints());
    servers.ForEach("", [&](const auto& name, const Value&, const auto&) {
      link.servers[name] = servers.Moment(name, absl::InfinitePast());
    });
    if (world.partners.contains(key.partner) && world.domains.contains(key.domain)) {
      world.links[key] = std::move(link);
    }
  });
}

std::optional<FenceRule::Mode> ParseFenceMode(std::string_view text) {
  if (text == "reset") return FenceRule::Mode::kReset;
  if (text == "drop") return FenceRule::Mode::kDrop;
  return std::nullopt;
}

std::optional<FirewallRule::Mode> ParseFirewallMode(std::string_view text) {
  for (const auto mode :
       {FirewallRule::Mode::kDrop, FirewallRule::Mode::kReset, FirewallRule::Mode::kTurnBack}) {
    if (text == Name(mode)) return mode;
  }
  return std::nullopt;
}

void ReadFault(Section& item, World& world) {
  FaultRule rule;
  rule.resource = item.Text("resource", "*");
  rule.operation = item.Word(
      "operation", rule.operation, ParseOperation, "observe, preview, apply, lookup, export");
  rule.trouble = item.Word("fault",
                           rule.trouble,
                           ParseTrouble,
                           "latency, error, lostReply, hang, crash, blackout, halfDone");
  rule.times = static_cast<int>(item.Integer("times", 0));
  rule.after = static_cast<int>(item.Integer("after", 0));
  rule.delay = item.Duration("delay", rule.delay);
  rule.after_effect = item.Flag("afterEffect", false);
  rule.pools = item.Texts("pools");
  rule.message = item.Text("message", "");
  world.faults.push_back(std::move(rule));
}

}  // namespace

bool IsAddress(std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> buffer{};
  const std::string address(text);
  return inet_pton(AF_INET, address.c_str(), buffer.data()) == 1 ||
         inet_pton(AF_INET6, address.c_str(), buffer.data()) == 1;
}

void ReadNames(Section& root, World& world) {
  root.ForEach("domains", [&](const auto& name, const Value& value, const auto& path) {
    CheckHostName(name, path, root.complaints());
    Section section(&value, path, root.complaints());
    world.domains[name] = {section.Flag("sip", true), section.Flag("xmpp", true)};
  });
  root.ForEach("partners", [&](const auto& name, const Value& value, const auto& path) {
    ReadPartner(name, value, path, world, root.complaints());
  });
  ReadDns(root, world);
  ReadLinks(root, world);
}

void ReadTrouble(Section& root, World& world) {
  ForEachItem(root, "firewall", [&](Section& item) {
    FirewallRule rule{
        item.Text("from", "*"),
        item.Text("to", "*"),
        static_cast<int>(item.Integer("port", 0)),
        item.Word(
            "answer", FirewallRule::Mode::kDrop, ParseFirewallMode, "drop, reset, unreachable")};
    world.firewall.push_back(std::move(rule));
  });
  root.ForEach("fences", [&](const auto& name, const Value& value, const auto& path) {
    Section section(&value, path, root.complaints());
    world.fences[name] = {
        section.Word("mode", FenceRule::Mode::kReset, ParseFenceMode, "reset, drop"),
        section.Moment("expires", absl::InfiniteFuture())};
  });
  ForEachItem(root, "faults", [&](Section& item) { ReadFault(item, world); });
}

}  // namespace poolshift::sim
