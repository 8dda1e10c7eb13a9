// Section: one map of a world file while it is read. Every member is asked for by name and type;
// what nobody asked for is a fault, with the closest name that was asked for as hint.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/value.h"

namespace poolshift::sim {

// A fault of a tree; `path` as in NodePositions (yaml_tree.h).
struct Complaint {
  std::string path, message, hint;
};
using Complaints = std::vector<Complaint>;

class Section {
 public:
  // `value` null: an empty section. All arguments are borrowed.
  Section(const Value* value, std::string path, Complaints& out);
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;
  // Complains of the members that nobody asked for.
  ~Section();

  bool Has(std::string_view key) const;
  std::string Text(std::string_view key, std::string_view fallback = "");
  bool Flag(std::string_view key, bool fallback);
  std::int64_t Integer(std::string_view key, std::int64_t fallback, std::int64_t least = 0);
  absl::Duration Duration(std::string_view key, absl::Duration fallback);
  // Milliseconds since the epoch; 0 is the infinite past, -1 the infinite future.
  absl::Time Moment(std::string_view key, absl::Time fallback);
  // A list of texts, or one text.
  std::vector<std::string> Texts(std::string_view key);
  // `on` or `off`.
  bool Power(std::string_view key, bool fallback);
  // One of the words that `parse` knows.
  template <typename Enum>
  Enum Word(std::string_view key,
            Enum fallback,
            std::optional<Enum> (*parse)(std::string_view),
            std::string_view words) {
    const std::string text = Text(key, "");
    if (text.empty()) return fallback;
    const std::optional<Enum> parsed = parse(text);
    if (!parsed) Complain(key, "`" + text + "` is none of " + std::string(words));
    return parsed.value_or(fallback);
  }
  // The raw member, or null. Borrowed.
  const Value* Take(std::string_view key);
  // Calls `each` for every member of the map `key` (or of this section when `key` is empty): name,
  // value, path.
  using Each = std::function<void(const std::string&, const Value&, const std::string&)>;
  void ForEach(std::string_view key, const Each& each);

  std::string PathOf(std::string_view key) const;
  void Complain(std::string_view key, std::string message, std::string hint = "");
  Complaints& complaints() { return *out_; }

 private:
  const Value* value_;
  std::string path_;
  Complaints* out_;
  std::vector<std::string> asked_;
  bool asked_all_ = false;
};

// Complains unless `name` is a host name: lower-case letters, digits, '-', '_' and dots.
void CheckHostName(std::string_view name, const std::string& path, Complaints& out);

}  // namespace poolshift::sim
