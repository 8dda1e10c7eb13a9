#include "controller/federation/import_names.h"

#include <algorithm>
#include <map>

#include "controller/federation/import_machines.h"

namespace poolshift {
namespace {

std::set<std::string> NamesShownBy(const ObservedState& observed,
                                   const EdgePool& pool,
                                   const EdgeServer& server) {
  std::set<std::string> names;
  for (const ResourceId& id : CertificatesOf(pool, server)) {
    const Value* seen = observed.Properties(id);
    const Value* shown = seen == nullptr ? nullptr : seen->Find("names");
    if (shown == nullptr || !shown->is_list()) continue;
    for (const Value& name : shown->list())
      if (name.is_string()) names.insert(name.string());
  }
  return names;
}

}  // namespace

std::string LabelOf(const std::string& name) { return name.substr(0, name.find('.')); }

Naming OnlyAmong(const std::set<std::string>& names) {
  std::map<std::string, std::string> by_label;
  for (const std::string& name : names)
    by_label.try_emplace(LabelOf(name), name);
  if (by_label.size() == 1) return {by_label.begin()->second, false, {}, ""};
  return {"", false, {names.begin(), names.end()}, ""};
}

MachineNames::MachineNames(const ObservedState& observed, const Imported& imported)
    : observed_(observed), imported_(imported) {
  for (const auto& [name, domain] : imported.organization.domains) {
    AddTargets("_sipfederationtls._tcp." + name, by_sip_);
    AddTargets("_sip._tls." + name, by_remote_access_);
    // One target may float between pools; several are the pools' own names.
    const Locator xmpp = LocatorAt(observed_, "_xmpp-server._tcp." + name);
    auto& names = xmpp.targets.size() == 1 ? floating_ : by_xmpp_;
    names.insert(xmpp.targets.begin(), xmpp.targets.end());
  }
}

void MachineNames::AddTargets(const std::string& locator, std::set<std::string>& names) {
  const Locator seen = LocatorAt(observed_, locator);
  names.insert(seen.targets.begin(), seen.targets.end());
}

MachineNames::Leads MachineNames::Follow(const std::string& name,
                                         const ListedMachine& machine) const {
  const Addresses seen = AddressesAt(observed_, name);
  const std::vector<std::string>& own = *machine.addresses;
  const bool there =
      std::any_of(seen.found.begin(), seen.found.end(), [&](const std::string& address) {
        return std::find(own.begin(), own.end(), address) != own.end();
      });
  if (there) return Leads::kThere;
  return seen.unseen.empty() ? Leads::kElsewhere : Leads::kUnseen;
}

bool MachineNames::LeadsToAMachine(const std::string& name) const {
  return std::any_of(
      imported_.machines.begin(), imported_.machines.end(), [&](const auto& machine) {
        return machine.second.addresses.has_value() &&
               Follow(name, machine.second) == Leads::kThere;
      });
}

Naming MachineNames::NamingOf(const EdgePool& pool, const EdgeServer& server) const {
  const ListedMachine& machine = imported_.machines.at(server.fqdn);
  if (!machine.addresses.has_value()) return {};
  std::set<std::string> shown = NamesShownBy(observed_, pool, server);
  for (const std::string& name : floating_)
    shown.erase(name);
  shown.erase(server.fqdn);
  const std::set<std::string> own{server.fqdn};
  const std::set<std::string>* const ranks[] = {
      &by_sip_, &by_xmpp_, &by_remote_access_, &shown, &own};
  for (const auto* names : ranks) {
    std::set<std::string> fitting;
    for (const std::string& name : *names) {
      if (!IsBelowADomain(imported_.organization, name)) continue;
      const Leads leads = Follow(name, machine);
      if (leads == Leads::kUnseen) return {"", false, {}, AddressesAt(observed_, name).unseen};
      if (leads == Leads::kThere) fitting.insert(name);
    }
    if (!fitting.empty()) return OnlyAmong(fitting);
  }
  return BehindTranslation(shown);
}

// Its certificate shows one name in DNS, which leads to none of the machines as they see
// themselves. Where each name leads has been looked at.
Naming MachineNames::BehindTranslation(const std::set<std::string>& shown) const {
  std::set<std::string> fitting;
  for (const std::string& name : shown) {
    if (IsBelowADomain(imported_.organization, name) &&
        !AddressesAt(observed_, name).found.empty() && !LeadsToAMachine(name))
      fitting.insert(name);
  }
  if (fitting.empty()) return {};
  Naming naming = OnlyAmong(fitting);
  naming.is_translated = true;
  return naming;
}

Addresses MachineNames::AddressesNamed(const std::string& external) const {
  Addresses all;
  std::set<std::string> names = floating_;
  for (const auto* more : {&by_sip_, &by_xmpp_, &by_remote_access_})
    names.insert(more->begin(), more->end());
  if (!external.empty()) names.insert(external);
  for (const std::string& name : names) {
    const Addresses seen = AddressesAt(observed_, name);
    all.found.insert(all.found.end(), seen.found.begin(), seen.found.end());
    // Outside the declared domains nobody looks: a traffic manager's name is none of a machine.
    if (all.unseen.empty() && IsBelowADomain(imported_.organization, name))
      all.unseen = seen.unseen;
  }
  return all;
}

}  // namespace poolshift
