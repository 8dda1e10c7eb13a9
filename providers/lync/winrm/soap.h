// The messages that are sent: WS-Management (DSP0226) with Microsoft's Windows Remote Shell
// ([MS-WSMV] 3.1.4). A shell is created, commands run in it, their input is sent and their output
// received in pieces, each by one request with one reply. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace poolshift::lync::winrm {

// What the far side may answer with at most, in bytes: the limit of the oldest of them ([MS-WSMV]
// 2.2.4.18 and the service's own default before Windows Server 2012).
inline constexpr int kEnvelopeSize = 153600;

// Of one request.
struct Heading {
  std::string to;           // https://edge1.contoso.com:5986/wsman
  std::string message;      // uuid:…, which the reply relates to
  std::string shell;        // empty before there is one
  absl::Duration patience;  // how long the far side may take before it answers with a fault
};

// A shell that the far side ends when it hears nothing for `idle`.
std::string CreateShell(const Heading& heading, absl::Duration idle);
// By cmd.exe, as sshd of Windows does it; standard input is a pipe.
std::string RunCommand(const Heading& heading, std::string_view command_line);
// The next piece of standard input; with `last` the far side closes it.
std::string SendInput(const Heading& heading,
                      std::string_view command,
                      std::string_view piece,
                      bool last);
// At most this many bytes go in one: base64 of them and the heading fit into an envelope.
inline constexpr std::size_t kLargestPiece = 96 * 1024;

std::string ReceiveOutput(const Heading& heading, std::string_view command);
// Ends the command if it still runs, and lets the far side forget it.
std::string TerminateCommand(const Heading& heading, std::string_view command);
// With all that runs in it.
std::string DeleteShell(const Heading& heading);

// Text as it stands in XML; characters that XML cannot hold become U+FFFD.
std::string Escaped(std::string_view text);

}  // namespace poolshift::lync::winrm
