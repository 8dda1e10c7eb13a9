// Request: what a person is asked to run on a machine, as one file for PowerShell that needs
// nothing else. It is its own record as well: a comment in it says what was asked, under which
// number, so that any process finds an open request again.
//
// Scripts and arguments stand in the file as base64 in single quotes; nothing that varies is part
// of script text. What stands beside it for people to read is comment, ASCII alone. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/value.h"

namespace poolshift::lync::manual {

// One script of a request, with the name under which its answer comes back: a digest of machine,
// number, script and arguments.
struct Part {
  std::string script;
  Value arguments;  // of a change that was read back: null
  std::string id;
};

struct Request {
  std::string machine;
  std::string number;  // random, new with every request that is not the very same one
  absl::Time issued;   // by the clock of this machine
  std::string key;     // of a change; empty: it only looks
  Value memo;
  absl::Time until = absl::InfiniteFuture();  // when a change may be begun, at the latest
  std::vector<Part> parts;                    // of a change: first the change, then looks

  bool changes() const { return !key.empty(); }
};

Part MakePart(const Request& request, std::string_view script, const Value& arguments);
// Null when it is not asked for. Borrowed.
const Part* FindPart(const Request& request, std::string_view script, const Value& arguments);

// The file `name`, whose answer is to come as the file `answer`. Both must be plain names.
std::string Render(const Request& request, const std::string& name, const std::string& answer);

// Of a rendered file. InvalidArgument: it is none.
absl::StatusOr<Request> ReadRequest(std::string_view text);

}  // namespace poolshift::lync::manual
