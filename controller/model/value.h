// Value: a tree of plain data (null, bool, integer, string, list, map) with equality, a total order
// and one canonical text. Everything that providers observe, plans change and records store is made
// of it.
//
//   Value v = Value::Map{{"ttl", 300}, {"records", Value::List{"203.0.113.11"}}};
//   v.Find("ttl")->integer();         // 300
//   CanonicalText(v);                 // {"records":["203.0.113.11"],"ttl":300}
//
// A value is immutable in use: stages build it once and pass it on. Thread-compatible.
// There is no floating point: nothing in the domain is measured in fractions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace poolshift {

class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::map<std::string, Value, std::less<>>;

  Value() = default;                                     // null
  Value(bool value) : data_(value) {}                    // NOLINT(google-explicit-constructor)
  Value(std::int64_t value) : data_(value) {}            // NOLINT(google-explicit-constructor)
  Value(int value) : data_(std::int64_t{value}) {}       // NOLINT(google-explicit-constructor)
  Value(std::string value) : data_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Value(std::string_view value)
      : data_(std::string(value)) {}                       // NOLINT(google-explicit-constructor)
  Value(const char* value) : data_(std::string(value)) {}  // NOLINT(google-explicit-constructor)
  Value(List value) : data_(std::move(value)) {}           // NOLINT(google-explicit-constructor)
  Value(Map value) : data_(std::move(value)) {}            // NOLINT(google-explicit-constructor)

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_map() const { return std::holds_alternative<Map>(data_); }

  // Each requires the matching is_...(); calling it on another kind terminates the program
  // (noexcept).
  bool boolean() const noexcept { return std::get<bool>(data_); }
  std::int64_t integer() const noexcept { return std::get<std::int64_t>(data_); }
  const std::string& string() const noexcept { return std::get<std::string>(data_); }
  const List& list() const noexcept { return std::get<List>(data_); }
  const Map& map() const noexcept { return std::get<Map>(data_); }

  // The member of a map, or null when this is no map or has no such key. Borrowed from this value.
  const Value* Find(std::string_view key) const;
  // Members read with a fallback: for observations, where a property may be missing.
  std::string_view StringOr(std::string_view key, std::string_view fallback) const;
  std::int64_t IntegerOr(std::string_view key, std::int64_t fallback) const;
  bool BooleanOr(std::string_view key, bool fallback) const;

  // Replaces or adds a member; turns null into a map. Requires a map or null.
  void Set(std::string_view key, Value value) noexcept;

  bool operator==(const Value& other) const = default;
  std::strong_ordering operator<=>(const Value& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::string, List, Map> data_;
};

// JSON without spaces, keys sorted by bytes, strings escaped as RFC 8259 asks (non-ASCII kept as
// UTF-8).
std::string CanonicalText(const Value& value);

// The same as people like to read it: `on`, `203.0.113.11, 203.0.113.12`, `a=1 b=2`; null is
// `(none)`.
std::string DisplayText(const Value& value);

// Appends `text` to `out` as a JSON string with quotes.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace poolshift
