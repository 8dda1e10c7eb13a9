// The part of import that knows how machines outside any topology are called from outside.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "controller/federation/import.h"
#include "controller/federation/import_records.h"

namespace poolshift {

// What is known of how a machine, or a pool, is called from outside.
struct Naming {
  std::string name;               // "" = not known
  bool is_translated = false;     // it leads to none of the machine's own addresses
  std::vector<std::string> many;  // several would do
  std::string unseen;             // what could not be looked at, so that another might do, too
};

// Of "sip1.contoso.com", "sip1".
std::string LabelOf(const std::string& name);

// A pool keeps its label in every domain, so names with one label are one name.
Naming OnlyAmong(const std::set<std::string>& names);

// Borrows both, which must outlive it and keep their domains and machines. Thread-compatible.
class MachineNames {
 public:
  MachineNames(const ObservedState& observed, const Imported& imported);

  // What records call it goes before what its certificate says, and its own name comes last. A name
  // of which nobody knows where it leads could be its own, so then nothing less is taken.
  Naming NamingOf(const EdgePool& pool, const EdgeServer& server) const;

  // Every address that records name, and those of this external name ("" = none).
  Addresses AddressesNamed(const std::string& external) const;

 private:
  enum class Leads { kThere, kElsewhere, kUnseen };

  void AddTargets(const std::string& locator, std::set<std::string>& names);
  Leads Follow(const std::string& name, const ListedMachine& machine) const;
  bool LeadsToAMachine(const std::string& name) const;
  Naming BehindTranslation(const std::set<std::string>& shown) const;

  const ObservedState& observed_;
  const Imported& imported_;
  std::set<std::string> by_sip_, by_xmpp_, by_remote_access_;  // what SRV records name
  std::set<std::string> floating_;  // names that XMPP leads to and that may be any pool's
};

}  // namespace poolshift
