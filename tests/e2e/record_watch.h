// RecordWatch: asks a name server with `dig`, again and again beside the test, what one record set
// holds, and remembers every answer that differs from the one before.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/dns/name_server.h"

namespace poolshift::e2e {

class RecordWatch {
 public:
  RecordWatch(const dns::testing::NameServer& server, std::string name, std::string type);
  ~RecordWatch();
  RecordWatch(const RecordWatch&) = delete;
  RecordWatch& operator=(const RecordWatch&) = delete;

  // Ends the watch after one more answer: what the set held, in order; an empty entry means that it
  // was gone for a moment.
  std::vector<std::vector<std::string>> Seen();

 private:
  void Look();
  // One question, or all that follow until Seen().
  void Watch();

  const int port_;
  const std::string name_, type_;
  std::vector<std::vector<std::string>> seen_;  // of the thread, until it has ended
  std::atomic<bool> enough_ = false;
  std::thread thread_;
};

}  // namespace poolshift::e2e
