// A session: requests of a provider, one after another, answered on the same way. It ends when the
// provider goes, sends what is no request, or says nothing for ten minutes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "providers/probe/agent/inventory.h"
#include "providers/probe/look/looking.h"

namespace poolshift::probe {

// Both ways of a session, whatever they are made of.
class Line {
 public:
  virtual ~Line() = default;
  // Bytes as they come, "" = the end.
  virtual absl::StatusOr<std::string> Read(absl::Time deadline) = 0;
  virtual absl::Status Write(std::string_view bytes, absl::Time deadline) = 0;
};

// Reads whole lines of at most `longest` bytes. "" = the end.
class LineReader {
 public:
  LineReader(Line& line, std::size_t longest) : line_(line), longest_(longest) {}
  // Without its line end; the flag tells an empty line from the end.
  absl::StatusOr<std::string> Next(absl::Time deadline, bool& ended);

 private:
  Line& line_;
  const std::size_t longest_;
  std::string buffer_;
};

void ServeSession(Line& line, const Eyes& eyes, const Inventory& inventory);

}  // namespace poolshift::probe
