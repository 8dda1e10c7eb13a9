#include "controller/manifest/directory.h"

#include <algorithm>

#include "controller/manifest/read_field.h"
#include "controller/manifest/scalar.h"

namespace poolshift::manifest {

namespace {

std::vector<std::string> NamesOfMachines(const Document& document) {
  std::vector<std::string> names = MachineNames(document.At("servers"));
  names.push_back(DnsName(document.At("fqdn")));
  names.push_back(DnsName(document.At("internalFqdn")));
  return names;
}

}  // namespace

const Document* Directory::Add(const Document& document) {
  const std::string_view kind = document.table->kind;
  const auto [entry, added] = named_[kind].try_emplace(document.name, &document);
  if (!added) return entry->second;
  by_kind_[kind].push_back(&document);
  for (std::string& name : NamesOfMachines(document)) {
    if (!name.empty()) by_machine_.try_emplace({kind, std::move(name)}, &document);
  }
  return nullptr;
}

void Directory::Replace(const Document& before, const Document& after) {
  const std::string_view kind = after.table->kind;
  auto entry = named_[kind].extract(before.name);
  entry.key() = after.name;  // a view of the name in the document that stays
  entry.mapped() = &after;
  named_[kind].insert(std::move(entry));
  std::vector<const Document*>& all = by_kind_[kind];
  std::replace(all.begin(), all.end(), &before, &after);
  for (std::string& name : NamesOfMachines(after)) {
    const auto machine = by_machine_.find({kind, std::move(name)});
    if (machine != by_machine_.end() && machine->second == &before) machine->second = &after;
  }
}

const Document* Directory::FindNamed(std::string_view kind, std::string_view name) const {
  const auto names = named_.find(kind);
  if (names == named_.end()) return nullptr;
  const auto found = names->second.find(name);
  return found == names->second.end() ? nullptr : found->second;
}

Directory::Found Directory::Find(const std::vector<std::string_view>& kinds,
                                 std::string_view text) const {
  for (const std::string_view kind : kinds) {
    if (const Document* named = FindNamed(kind, text)) return {named, false};
  }
  const auto machine = ReadDnsName(text);
  if (!machine.ok()) return {};
  for (const std::string_view kind : kinds) {
    const auto found = by_machine_.find({kind, *machine});
    if (found != by_machine_.end()) return {found->second, true};
  }
  return {};
}

std::vector<std::string> Directory::Names(const std::vector<std::string_view>& kinds) const {
  std::vector<std::string> names;
  for (const std::string_view kind : kinds) {
    const auto known = named_.find(kind);
    if (known == named_.end()) continue;
    for (const auto& [name, document] : known->second)
      names.emplace_back(name);
  }
  return names;
}

const std::vector<const Document*>& Directory::OfKind(std::string_view kind) const {
  static const std::vector<const Document*> kNone;
  const auto found = by_kind_.find(kind);
  return found == by_kind_.end() ? kNone : found->second;
}

}  // namespace poolshift::manifest
