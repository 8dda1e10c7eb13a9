// Errands: calls whose answer, or that there is none, is nobody's business. Nobody waits for one,
// and none outlives this object: what is still under way then is given up. (As a call with a
// callback that holds the channel it did: gRPC 1.51 ended the whole process, on an assertion of its
// own.) Private to this floor. Thread-safe.
#pragma once

#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

namespace poolshift::rpc {

class Errands {
 public:
  // `channel` is borrowed.
  explicit Errands(grpc::Channel& channel) : channel_(channel) {}
  ~Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  void Send(std::string method, grpc::ByteBuffer request, absl::Duration deadline);

 private:
  struct Errand {
    grpc::ClientContext context;
    std::atomic<bool> over = false;
    std::jthread thread;  // last: it uses the rest
  };

  grpc::Channel& channel_;
  std::mutex mutex_;
  std::list<Errand> errands_;
};

}  // namespace poolshift::rpc
