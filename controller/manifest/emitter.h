// Writes manifest documents in the layout of `poolshift fmt`, one line a member.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/model/value.h"

namespace poolshift::manifest {

// The text as a YAML scalar: bare where every reader takes it for that text, else in double quotes.
std::string Scalar(std::string_view text);
// "[a, b]".
std::string FlowList(const std::vector<std::string>& items);
// A value in one line: "{a: 1, b: [x, \"7\"]}".
std::string Flow(const Value& value);

class Emitter {
 public:
  // Starts a document; the members of `spec` follow.
  void Document(std::string_view kind, std::string_view name);
  // A member of `spec` whose value is already YAML. The first opens `spec`.
  void Member(std::string_view key, std::string_view yaml);
  // The same with a text; nothing when it is empty.
  void Text(std::string_view key, std::string_view text);
  void List(std::string_view key, const std::vector<std::string>& items);
  // An entry of the list that the last member opened (with an empty value).
  void Entry(std::string_view yaml);

  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
  bool in_spec_ = false;
};

// Joins "key: value" members: "{a: 1, b: 2}". Members with empty values are left out.
std::string FlowMap(const std::vector<std::pair<std::string_view, std::string>>& members);

}  // namespace poolshift::manifest
