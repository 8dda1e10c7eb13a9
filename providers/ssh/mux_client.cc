#include "providers/ssh/mux_client.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"

#include "controller/model/try.h"
#include "controller/world/system_error.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace poolshift::ssh {
namespace {

constexpr std::uint32_t kRequest = 1;  // one request a conversation

int MillisecondsUntil(absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) return 0;
  return static_cast<int>(
      std::min<std::int64_t>(absl::ToInt64Milliseconds(left) + 1, std::int64_t{3600} * 1000));
}

absl::Status Await(int descriptor, short events, absl::Time deadline) {
  pollfd ready{descriptor, events, 0};
  for (;;) {
    const int count = ::poll(&ready, 1, MillisecondsUntil(deadline));
    if (count > 0) return absl::OkStatus();
    if (count == 0) return absl::DeadlineExceededError("ssh did not answer in time");
    if (errno != EINTR) return SystemError("cannot wait for ssh", errno);
  }
}

absl::Status Lost() { return absl::UnknownError("the SSH connection was lost meanwhile"); }

// What failed before anything could begin on the host.
absl::Status NotBegun(const absl::Status& status) {
  return status.ok() ? status : absl::UnavailableError(status.message());
}

struct Pipe {
  Descriptor in, out;
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return SystemError("cannot make a pipe", errno);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Standard input as a file in memory, so that nobody needs to feed it.
absl::StatusOr<Descriptor> MakeInput(const std::string& text) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (!file.is_open()) return SystemError("cannot keep the input of a command", errno);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(file.number(), text.data() + done, text.size() - done);
    if (written < 0) return SystemError("cannot keep the input of a command", errno);
    done += static_cast<std::size_t>(written);
  }
  ::lseek(file.number(), 0, SEEK_SET);
  return file;
}

// Appends what is there. False: the end, after which the descriptor is closed.
absl::StatusOr<bool> Drain(Descriptor& from, std::string& into, std::size_t largest) {
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(from.number(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) {
      from.Close();
      return false;
    }
    into.append(buffer, static_cast<std::size_t>(got));
    if (into.size() > largest)
      return absl::ResourceExhaustedError("it answered with more than " + std::to_string(largest) +
                                          " bytes");
  }
}

}  // namespace

absl::StatusOr<MuxClient> MuxClient::Connect(const std::string& control_path, absl::Time deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (control_path.size() >= sizeof address.sun_path)
    return absl::InternalError("the path of the control socket is too long: " + control_path);
  std::memcpy(address.sun_path, control_path.data(), control_path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return SystemError("cannot make a socket", errno);
  if (::connect(socket.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return absl::NotFoundError("nobody listens on " + control_path);
  ::fcntl(socket.number(), F_SETFL, O_NONBLOCK);
  MuxClient client(std::move(socket));
  POOLSHIFT_TRY(NotBegun(client.Send(mux::Hello(), deadline)));
  const absl::StatusOr<mux::Message> hello = client.Receive(deadline);
  if (!hello.ok()) return NotBegun(hello.status());
  if (hello->type != mux::Type::kHello || hello->request != mux::kVersion)
    return absl::InternalError("ssh does not speak version 4 on its control socket");
  return client;
}

absl::Status MuxClient::Send(const std::string& bytes, absl::Time deadline) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t sent =
        ::send(socket_.number(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN) {
      POOLSHIFT_TRY(Await(socket_.number(), POLLOUT, deadline));
    } else if (errno != EINTR) {
      return Lost();
    }
  }
  return absl::OkStatus();
}

absl::Status MuxClient::HandOver(int descriptor, absl::Time deadline) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  while (::sendmsg(socket_.number(), &message, MSG_NOSIGNAL) < 0) {
    if (errno == EAGAIN) {
      POOLSHIFT_TRY(Await(socket_.number(), POLLOUT, deadline));
    } else if (errno != EINTR) {
      return Lost();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<mux::Message> MuxClient::Receive(absl::Time deadline) {
  for (;;) {
    POOLSHIFT_ASSIGN(std::optional<mux::Message> message, mux::TakeMessage(received_));
    if (message.has_value()) return *std::move(message);
    POOLSHIFT_TRY(Await(socket_.number(), POLLIN, deadline));
    char buffer[4096];
    const ssize_t got = ::recv(socket_.number(), buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return Lost();
    received_.append(buffer, static_cast<std::size_t>(got));
  }
}

absl::StatusOr<Output> MuxClient::Run(const Command& command, absl::Time deadline) {
  POOLSHIFT_ASSIGN(Descriptor input, MakeInput(command.input));
  POOLSHIFT_ASSIGN(Pipe out, MakePipe());
  POOLSHIFT_ASSIGN(Pipe err, MakePipe());
  POOLSHIFT_TRY(NotBegun(Send(mux::NewSession(kRequest, command.line), deadline)));
  for (const int descriptor : {input.number(), out.out.number(), err.out.number()})
    POOLSHIFT_TRY(NotBegun(HandOver(descriptor, deadline)));
  input.Close();
  out.out.Close();
  err.out.Close();
  POOLSHIFT_ASSIGN(const mux::Message answer, Receive(deadline));
  if (answer.type != mux::Type::kSessionOpened)
    return absl::UnavailableError("the host opened no session: " + answer.reason);
  return Collect(std::move(out.in), std::move(err.in), command.largest_output, deadline);
}

absl::StatusOr<Output> MuxClient::Collect(Descriptor out,
                                          Descriptor err,
                                          std::size_t largest,
                                          absl::Time deadline) {
  Output output;
  std::optional<int> status;
  bool listening = true;  // to ssh
  while (out.is_open() || err.is_open() || (listening && !status.has_value())) {
    pollfd ready[] = {{out.number(), POLLIN, 0},
                      {err.number(), POLLIN, 0},
                      {listening ? socket_.number() : -1, POLLIN, 0}};
    const int count = ::poll(ready, 3, MillisecondsUntil(deadline));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return absl::DeadlineExceededError("it did not end in time");
    if (ready[0].revents != 0) POOLSHIFT_TRY(Drain(out, output.out, largest).status());
    if (ready[1].revents != 0) POOLSHIFT_TRY(Drain(err, output.err, largest).status());
    if (ready[2].revents == 0) continue;
    POOLSHIFT_ASSIGN(const bool more, Drain(socket_, received_, mux::kLargestPacket));
    listening = more;
    for (;;) {
      POOLSHIFT_ASSIGN(const std::optional<mux::Message> message, mux::TakeMessage(received_));
      if (!message.has_value()) break;
      if (message->type == mux::Type::kExitMessage) status = static_cast<int>(message->value);
    }
  }
  if (!status.has_value())
    return absl::UnknownError("the SSH connection was lost while it ran, or a signal ended it");
  output.status = *status;
  return output;
}

absl::Status MuxClient::Forward(const std::string& local_path,
                                const Remote& remote,
                                absl::Time deadline) {
  POOLSHIFT_TRY(NotBegun(Send(mux::OpenForward(kRequest, local_path, remote), deadline)));
  const absl::StatusOr<mux::Message> answer = Receive(deadline);
  if (!answer.ok()) return NotBegun(answer.status());
  if (answer->type == mux::Type::kOk) return absl::OkStatus();
  return absl::UnavailableError(
      "ssh does not forward to " +
      (remote.path.empty() ? remote.address + ':' + std::to_string(remote.port) : remote.path) +
      ": " + answer->reason);
}

}  // namespace poolshift::ssh
