#include "controller/wire/provider_values.h"

#include <string>
#include <utility>

#include "controller/model/try.h"

namespace poolshift::wire {
namespace {

namespace v1 = provider::v1;

absl::Status TooDeep() {
  return absl::InvalidArgumentError("a value nests deeper than " + std::to_string(kMaxDepth) +
                                    " levels");
}

absl::Status Encode(const Value& value, int depth, v1::Value& out);

absl::Status EncodeList(const Value::List& list, int depth, v1::Value::List& out) {
  for (const Value& item : list)
    POOLSHIFT_TRY(Encode(item, depth + 1, *out.add_items()));
  return absl::OkStatus();
}

absl::Status EncodeMap(const Value::Map& map, int depth, v1::Value::Map& out) {
  for (const auto& [name, member] : map) {
    POOLSHIFT_TRY(Encode(member, depth + 1, (*out.mutable_members())[name]));
  }
  return absl::OkStatus();
}

absl::Status Encode(const Value& value, int depth, v1::Value& out) {
  if (depth > kMaxDepth) return TooDeep();
  if (value.is_bool()) out.set_boolean(value.boolean());
  if (value.is_integer()) out.set_integer(value.integer());
  if (value.is_string()) out.set_text(value.string());
  if (value.is_list()) return EncodeList(value.list(), depth, *out.mutable_list());
  if (value.is_map()) return EncodeMap(value.map(), depth, *out.mutable_map());
  return absl::OkStatus();
}

absl::Status Decode(const v1::Value& value, int depth, Value& out);

absl::Status DecodeList(const v1::Value::List& list, int depth, Value& out) {
  Value::List items(static_cast<std::size_t>(list.items_size()));
  for (int i = 0; i < list.items_size(); ++i) {
    POOLSHIFT_TRY(Decode(list.items(i), depth + 1, items[static_cast<std::size_t>(i)]));
  }
  out = std::move(items);
  return absl::OkStatus();
}

absl::Status DecodeMap(const v1::Value::Map& map, int depth, Value& out) {
  Value::Map members;
  for (const auto& [name, member] : map.members()) {
    POOLSHIFT_TRY(Decode(member, depth + 1, members[name]));
  }
  out = std::move(members);
  return absl::OkStatus();
}

absl::Status Decode(const v1::Value& value, int depth, Value& out) {
  if (depth > kMaxDepth) return TooDeep();
  switch (value.kind_case()) {
    case v1::Value::kBoolean:
      out = value.boolean();
      return absl::OkStatus();
    case v1::Value::kInteger:
      out = std::int64_t{value.integer()};
      return absl::OkStatus();
    case v1::Value::kText:
      out = value.text();
      return absl::OkStatus();
    case v1::Value::kList:
      return DecodeList(value.list(), depth, out);
    case v1::Value::kMap:
      return DecodeMap(value.map(), depth, out);
    case v1::Value::KIND_NOT_SET:
      break;
  }
  // Null, unless a later version's type of value hides among the unknown fields.
  if (value.GetReflection()->GetUnknownFields(value).empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("a value is of a type that protocol version 1 does not have");
}

}  // namespace

absl::Status EncodeValue(const Value& value, v1::Value& out) { return Encode(value, 1, out); }

absl::StatusOr<Value> DecodeValue(const v1::Value& value) {
  absl::StatusOr<Value> decoded(absl::in_place);
  const absl::Status status = Decode(value, 1, *decoded);
  if (!status.ok()) return status;
  return decoded;
}

}  // namespace poolshift::wire
