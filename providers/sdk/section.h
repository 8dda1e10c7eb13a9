// Section: one map of a provider's configuration, read strictly. Every fault is appended to one
// list, in words and with the path of the member, so that all are told at once; members that nobody
// asked for are faults too. Borrows the value and the list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "controller/model/value.h"

namespace poolshift::sdk {

class Section {
 public:
  Section(const Value* value, std::string path, std::vector<std::string>& problems);

  // Null when it is not there.
  const Value* Member(std::string_view key);
  bool Has(std::string_view key) { return Member(key) != nullptr; }

  std::string Text(std::string_view key, std::string_view fallback);
  bool Flag(std::string_view key, bool fallback);
  std::uint16_t Port(std::string_view key, std::uint16_t fallback);
  // "3s", from 10ms to 10m.
  absl::Duration Time(std::string_view key, absl::Duration fallback);
  const Value::List& List(std::string_view key);
  // Texts of a list; anything else in it is a fault.
  std::vector<std::string> Texts(std::string_view key);
  const Value::Map& Map(std::string_view key);
  // The map below `key`; empty when it is not there.
  Section Below(std::string_view key);

  // "servers[1].port"
  std::string Path(std::string_view key) const;
  void Fault(std::string_view key, std::string_view what);
  // To be called last.
  void RefuseOthers();

  std::vector<std::string>& problems() { return problems_; }

 private:
  const Value* value_;
  std::string path_;
  std::vector<std::string>& problems_;
  std::vector<std::string> known_;
};

}  // namespace poolshift::sdk
