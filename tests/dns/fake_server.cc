#include "tests/dns/fake_server.h"

#include <string_view>

#include "tests/dns/name_server.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolshift::dns::testing {
namespace {

int Listen(int type, int port) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) abort();
  if (type == SOCK_STREAM && listen(fd, 8) != 0) abort();
  return fd;
}

void AppendShort(Bytes& bytes, int number) {
  bytes.push_back(static_cast<std::uint8_t>(number >> 8));
  bytes.push_back(static_cast<std::uint8_t>(number));
}

void AppendName(Bytes& bytes, std::string_view label) {
  bytes.push_back(static_cast<std::uint8_t>(label.size()));
  bytes.insert(bytes.end(), label.begin(), label.end());
  bytes.push_back(0);
}

}  // namespace

FakeServer::FakeServer(Answering answering)
    : answering_(std::move(answering)),
      port_(FreePort()),
      udp_(Listen(SOCK_DGRAM, port_)),
      tcp_(Listen(SOCK_STREAM, port_)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

FakeServer::~FakeServer() {
  thread_.request_stop();
  thread_.join();
  close(udp_);
  close(tcp_);
}

void FakeServer::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd entries[2] = {{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}};
    poll(entries, 2, 20);
    if ((entries[0].revents & POLLIN) != 0) AnswerDatagram();
    if ((entries[1].revents & POLLIN) != 0) AnswerStream();
  }
}

void FakeServer::AnswerDatagram() {
  Bytes question(65535);
  sockaddr_in peer{};
  socklen_t length = sizeof peer;
  auto* address = reinterpret_cast<sockaddr*>(&peer);
  const ssize_t size = recvfrom(udp_, question.data(), question.size(), 0, address, &length);
  if (size < 0) return;
  question.resize(static_cast<std::size_t>(size));
  for (const Bytes& answer : answering_(question, false)) {
    sendto(udp_, answer.data(), answer.size(), 0, address, length);
  }
}

void FakeServer::AnswerStream() {
  const int peer = accept(tcp_, nullptr, nullptr);
  std::uint8_t length[2];
  if (recv(peer, length, 2, MSG_WAITALL) == 2) {
    Bytes question(static_cast<std::size_t>(length[0] << 8 | length[1]));
    recv(peer, question.data(), question.size(), MSG_WAITALL);
    for (const Bytes& answer : answering_(question, true)) {
      Bytes framed;
      AppendShort(framed, static_cast<int>(answer.size()));
      framed.insert(framed.end(), answer.begin(), answer.end());
      send(peer, framed.data(), framed.size(), MSG_NOSIGNAL);
    }
  }
  close(peer);
}

Bytes BareAnswer(const Bytes& question, Rcode rcode, bool truncated) {
  Bytes answer(question.begin(), question.begin() + 12);
  answer[2] = static_cast<std::uint8_t>((answer[2] & 0x78) | 0x80 | (truncated ? 0x02 : 0));
  answer[3] = static_cast<std::uint8_t>(rcode);
  std::fill(answer.begin() + 4, answer.end(), std::uint8_t{0});
  return answer;
}

Bytes TsigErrorAnswer(const Bytes& question, int error) {
  Bytes answer = BareAnswer(question, Rcode::kNotAuth);
  answer[11] = 1;  // one additional record
  AppendName(answer, "poolshift-key");
  AppendShort(answer, 250);  // TSIG
  AppendShort(answer, 255);  // ANY
  AppendShort(answer, 0);
  AppendShort(answer, 0);
  Bytes content;
  AppendName(content, "hmac-sha256");
  content.insert(content.end(), 6, 0);  // time signed
  AppendShort(content, 300);
  AppendShort(content, 0);  // no MAC
  content.insert(content.end(), question.begin(), question.begin() + 2);
  AppendShort(content, error);
  AppendShort(content, 0);
  AppendShort(answer, static_cast<int>(content.size()));
  answer.insert(answer.end(), content.begin(), content.end());
  return answer;
}

}  // namespace poolshift::dns::testing
