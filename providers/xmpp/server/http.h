// Http: one POST over a Unix socket and its answer. Just what a local administration API needs.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "providers/xmpp/server/answers.h"

namespace poolshift::xmpp {

// NotFound: nobody answers at the far end. Unknown, DeadlineExceeded: it was sent, and no (whole)
// answer came.
absl::StatusOr<HttpAnswer> Post(const std::string& socket_path,
                                const std::string& host,
                                const std::string& path,
                                const std::string& json,
                                absl::Time deadline);

}  // namespace poolshift::xmpp
