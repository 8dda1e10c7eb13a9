// Looking: one question, answered from where this process runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "providers/probe/look/tls.h"
#include "providers/probe/wire/question.h"

namespace poolshift::probe {

struct HostPort {
  std::string address;
  int port = 0;
};

// What a vantage looks with. Borrowed by everything below; never changed while in use.
struct Eyes {
  std::string from;    // our own domain, as SIP and XMPP servers are told
  TlsContext context;  // the certificate that we show, and whom we trust
  bool shows_certificate = false;
  std::vector<HostPort> resolvers;  // empty: the system's, for names of targets only
  std::vector<HostPort>
      references;    // one of them at least answers when the vantage's network works
  int at_once = 64;  // questions
};

// How long it may take. Each connection gets the patience, and each conversation on it once more.
struct Limits {
  absl::Duration patience;
  absl::Time last;  // whatever the patience is
};

// What began now gives up then; `cut_short` when the patience would be longer.
struct GiveUp {
  explicit GiveUp(const Limits& limits);
  absl::Time time;
  bool cut_short = false;
};

Answer Look(const Eyes& eyes, const Question& question, const Limits& limits);

}  // namespace poolshift::probe
