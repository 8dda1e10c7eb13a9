#include "tests/e2e/record_watch.h"

#include "fmt/format.h"

namespace poolshift::e2e {

RecordWatch::RecordWatch(const dns::testing::NameServer& server, std::string name, std::string type)
    : port_(server.port()), name_(std::move(name)), type_(std::move(type)) {
  Look();
  thread_ = std::thread(&RecordWatch::Watch, this);
}

RecordWatch::~RecordWatch() {
  enough_ = true;
  if (thread_.joinable()) thread_.join();
}

std::vector<std::vector<std::string>> RecordWatch::Seen() {
  enough_ = true;
  if (thread_.joinable()) thread_.join();
  Look();
  return seen_;
}

void RecordWatch::Look() {
  const std::string output = dns::testing::OutputOf(
      fmt::format("dig +tries=3 +time=10 +short -p {} @127.0.0.1 {} {} 2>&1", port_, name_, type_));
  // No answer at all says nothing about the set.
  if (output.find(";;") != std::string::npos) return;
  std::vector<std::string> answer = dns::testing::LinesOf(output);
  if (seen_.empty() || seen_.back() != answer) seen_.push_back(std::move(answer));
}

void RecordWatch::Watch() {
  while (!enough_) {
    Look();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace poolshift::e2e
