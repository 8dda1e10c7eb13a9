#include "providers/probe/agent/agent_main.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "providers/probe/agent/listener.h"
#include <poll.h>
#include <unistd.h>

namespace poolshift::probe {
namespace {

constexpr const char* kUsage =
    "usage: poolshift-probe-agent [--config FILE] [--stdio | --check]\n"
    "\n"
    "Looks at the addresses and ports that its configuration allows, for the Poolshift provider\n"
    "`probe`: is the port open, does SIP or XMPP answer, which certificate is shown.\n"
    "\n"
    "  --config FILE  its configuration (default: /etc/poolshift/probe-agent.conf)\n"
    "  --stdio        serve one provider on standard input and output (for SSH), then end\n"
    "  --check        read the configuration, say what is wrong with it, and end\n"
    "\n"
    "Without --stdio it serves providers by mutual TLS until it is told to end (SIGTERM).\n";

std::atomic<bool> stop = false;

class StandardLine final : public Line {
 public:
  absl::StatusOr<std::string> Read(absl::Time deadline) override {
    char buffer[8192];
    for (;;) {
      if (!WaitFor(STDIN_FILENO, POLLIN, deadline))
        return absl::DeadlineExceededError("no request");
      const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
      if (size >= 0) return std::string(buffer, static_cast<std::size_t>(size));
      if (errno != EINTR && errno != EAGAIN) return absl::UnavailableError(std::strerror(errno));
    }
  }

  absl::Status Write(std::string_view bytes, absl::Time deadline) override {
    while (!bytes.empty()) {
      if (!WaitFor(STDOUT_FILENO, POLLOUT, deadline))
        return absl::DeadlineExceededError("nobody reads the answers");
      const ssize_t size = write(STDOUT_FILENO, bytes.data(), bytes.size());
      if (size < 0 && errno != EINTR && errno != EAGAIN)
        return absl::UnavailableError(std::strerror(errno));
      if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return absl::OkStatus();
  }
};

struct Arguments {
  std::string config = "/etc/poolshift/probe-agent.conf";
  bool stdio = false;
  bool check = false;
  bool help = false;
};

// False: they make no sense.
bool ReadArguments(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--stdio") {
      arguments.stdio = true;
    } else if (word == "--check") {
      arguments.check = true;
    } else if (word == "--help") {
      arguments.help = true;
    } else if (word == "--config" && i + 1 < argc) {
      arguments.config = argv[++i];
    } else {
      return false;
    }
  }
  return !(arguments.stdio && arguments.check);
}

int ServeByTls(const AgentSettings& settings, const Eyes& eyes) {
  if (settings.listen.address.empty()) {
    std::cerr << "poolshift-probe-agent: no `listen` line: it can only be used with --stdio\n";
    return 2;
  }
  const auto listener = Listener::Open(settings, eyes);
  if (!listener.ok()) {
    std::cerr << "poolshift-probe-agent: " << listener.status().message() << '\n';
    return 1;
  }
  std::signal(SIGTERM, [](int) { stop = true; });
  std::signal(SIGINT, [](int) { stop = true; });
  std::clog << "serving on " << Place(settings.listen.address, settings.listen.port) << std::endl;
  (*listener)->Run(stop);
  std::clog.flush();
  _exit(0);  // sessions may still be looking
}

}  // namespace

int AgentMain(int argc, char** argv) {
  Arguments arguments;
  if (!ReadArguments(argc, argv, arguments)) {
    std::cerr << kUsage;
    return 2;
  }
  if (arguments.help) {
    std::cout << kUsage;
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::ifstream file(arguments.config);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    std::cerr << "poolshift-probe-agent: cannot read " << arguments.config << ": "
              << std::strerror(errno) << '\n';
    return 2;
  }
  const std::size_t slash = arguments.config.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : arguments.config.substr(0, slash);
  std::vector<std::string> faults;
  const AgentSettings settings = ReadAgentSettings(text.str(), folder, faults);
  const Eyes eyes = OpenEyes(settings, faults);
  for (const std::string& fault : faults)
    std::cerr << arguments.config << ": " << fault << '\n';
  if (!faults.empty()) return 2;
  if (arguments.check) {
    std::cout << arguments.config << ": good; " << settings.inventory.size() << " lines allow\n";
    return 0;
  }
  if (!arguments.stdio) return ServeByTls(settings, eyes);
  StandardLine line;
  ServeSession(line, eyes, settings.inventory);
  return 0;
}

}  // namespace poolshift::probe
