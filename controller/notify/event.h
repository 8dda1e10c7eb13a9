// Event: something that people are told of. A value; it holds no secret, because nothing that it is
// made from does.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace poolshift::notify {

// Tells only where a commit stands, and only who shows it beside the commit.
inline constexpr std::string_view kCommitStatusEvent = "commit-status";

struct Event {
  std::string name;  // of kEventNames, or kCommitStatusEvent
  std::string organization;
  // Two events with the same key are the same event: it is told once.
  std::string key;
  absl::Time at = absl::InfinitePast();
  std::string severity;  // "traffic is affected", "", …
  std::string summary;   // a line
  std::string details;   // any number of lines
  std::string commit;    // of the manifests, may be empty
  std::string plan;      // digest, may be empty
  std::string run;       // number, may be empty
  // Of kCommitStatusEvent: "pending", "success", "failure" or "error".
  std::string state = {};
};

// The value of a field of kEventFields, as people read it.
std::string FieldOf(const Event& event, std::string_view name);

// What a command reads and a webhook posts: a JSON object on one line (docs/notifications.md).
std::string EventJson(const Event& event);

}  // namespace poolshift::notify
