#include "providers/lync/text/json_value.h"

#include "absl/strings/match.h"

#include "controller/model/try.h"
#include <nlohmann/json.hpp>

namespace poolshift::lync {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 30;

absl::StatusOr<Value> Convert(const Json& json, int depth) {
  if (depth > kDeepest) return absl::InvalidArgumentError("the answer nests too deeply");
  switch (json.type()) {
    case Json::value_t::null:
      return Value();
    case Json::value_t::boolean:
      return Value(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return Value(json.get<std::int64_t>());
    case Json::value_t::number_float: {
      const double number = json.get<double>();
      if (!(number > -9e15 && number < 9e15))
        return absl::InvalidArgumentError("the answer holds a number that is out of range");
      return Value(static_cast<std::int64_t>(number));
    }
    case Json::value_t::string:
      return Value(json.get<std::string>());
    case Json::value_t::array: {
      Value::List list;
      for (const Json& item : json) {
        POOLSHIFT_ASSIGN(Value value, Convert(item, depth + 1));
        list.push_back(std::move(value));
      }
      return Value(std::move(list));
    }
    case Json::value_t::object: {
      Value::Map map;
      for (const auto& [key, item] : json.items()) {
        POOLSHIFT_ASSIGN(Value value, Convert(item, depth + 1));
        map.insert_or_assign(key, std::move(value));
      }
      return Value(std::move(map));
    }
    default:
      return absl::InvalidArgumentError("the answer holds something that is no JSON");
  }
}

// Deeper texts are refused before the parser's own recursion sees them.
bool IsTooDeep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        quoted = false;
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == '[' || text[i] == '{') {
      if (++depth > kDeepest) return true;
    } else if (text[i] == ']' || text[i] == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<Value> ReadJson(std::string_view text) {
  if (IsTooDeep(text)) return absl::InvalidArgumentError("the answer nests too deeply");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return absl::InvalidArgumentError("the answer is no JSON");
  return Convert(json, 0);
}

Value::List ItemsOf(const Value* value) {
  if (value == nullptr || value->is_null()) return {};
  if (value->is_list()) return value->list();
  if (value->is_map() && value->map().size() == 2) {
    const Value* inner = value->Find("value");
    const Value* count = value->Find("Count");
    if (inner != nullptr && count != nullptr && count->is_integer()) return ItemsOf(inner);
  }
  return {*value};
}

std::vector<std::string> TextsOf(const Value* value) {
  std::vector<std::string> texts;
  for (const Value& item : ItemsOf(value)) {
    if (item.is_string()) texts.push_back(item.string());
  }
  return texts;
}

bool IsTrue(std::string_view text) {
  return absl::EqualsIgnoreCase({text.data(), text.size()}, "true");
}
bool IsFalse(std::string_view text) {
  return absl::EqualsIgnoreCase({text.data(), text.size()}, "false");
}

}  // namespace poolshift::lync
