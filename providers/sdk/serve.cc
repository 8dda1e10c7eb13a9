#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>

#include "controller/wire/handshake.h"
#include "providers/sdk/endpoint.h"
#include "providers/sdk/scrub.h"
#include "providers/sdk/service.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::sdk {
namespace {

constexpr std::string_view kPrefix = "poolshift-provider-";

std::string NameOf(int argc, char** argv) {
  const std::string_view path = argc > 0 ? argv[0] : "";
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string TypeOf(const std::string& name) {
  return name.rfind(kPrefix, 0) == 0 ? name.substr(kPrefix.size()) : name;
}

bool IsSocket(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

bool IsLaunched() {
  const char* mark = std::getenv(wire::kLaunchVariable);
  return mark != nullptr && std::string_view(mark) == wire::kLaunchMark &&
         IsSocket(wire::kChannelDescriptor) && IsSocket(wire::kControlDescriptor);
}

int Explain(const std::string& name) {
  std::cerr
      << name << " is a provider of Poolshift for targets of type `" << TypeOf(name)
      << "`.\nIt is started by `poolshift`, which speaks to it over a socket that it inherits; by "
         "hand "
         "there is nothing to do.\n\nUse it by declaring in a manifest:\n\n"
         "  apiVersion: poolshift/v1\n  kind: Provider\n  metadata: {name: my-"
      << TypeOf(name) << "}\n  spec: {type: " << TypeOf(name)
      << "}\n\nPoolshift finds it in its plugin folder, or in the one named by --plugin-dir.\n";
  return 2;
}

bool IsReadOnly(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == wire::kReadOnlyArgument) return true;
  }
  return false;
}

void Prepare(const std::string& name) {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);  // at a terminal it is the controller that decides
  ::prctl(PR_SET_NAME, name.c_str());
  for (const int descriptor : {wire::kChannelDescriptor, wire::kControlDescriptor}) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);  // not for children of the provider
  }
  // gRPC waits for ever on a blocking descriptor.
  ::fcntl(
      wire::kChannelDescriptor, F_SETFL, ::fcntl(wire::kChannelDescriptor, F_GETFL) | O_NONBLOCK);
  ::setvbuf(stdout, nullptr, _IOLBF, 0);
  ScrubStreams();
}

bool SendHandshake(const std::string& name) {
  wire::Handshake handshake;
  handshake.type = TypeOf(name);
  handshake.program_version = POOLSHIFT_VERSION;
  const std::string line = wire::EncodeHandshake(handshake);
  const ssize_t sent = ::send(wire::kControlDescriptor, line.data(), line.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(line.size());
}

// The controller never writes on the control socket: it becomes readable when the controller is
// gone.
void WaitForTheEnd() {
  pollfd control{wire::kControlDescriptor, POLLIN, 0};
  while (::poll(&control, 1, -1) < 0 && errno == EINTR) {
  }
}

// Without unwinding: gRPC ends its threads one after the other, and the controller waits for that.
[[noreturn]] void End() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  std::_Exit(0);
}

}  // namespace

int Serve(int argc, char** argv, const Factory& factory) {
  const std::string name = NameOf(argc, argv);
  if (!IsLaunched()) return Explain(name);
  Prepare(name);
  std::unique_ptr<ReadingEndpoint> endpoint;
  if (IsReadOnly(argc, argv)) {
    endpoint = std::make_unique<ReadingEndpoint>(factory());
  } else {
    endpoint = std::make_unique<WritingEndpoint>(factory());
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.RegisterService(endpoint.get());
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::cerr << "the gRPC server could not be started\n";
    return 1;
  }
  grpc::AddInsecureChannelFromFd(server.get(), wire::kChannelDescriptor);
  if (!SendHandshake(name)) return 1;
  WaitForTheEnd();
  endpoint->CancelAll();
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  endpoint.reset();  // no call is left: the author's service ends in order
  End();
}

}  // namespace poolshift::sdk
