// SoapReply: what a Windows Remote Shell answered. Whatever arrives is read within bounds, and is
// either one of the answers of [MS-WSMV] or an error that says what is wrong with it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace poolshift::lync::winrm {

// Codes of WSManFault ([MS-WSMV] 2.2.4.43, winerror and wsmerror.h).
inline constexpr std::uint32_t kOperationTimedOut = 2150858793;  // 0x80338029
inline constexpr std::uint32_t kNoSuchShell = 2150858843;        // 0x8033805B
inline constexpr std::uint32_t kTooManyCommands = 2150859174;    // 0x803381A6
inline constexpr std::uint32_t kAccessDenied = 5;

struct SoapFault {
  std::uint32_t code = 0;  // 0: it names none
  std::string text;        // one line, for people
};

struct SoapReply {
  std::optional<SoapFault> fault;  // set: nothing else is
  std::string relates_to;          // the message that it answers; empty when it does not say
  std::string shell;               // of a shell that was created
  std::string command;             // of a command that was begun
  std::string out, err;            // of a Receive
  bool done = false;               // the command has ended, with
  int status = 0;
};

// InvalidArgument: it is no such answer.
absl::StatusOr<SoapReply> ReadSoapReply(std::string_view text);

}  // namespace poolshift::lync::winrm
