// Answers: what Prosody's shell and ejabberd's API say. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace poolshift::xmpp {

// The number in what Prosody's counting line prints: "Result: streams=2".
absl::StatusOr<std::int64_t> CountIn(const std::string& printed);

// A number as ejabberd's API gives it: alone, or as the one member of an object.
absl::StatusOr<std::int64_t> NumberIn(const std::string& json);

// The names in what Prosody's line for domains prints: "Result: domains=a.example b.example".
absl::StatusOr<std::vector<std::string>> DomainsIn(const std::string& printed);

// ejabberd's virtual hosts, sorted: a JSON list of its API, or a name a line of `ejabberdctl`.
absl::StatusOr<std::vector<std::string>> HostsIn(const std::string& answer);

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// The answer in what came until the end of a connection. Unknown: it is none, or not whole.
absl::StatusOr<HttpAnswer> AnswerIn(std::string_view received);

}  // namespace poolshift::xmpp
