// Channel: the way to one agent, opened when it is needed and kept for the next batch.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "providers/probe/agent/session.h"
#include "providers/probe/service/settings.h"
#include "providers/probe/wire/agent_message.h"

namespace poolshift::probe {

// What became of a request: the answers that came, and why not all of them did.
struct Told {
  std::vector<Answer> answers;
  std::string fault;  // "" = all came
};

// Takes the lines of an agent's answer to one request. Borrows the request.
class Hearing {
 public:
  explicit Hearing(const Request& request) : request_(request) {}

  // False when that was the last one, or no answer; then `Take` tells.
  bool Hear(std::string_view line);
  void Break(std::string_view fault) { told_.fault = fault; }
  Told Take() { return std::move(told_); }

 private:
  bool TakeAnswer(Answer answer);

  const Request& request_;
  std::set<int> heard_;
  Told told_;
};

// All batches of one vantage. Thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;
  // Ends by `deadline`.
  virtual Told Ask(const Request& request, absl::Time deadline) = 0;
};

// By mutual TLS; batches that run at the same time have a connection each. Borrows both.
class TlsChannel final : public Channel {
 public:
  TlsChannel(const TlsPlace& place, SSL_CTX& link) : place_(place), link_(link) {}
  Told Ask(const Request& request, absl::Time deadline) override;

 private:
  struct Way {
    std::unique_ptr<Line> line;
    std::unique_ptr<LineReader> reader;
  };

  // One that was kept, or nothing.
  Way TakeKept();
  absl::StatusOr<Way> Open(absl::Time deadline) const;
  static Told AskOn(Way& way, const Request& request, absl::Time deadline);

  const TlsPlace& place_;
  SSL_CTX& link_;
  std::mutex mutex_;
  std::vector<Way> kept_;
};

// Over SSH: a command for each batch, on a connection that is kept. Borrows the place.
class SshChannel final : public Channel {
 public:
  explicit SshChannel(const SshPlace& place) : place_(place) {}
  Told Ask(const Request& request, absl::Time deadline) override;

 private:
  const SshPlace& place_;
};

}  // namespace poolshift::probe
