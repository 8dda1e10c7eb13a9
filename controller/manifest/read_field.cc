#include "controller/manifest/read_field.h"

#include "absl/status/statusor.h"

#include "controller/manifest/scalar.h"

namespace poolshift::manifest {
namespace {

bool IsScalar(Node node) { return node && node.is_scalar(); }

using ReadText = absl::StatusOr<std::string> (*)(std::string_view);

std::vector<std::string> ReadAll(Node list, ReadText read) {
  std::vector<std::string> values;
  if (!list || !list.is_list()) return values;
  for (Node item = list.first(); item; item = item.next()) {
    if (!item.is_scalar()) continue;
    auto value = read(item.text());
    if (value.ok()) values.push_back(*std::move(value));
  }
  return values;
}

Value FreeScalar(Node node) {
  const std::string_view text = node.text();
  if (!node.plain()) return text;
  if (text == "true" || text == "false") return text == "true";
  const auto number = ReadInteger(text);
  return number.ok() ? Value(*number) : Value(text);
}

}  // namespace

std::string Text(Node node) { return IsScalar(node) ? std::string(node.text()) : ""; }

std::string DnsName(Node node) {
  return IsScalar(node) ? ReadDnsName(node.text()).value_or("") : "";
}

bool Boolean(Node node, bool otherwise) {
  if (!IsScalar(node)) return otherwise;
  return node.text() == "true" ? true : node.text() == "false" ? false : otherwise;
}

std::int64_t Integer(Node node, std::int64_t otherwise) {
  return IsScalar(node) ? ReadInteger(node.text()).value_or(otherwise) : otherwise;
}

std::int64_t DurationSeconds(Node node, std::int64_t otherwise) {
  return IsScalar(node) ? ReadDuration(node.text()).value_or(otherwise) : otherwise;
}

int MinuteOfDay(Node node, int otherwise) {
  return IsScalar(node) ? ReadTimeOfDay(node.text()).value_or(otherwise) : otherwise;
}

std::vector<std::string> Texts(Node list) {
  return ReadAll(
      list, [](std::string_view text) -> absl::StatusOr<std::string> { return std::string(text); });
}

std::vector<std::string> DnsNames(Node list) { return ReadAll(list, ReadDnsName); }
std::vector<std::string> Addresses(Node list) { return ReadAll(list, ReadAddress); }

std::vector<std::string> MachineNames(Node servers) {
  std::vector<std::string> names;
  if (!servers || !servers.is_list()) return names;
  for (Node item = servers.first(); item; item = item.next()) {
    std::string name = DnsName(item.is_map() ? item.Find("fqdn") : item);
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

Value FreeValue(Node node) {
  if (!node || node.is_null()) return {};
  if (node.is_scalar()) return FreeScalar(node);
  if (node.is_list()) {
    Value::List list;
    for (Node item = node.first(); item; item = item.next())
      list.push_back(FreeValue(item));
    return list;
  }
  Value::Map map;
  for (Node key = node.first(); key; key = key.next().next()) {
    map.insert_or_assign(std::string(key.text()), FreeValue(key.next()));
  }
  return map;
}

}  // namespace poolshift::manifest
