// Writes manifest documents in the layout of `poolshift fmt`, one line a member.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/federation/remark.h"
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
  Emitter() = default;
  // Writes each remark as a comment above the member that it is about; where that member is not
  // written, at the end of the document.
  explicit Emitter(const std::vector<Remark>& remarks);

  // Starts a document; the members of `spec` follow.
  void Document(std::string_view kind, std::string_view name);
  // A member of `spec` whose value is already YAML. The first opens `spec`.
  void Member(std::string_view key, std::string_view yaml);
  // The same with a text; nothing when it is empty.
  void Text(std::string_view key, std::string_view text);
  void List(std::string_view key, const std::vector<std::string>& items);
  // An entry of the list that the last member opened (with an empty value).
  void Entry(std::string_view yaml);

  std::string Take();

 private:
  using Subject = std::pair<std::string, std::string>;  // kind and name
  void Comment(std::string_view member);
  void EndDocument();

  std::map<Subject, std::vector<Remark>> remarks_;
  std::vector<Remark> pending_;  // of this document, not written yet
  std::string text_;
  bool in_spec_ = false;
};

// Joins "key: value" members: "{a: 1, b: 2}". Members with empty values are left out.
std::string FlowMap(const std::vector<std::pair<std::string_view, std::string>>& members);

}  // namespace poolshift::manifest
