// Messages of the protocol that an ssh with a control socket speaks there (OpenSSH, PROTOCOL.mux,
// version 4): a length, a type, then numbers of 32 bits and strings. Pure: bytes in, bytes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "providers/ssh/host.h"

namespace poolshift::ssh::mux {

inline constexpr std::uint32_t kVersion = 4;
inline constexpr std::uint32_t kLargestPacket = 256 * 1024;

enum class Type : std::uint32_t {
  kHello = 0x00000001,
  kNewSession = 0x10000002,
  kOpenForward = 0x10000006,
  kOk = 0x80000001,
  kPermissionDenied = 0x80000002,
  kFailure = 0x80000003,
  kExitMessage = 0x80000004,
  kSessionOpened = 0x80000006,
  kTtyFailure = 0x80000008,
};

// What we send, length included.
std::string Hello();
std::string NewSession(std::uint32_t request, std::string_view command_line);
std::string OpenForward(std::uint32_t request, const std::string& local_path, const Remote& remote);

// What comes back.
struct Message {
  Type type = Type::kHello;
  std::uint32_t request = 0;  // version (kHello), session (kExitMessage), else the request's number
  std::uint32_t value = 0;    // session (kSessionOpened), status (kExitMessage)
  std::string reason;         // kPermissionDenied, kFailure
};

// The first message in `bytes`, which it is cut off from; nothing while it is not all there. An
// error: no ssh that we know sends this.
absl::StatusOr<std::optional<Message>> TakeMessage(std::string& bytes);

}  // namespace poolshift::ssh::mux
