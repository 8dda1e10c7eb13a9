// The handshake: one line that a provider program writes when it is ready to be spoken to, on a
// descriptor that carries nothing else.
//
//   POOLSHIFT-PROVIDER 1 1 sim 0.1.0        magic, lowest and highest protocol version, type,
//   version of the program
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift::wire {

// Protocol versions that this code speaks.
inline constexpr int kLowestVersion = 1;
inline constexpr int kHighestVersion = 1;

// Descriptors of a launched program. The control socket carries the handshake; its end of file says
// that the controller is gone.
inline constexpr int kChannelDescriptor = 3;
inline constexpr int kControlDescriptor = 4;

// Set in the environment of a launched program, so that one started by hand can explain itself. No
// security.
inline constexpr char kLaunchVariable[] = "POOLSHIFT_PROVIDER";
inline constexpr char kLaunchMark[] = "launched";
inline constexpr char kReadOnlyArgument[] = "--read-only";

// Longest line, with its end.
inline constexpr std::size_t kLongestHandshake = 256;

struct Handshake {
  int lowest = kLowestVersion;
  int highest = kHighestVersion;
  std::string type;
  std::string program_version;
  bool operator==(const Handshake&) const = default;
};

// With the newline.
std::string EncodeHandshake(const Handshake& handshake);

// `line` without the newline. InvalidArgument when it is anything else than a handshake.
absl::StatusOr<Handshake> DecodeHandshake(std::string_view line);

}  // namespace poolshift::wire
