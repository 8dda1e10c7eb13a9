#include "controller/federation/import_records.h"

#include <algorithm>
#include <cstdlib>

#include "controller/federation/kinds.h"
#include "controller/federation/observed_index.h"

namespace poolshift {
namespace {

const Value::List* RecordsOf(const ObservedState& observed, const ResourceId& id) {
  const Value* properties = observed.Properties(id);
  const Value* records = properties == nullptr ? nullptr : properties->Find("records");
  return records == nullptr || !records->is_list() ? nullptr : &records->list();
}

}  // namespace

Locator LocatorAt(const ObservedState& observed, const std::string& name) {
  Locator locator;
  const ResourceId id = kinds::DnsRecordSet(name, "SRV");
  locator.unseen = WhyUnseen(observed.Find(id));
  const Value::List* records = RecordsOf(observed, id);
  if (records == nullptr) return locator;
  locator.ttl = observed.Properties(id)->IntegerOr("ttl", 0);
  std::vector<std::pair<int, std::string>> found;
  for (const Value& record : *records) {
    const std::string& text = record.string();
    const std::size_t space = text.rfind(' ');
    found.emplace_back(std::atoi(text.c_str()),
                       space == std::string::npos ? text : text.substr(space + 1));
  }
  std::sort(found.begin(), found.end());
  for (const auto& [priority, target] : found)
    locator.targets.push_back(target);
  return locator;
}

Addresses AddressesAt(const ObservedState& observed, const std::string& name) {
  Addresses addresses;
  for (const char* type : {"A", "AAAA"}) {
    const ResourceId id = kinds::DnsRecordSet(name, type);
    const std::string why = WhyUnseen(observed.Find(id));
    if (!why.empty() && addresses.unseen.empty())
      addresses.unseen =
          std::string(type) + " of " + name + " could not be looked at (" + why + ')';
    const Value::List* records = RecordsOf(observed, id);
    if (records == nullptr) continue;
    for (const Value& record : *records)
      addresses.found.push_back(record.string());
  }
  return addresses;
}

}  // namespace poolshift
