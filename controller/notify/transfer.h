// One exchange by libcurl. The only place that knows it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace poolshift::notify {

struct Post {
  std::string url, body;
  std::vector<std::string> headers;
};

// The status of the answer; its body is read, up to a limit, and forgotten. No redirect is followed
// and no proxy is taken from the environment.
absl::StatusOr<long> SendPost(const Post& post, absl::Duration time_limit);

struct Letter {
  std::string url, from, user, password, message;
  std::vector<std::string> to;
  bool must_encrypt = false;
};

absl::Status SendLetter(const Letter& letter, absl::Duration time_limit);

}  // namespace poolshift::notify
