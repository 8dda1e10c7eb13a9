#include "controller/wire/record_value.h"

#include <limits>
#include <utility>

namespace poolshift::wire {

void EncodeValue(const Value& value, record::v1::Value& out) {
  if (value.is_bool()) out.set_boolean(value.boolean());
  if (value.is_integer()) out.set_integer(value.integer());
  if (value.is_string()) out.set_text(value.string());
  if (value.is_list()) {
    auto& list = *out.mutable_list();
    for (const Value& item : value.list())
      EncodeValue(item, *list.add_items());
  }
  if (!value.is_map()) return;
  auto& map = *out.mutable_map();
  for (const auto& [name, member] : value.map()) {
    auto& added = *map.add_members();
    added.set_name(name);
    EncodeValue(member, *added.mutable_value());
  }
}

Value DecodeValue(const record::v1::Value& in) {
  switch (in.kind_case()) {
    case record::v1::Value::kBoolean:
      return in.boolean();
    case record::v1::Value::kInteger:
      return in.integer();
    case record::v1::Value::kText:
      return in.text();
    case record::v1::Value::KIND_NOT_SET:
      return {};
    case record::v1::Value::kList: {
      Value::List list;
      for (const auto& item : in.list().items())
        list.push_back(DecodeValue(item));
      return list;
    }
    case record::v1::Value::kMap:
      break;
  }
  Value::Map map;
  for (const auto& member : in.map().members())
    map.insert_or_assign(member.name(), DecodeValue(member.value()));
  return map;
}

void EncodeId(const ResourceId& id, record::v1::ResourceId& out) {
  out.set_kind(id.kind);
  out.set_name(id.name);
}

ResourceId DecodeId(const record::v1::ResourceId& in) { return {in.kind(), in.name()}; }

void EncodeKey(const ObservationKey& key, record::v1::ObservationKey& out) {
  EncodeId(key.id, *out.mutable_id());
  out.set_vantage(key.vantage);
}

ObservationKey DecodeKey(const record::v1::ObservationKey& in) {
  return {DecodeId(in.id()), in.vantage()};
}

void EncodeOrigin(const Origin& origin, record::v1::Origin& out) {
  out.set_file(origin.file);
  out.set_line(origin.line);
  out.set_column(origin.column);
}

Origin DecodeOrigin(const record::v1::Origin& in) { return {in.file(), in.line(), in.column()}; }

std::int64_t EncodeDuration(absl::Duration duration) { return absl::ToInt64Nanoseconds(duration); }

absl::Duration DecodeDuration(std::int64_t nanoseconds) {
  if (nanoseconds == std::numeric_limits<std::int64_t>::max()) return absl::InfiniteDuration();
  return absl::Nanoseconds(nanoseconds);
}

void EncodeTexts(const std::vector<std::string>& texts,
                 google::protobuf::RepeatedPtrField<std::string>& out) {
  for (const std::string& text : texts)
    *out.Add() = text;
}

std::vector<std::string> DecodeTexts(const google::protobuf::RepeatedPtrField<std::string>& in) {
  return {in.begin(), in.end()};
}

}  // namespace poolshift::wire
