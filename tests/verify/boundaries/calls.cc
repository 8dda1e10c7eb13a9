// What goes to plugins and name servers and comes back, seen at the sockets: gRPC's messages, and
// DNS updates.
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/verify/boundaries/settings.h"
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace poolshift::boundaries {
namespace {

constexpr std::size_t kFrameHead = 9, kMessageHead = 5;

std::uint32_t Number(std::string_view bytes, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i)
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  return number;
}

// The messages whose DATA frame lies whole in `bytes`: the length of an HTTP/2 frame is that of the
// one gRPC message in it.
template <typename Take>
void ForEachMessage(std::string_view bytes, const Take& take) {
  for (std::size_t at = 0; at + kFrameHead + kMessageHead < bytes.size(); ++at) {
    const std::string_view frame = bytes.substr(at);
    const std::uint32_t length = Number(frame, 3);
    if (frame[3] != 0 || length < kMessageHead || frame[kFrameHead] != 0) continue;
    const std::uint32_t size = Number(frame.substr(kFrameHead + 1), 4);
    if (size + kMessageHead != length || frame.size() < kFrameHead + length) continue;
    take(frame.substr(kFrameHead + kMessageHead, size));
    at += kFrameHead + length - 1;
  }
}

// A field of length 0..127 with that tag, taken off the front.
bool TakeField(std::string_view& message, char tag, std::string_view& field) {
  if (message.size() < 2 || message[0] != tag) return false;
  const auto size = static_cast<unsigned char>(message[1]);
  if (size > 127 || message.size() < 2U + size) return false;
  field = message.substr(2, size);
  message.remove_prefix(2U + size);
  return true;
}

// By the fields of provider.proto: organisation 1, key 2 (64 hex digits and more), token.
std::string RequestOf(std::string_view message) {
  std::string_view organization, key;
  if (!TakeField(message, '\x0a', organization) || organization.size() >= 64) return "";
  if (message.empty()) return "export asked for";
  if (message[0] == '\x10') return "fence raised";
  if (!TakeField(message, '\x12', key) || key.size() < 64 ||
      key.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return "";
  if (message.empty()) return "looked up";
  return message[0] == '\x18' ? "provider called" : "";
}

// An ApplyResponse whose field 2, the result, is set.
std::string AnswerOf(std::string_view message) {
  return message.starts_with('\x12') ? "answer" : "";
}

std::string Joined(const struct msghdr* message, std::size_t most) {
  std::string all;
  for (std::size_t i = 0; i < message->msg_iovlen; ++i) {
    const struct iovec& part = message->msg_iov[i];
    all.append(static_cast<const char*>(part.iov_base), part.iov_len);
  }
  all.resize(std::min(all.size(), most));
  return all;
}

bool IsUpdate(const void* bytes, std::size_t size) {
  constexpr unsigned kUpdate = 5;
  const auto* const octets = static_cast<const unsigned char*>(bytes);
  return size > 12 && (octets[2] >> 3U & 0x0fU) == kUpdate && (octets[2] & 0x80U) == 0;
}

ssize_t Send(int descriptor, const struct msghdr* message, int flags) {
  std::string name;
  if (Watching()) {
    ForEachMessage(Joined(message, SIZE_MAX), [&](std::string_view each) {
      if (name.empty()) name = IsController() ? RequestOf(each) : AnswerOf(each);
    });
  }
  if (!name.empty()) Cross(name + ": before");
  const ssize_t sent = ::syscall(SYS_sendmsg, descriptor, message, flags);
  if (!name.empty()) Cross(name + ": sent");
  return sent;
}

ssize_t Receive(int descriptor, struct msghdr* message, int flags) {
  const ssize_t got = ::syscall(SYS_recvmsg, descriptor, message, flags);
  if (got <= 0 || !Watching()) return got;
  ForEachMessage(Joined(message, static_cast<std::size_t>(got)), [](std::string_view each) {
    if (IsController() && !AnswerOf(each).empty()) Cross("answer received");
  });
  return got;
}

}  // namespace
}  // namespace poolshift::boundaries

using namespace poolshift::boundaries;  // NOLINT: what follows has the C library's names

extern "C" {

ssize_t sendmsg(int descriptor, const struct msghdr* message, int flags) {
  return Send(descriptor, message, flags);
}

ssize_t recvmsg(int descriptor, struct msghdr* message, int flags) {
  return Receive(descriptor, message, flags);
}

ssize_t send(int descriptor, const void* bytes, size_t size, int flags) {
  const bool update = Watching() && IsUpdate(bytes, size);
  if (update) Cross("update: before");
  const ssize_t sent = ::syscall(SYS_sendto, descriptor, bytes, size, flags, nullptr, 0);
  if (update) Cross("update: sent");
  return sent;
}

}  // extern "C"
