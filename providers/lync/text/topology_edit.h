// TopologyEdit: puts Port elements into a text and cuts them out of it, at the bytes where they
// stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include <pugixml.hpp>

namespace poolshift::lync {

class TopologyEdit {
 public:
  // Borrowed; nodes handed in must have been parsed from exactly this text.
  explicit TopologyEdit(const std::string& text) : text_(text) {}

  // `ports`: the flag's elements that are there now.
  void SetFederation(pugi::xml_node service, const std::vector<pugi::xml_node>& ports, bool on);
  void SetXmpp(pugi::xml_node service, const std::vector<pugi::xml_node>& ports, bool on);

  absl::StatusOr<std::string> Finish();

 private:
  struct Change {
    std::size_t begin = 0, end = 0;
    std::string text;
  };

  void Cut(const std::vector<pugi::xml_node>& ports);
  void Insert(pugi::xml_node service, const std::vector<std::string>& ports);
  // Where the element's tag begins and ends; nothing when it does not end in `/>`.
  bool Bounds(pugi::xml_node element, std::size_t& begin, std::size_t& end) const;
  // What stands before the element on its line, when that is blank; with its line end.
  std::string_view Indent(std::size_t begin) const;

  const std::string& text_;
  std::vector<Change> changes_;
  std::string fault_;
};

}  // namespace poolshift::lync
