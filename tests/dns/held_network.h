// HeldNetwork: the way to a real name server, on which updates can be kept back for as long as a
// test wants: a controller's write that is on its way while others act.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "tests/dns/fake_server.h"

namespace poolshift::dns::testing {

class HeldNetwork {
 public:
  explicit HeldNetwork(int server_port);
  ~HeldNetwork() { Release(); }

  int port() const { return entrance_.port(); }
  // From now on updates in which these bytes occur wait here; everything else passes.
  void HoldUpdates(std::string of);
  // Until one waits. False when none came in a minute.
  bool WaitForUpdate();
  // What waits goes on to the server, and nothing is held any more.
  void Release();

 private:
  std::vector<Bytes> Pass(const Bytes& question, bool over_tcp);

  const int server_port_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  std::string held_;  // bytes
  int waiting_ = 0;
  FakeServer entrance_;  // last: its thread uses the rest
};

}  // namespace poolshift::dns::testing
