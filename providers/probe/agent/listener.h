// Listener: an agent that providers reach by mutual TLS.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "providers/probe/agent/agent_settings.h"
#include "providers/probe/agent/session.h"

namespace poolshift::probe {

// A line over a stream.
class StreamLine final : public Line {
 public:
  explicit StreamLine(Stream stream) : stream_(std::move(stream)) {}
  absl::StatusOr<std::string> Read(absl::Time deadline) override { return stream_.Read(deadline); }
  absl::Status Write(std::string_view bytes, absl::Time deadline) override {
    return stream_.Write(bytes, deadline);
  }
  Stream& stream() { return stream_; }

 private:
  Stream stream_;
};

class Listener {
 public:
  static absl::StatusOr<std::unique_ptr<Listener>> Open(const AgentSettings& settings,
                                                        const Eyes& eyes);
  // Serves until `stop` is written to by somebody; looks at it every half second.
  void Run(const std::atomic<bool>& stop);
  int port() const { return port_; }

 private:
  Listener(const AgentSettings& settings, const Eyes& eyes) : settings_(settings), eyes_(eyes) {}
  void Serve(Socket socket);
  std::string ObjectionTo(const Stream& stream) const;

  const AgentSettings& settings_;
  const Eyes& eyes_;
  TlsContext context_;
  Socket socket_;
  int port_ = 0;
};

}  // namespace poolshift::probe
