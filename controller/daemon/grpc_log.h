// What gRPC writes to stderr by itself.
#pragma once

namespace poolshift {

// Leaves out that a handshake failed: a line each time that anybody connects who is not welcome,
// without saying who it was. Whoever connects from here is told in words. Nothing is left out when
// GRPC_VERBOSITY asks for more. For the whole process.
void LeaveOutHandshakes();

}  // namespace poolshift
