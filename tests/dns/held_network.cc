#include "tests/dns/held_network.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace poolshift::dns::testing {
namespace {

constexpr std::chrono::seconds kPatience{60};

bool IsUpdate(const Bytes& question) {
  constexpr int kUpdate = 5;
  return question.size() > 2 && ((question[2] >> 3) & 0xF) == kUpdate;
}

int Connect(int type, int port) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  return fd;
}

std::vector<Bytes> OverUdp(int fd, const Bytes& question) {
  send(fd, question.data(), question.size(), MSG_NOSIGNAL);
  Bytes answer(65535);
  const ssize_t size = recv(fd, answer.data(), answer.size(), 0);
  if (size <= 0) return {};
  answer.resize(static_cast<std::size_t>(size));
  return {answer};
}

std::vector<Bytes> OverTcp(int fd, const Bytes& question) {
  Bytes framed{static_cast<std::uint8_t>(question.size() >> 8),
               static_cast<std::uint8_t>(question.size())};
  framed.insert(framed.end(), question.begin(), question.end());
  send(fd, framed.data(), framed.size(), MSG_NOSIGNAL);
  std::uint8_t length[2];
  if (recv(fd, length, 2, MSG_WAITALL) != 2) return {};
  Bytes answer(static_cast<std::size_t>(length[0] << 8 | length[1]));
  const ssize_t size = recv(fd, answer.data(), answer.size(), MSG_WAITALL);
  return size == static_cast<ssize_t>(answer.size()) ? std::vector<Bytes>{answer}
                                                     : std::vector<Bytes>{};
}

}  // namespace

HeldNetwork::HeldNetwork(int server_port)
    : server_port_(server_port),
      entrance_([this](const Bytes& question, bool over_tcp) { return Pass(question, over_tcp); }) {
}

std::vector<Bytes> HeldNetwork::Pass(const Bytes& question, bool over_tcp) {
  std::unique_lock lock(mutex_);
  const bool is_held =
      std::search(question.begin(), question.end(), held_.begin(), held_.end(), [](auto a, auto b) {
        return static_cast<unsigned char>(a) == static_cast<unsigned char>(b);
      }) != question.end();
  if (holding_ && is_held && IsUpdate(question)) {
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !holding_; });
    --waiting_;
  }
  lock.unlock();
  const int fd = Connect(over_tcp ? SOCK_STREAM : SOCK_DGRAM, server_port_);
  std::vector<Bytes> answers = over_tcp ? OverTcp(fd, question) : OverUdp(fd, question);
  close(fd);
  return answers;
}

void HeldNetwork::HoldUpdates(std::string of) {
  const std::lock_guard lock(mutex_);
  held_ = std::move(of);
  holding_ = true;
}

bool HeldNetwork::WaitForUpdate() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this] { return waiting_ > 0; });
}

void HeldNetwork::Release() {
  const std::lock_guard lock(mutex_);
  holding_ = false;
  changed_.notify_all();
}

}  // namespace poolshift::dns::testing
