// Connecting: one TCP connection, and what it means when there is none (docs/probe-provider.md has
// the table).
//
// The kernel takes 3.06 s to find out that nobody answers its ARP or neighbour requests, so that a
// patience below kShortestPatience would call an unreachable host filtered.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "providers/probe/wire/question.h"

namespace poolshift::probe {

inline constexpr absl::Duration kShortestPatience = absl::Milliseconds(3500);

// A descriptor that is closed with its owner.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.Release()) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();
  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  int Release();

 private:
  int descriptor_ = -1;
};

struct Verdict {
  State state = State::kBlind;
  std::string evidence;
};

// What an error of connect(2) tells of the target. `at_once`: connect(2) itself returned it, before
// anything was sent, so that it tells of this machine; else it came later (SO_ERROR), from the
// target or somebody on the way.
Verdict OfError(int error, bool at_once);

// "EHOSTUNREACH"; "errno 7" for those without a name here.
std::string ErrnoName(int error);

struct Connection {
  Verdict verdict;
  Socket socket;  // non-blocking, when the verdict is kOpen
};

// `address`: IPv4 or IPv6 text. Waits until `give_up`, and calls it filtered only when that is all
// of the patience; `cut_short` says that it is not.
Connection Connect(std::string_view address, int port, absl::Time give_up, bool cut_short);

// Waits for poll(2) `events`. False when the time is up.
bool WaitFor(int descriptor, short events, absl::Time deadline);

// Our own end of a connection: "192.0.2.7:40000".
std::string LocalPlace(int descriptor);

}  // namespace poolshift::probe
