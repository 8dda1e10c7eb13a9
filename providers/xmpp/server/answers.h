// Answers: what Prosody's shell and ejabberd's API say. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift::xmpp {

// The number in what Prosody's counting line prints: "Result: streams=2".
absl::StatusOr<std::int64_t> CountIn(const std::string& printed);

// A number as ejabberd's API gives it: alone, or as the one member of an object.
absl::StatusOr<std::int64_t> NumberIn(const std::string& json);

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// The answer in what came until the end of a connection. Unknown: it is none, or not whole.
absl::StatusOr<HttpAnswer> AnswerIn(std::string_view received);

}  // namespace poolshift::xmpp
