#include "controller/model/value.h"

#include <algorithm>
#include <utility>

namespace poolshift {

const Value* Value::Find(std::string_view key) const {
  if (!is_map()) return nullptr;
  const auto found = map().find(key);
  return found == map().end() ? nullptr : &found->second;
}

std::string_view Value::StringOr(std::string_view key, std::string_view fallback) const {
  const Value* member = Find(key);
  return member != nullptr && member->is_string() ? std::string_view(member->string()) : fallback;
}

std::int64_t Value::IntegerOr(std::string_view key, std::int64_t fallback) const {
  const Value* member = Find(key);
  return member != nullptr && member->is_integer() ? member->integer() : fallback;
}

bool Value::BooleanOr(std::string_view key, bool fallback) const {
  const Value* member = Find(key);
  return member != nullptr && member->is_bool() ? member->boolean() : fallback;
}

void Value::Set(std::string_view key, Value value) noexcept {
  if (is_null()) data_ = Map{};
  std::get<Map>(data_).insert_or_assign(std::string(key), std::move(value));
}

std::strong_ordering Value::operator<=>(const Value& other) const {
  if (data_.index() != other.data_.index()) return data_.index() <=> other.data_.index();
  if (is_bool()) return boolean() <=> other.boolean();
  if (is_integer()) return integer() <=> other.integer();
  if (is_string()) return string() <=> other.string();
  if (is_list()) return list() <=> other.list();
  if (is_map()) return map() <=> other.map();
  return std::strong_ordering::equal;
}

namespace {

void AppendEscaped(char letter, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  switch (letter) {
    case '"':
    case '\\':
      out += letter;
      return;
    case '\n':
      out += 'n';
      return;
    case '\t':
      out += 't';
      return;
    case '\r':
      out += 'r';
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(letter);
  out += "u00";
  out += kHex[byte >> 4U];
  out += kHex[byte & 0xFU];
}

void AppendCanonical(const Value& value, std::string& out);

void AppendList(const Value::List& list, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    AppendCanonical(list[i], out);
  }
  out += ']';
}

void AppendMap(const Value::Map& map, std::string& out) {
  out += '{';
  bool first = true;
  for (const auto& [key, member] : map) {
    if (!std::exchange(first, false)) out += ',';
    AppendJsonString(key, out);
    out += ':';
    AppendCanonical(member, out);
  }
  out += '}';
}

void AppendCanonical(const Value& value, std::string& out) {
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.boolean() ? "true" : "false";
  } else if (value.is_integer()) {
    out += std::to_string(value.integer());
  } else if (value.is_string()) {
    AppendJsonString(value.string(), out);
  } else if (value.is_list()) {
    AppendList(value.list(), out);
  } else {
    AppendMap(value.map(), out);
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  constexpr auto is_special = [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7F || letter == '"' || letter == '\\';
  };
  out += '"';
  for (;;) {
    const auto special = std::find_if(text.begin(), text.end(), is_special);
    out.append(text.begin(), special);
    if (special == text.end()) break;
    AppendEscaped(*special, out);
    text.remove_prefix(static_cast<std::size_t>(special - text.begin()) + 1);
  }
  out += '"';
}

std::string CanonicalText(const Value& value) {
  std::string out;
  AppendCanonical(value, out);
  return out;
}

std::string DisplayText(const Value& value) {
  if (value.is_null()) return "(none)";
  if (value.is_bool()) return value.boolean() ? "on" : "off";
  if (value.is_integer()) return std::to_string(value.integer());
  if (value.is_string()) return value.string().empty() ? "(empty)" : value.string();
  std::string out;
  if (value.is_list()) {
    for (const Value& item : value.list()) {
      if (!out.empty()) out += ", ";
      out += DisplayText(item);
    }
    return out.empty() ? "(none)" : out;
  }
  for (const auto& [key, member] : value.map()) {
    if (!out.empty()) out += ' ';
    out += key + '=' + (member.is_map() ? '{' + DisplayText(member) + '}' : DisplayText(member));
  }
  return out.empty() ? "(none)" : out;
}

}  // namespace poolshift
