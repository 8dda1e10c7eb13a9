// FakeServer: a name server that does whatever a test wants of it, over UDP and TCP on one loopback
// port.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "providers/dns/update/wire_codec.h"

namespace poolshift::dns::testing {

class FakeServer {
 public:
  // The messages that answer `question`; none = silence. Called from the server's own thread.
  using Answering = std::function<std::vector<Bytes>(const Bytes& question, bool over_tcp)>;

  explicit FakeServer(Answering answering);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;
  int port() const { return port_; }

 private:
  void Run(const std::stop_token& stop);
  void AnswerDatagram();
  void AnswerStream();

  const Answering answering_;
  int port_ = 0, udp_ = -1, tcp_ = -1;
  std::jthread thread_;
};

// A header without any record: the question's id, QR set, this response code.
Bytes BareAnswer(const Bytes& question, Rcode rcode, bool truncated = false);
// The same with an unsigned TSIG record of key "poolshift-key" that carries `error`.
Bytes TsigErrorAnswer(const Bytes& question, int error);

}  // namespace poolshift::dns::testing
