#include "controller/manifest/read_field.h"

#include "absl/status/statusor.h"

#include "controller/manifest/scalar.h"

namespace poolshift::manifest {
namespace {

bool IsScalar(yaml::Node node) { return node && node.is_scalar(); }

using ReadText = absl::StatusOr<std::string> (*)(std::string_view);

std::vector<std::string> ReadAll(yaml::Node list, ReadText read) {
  std::vector<std::string> values;
  if (!list || !list.is_list()) return values;
  for (yaml::Node item = list.first(); item; item = item.next()) {
    if (!item.is_scalar()) continue;
    auto value = read(item.text());
    if (value.ok()) values.push_back(*std::move(value));
  }
  return values;
}

Value FreeScalar(yaml::Node node) {
  const std::string_view text = node.text();
  if (!node.plain()) return text;
  if (text == "true" || text == "false") return text == "true";
  const auto number = ReadInteger(text);
  return number.ok() ? Value(*number) : Value(text);
}

}  // namespace

std::string Text(yaml::Node node) { return IsScalar(node) ? std::string(node.text()) : ""; }

std::string DnsName(yaml::Node node) {
  return IsScalar(node) ? ReadDnsName(node.text()).value_or("") : "";
}

bool Boolean(yaml::Node node, bool otherwise) {
  if (!IsScalar(node)) return otherwise;
  return node.text() == "true" ? true : node.text() == "false" ? false : otherwise;
}

std::int64_t Integer(yaml::Node node, std::int64_t otherwise) {
  return IsScalar(node) ? ReadInteger(node.text()).value_or(otherwise) : otherwise;
}

std::int64_t DurationSeconds(yaml::Node node, std::int64_t otherwise) {
  return IsScalar(node) ? ReadDuration(node.text()).value_or(otherwise) : otherwise;
}

int MinuteOfDay(yaml::Node node, int otherwise) {
  return IsScalar(node) ? ReadTimeOfDay(node.text()).value_or(otherwise) : otherwise;
}

absl::CivilMinute CalendarTime(yaml::Node node) {
  return IsScalar(node) ? ReadCalendarTime(node.text()).value_or(absl::CivilMinute())
                        : absl::CivilMinute();
}

std::vector<std::string> Texts(yaml::Node list) {
  return ReadAll(
      list, [](std::string_view text) -> absl::StatusOr<std::string> { return std::string(text); });
}

std::vector<std::string> DnsNames(yaml::Node list) { return ReadAll(list, ReadDnsName); }
std::vector<std::string> Addresses(yaml::Node list) { return ReadAll(list, ReadAddress); }

std::vector<std::string> MachineNames(yaml::Node servers) {
  std::vector<std::string> names;
  if (!servers || !servers.is_list()) return names;
  for (yaml::Node item = servers.first(); item; item = item.next()) {
    std::string name = DnsName(item.is_map() ? item.Find("fqdn") : item);
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

Value FreeValue(yaml::Node node) {
  if (!node || node.is_null()) return {};
  if (node.is_scalar()) return FreeScalar(node);
  if (node.is_list()) {
    Value::List list;
    for (yaml::Node item = node.first(); item; item = item.next())
      list.push_back(FreeValue(item));
    return list;
  }
  Value::Map map;
  for (yaml::Node key = node.first(); key; key = key.next().next()) {
    map.insert_or_assign(std::string(key.text()), FreeValue(key.next()));
  }
  return map;
}

}  // namespace poolshift::manifest
