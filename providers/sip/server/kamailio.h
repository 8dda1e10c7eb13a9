// Kamailio: its peer connections by `kamcmd`. It has no command that closes one, so the kernel is
// asked to (`ss -K`), or the unit is started anew.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "providers/linux/stream_provider.h"

namespace poolshift::sip {

struct KamailioWords {
  std::string kamcmd = "kamcmd";
  std::string control = "unix:/run/kamailio/kamailio_ctl";
  bool restarts = false;  // `close: restart`
};

// What its module dispatcher knows of the servers inside. `sets`: those that count; empty = all,
// and nobody declared that there are any. `server` must outlive it.
std::unique_ptr<linux_host::Inside> MakeDispatcher(const linux_host::Server& server,
                                                   const KamailioWords& words,
                                                   std::vector<std::int64_t> sets);

// `server` must outlive it.
std::unique_ptr<linux_host::PeerStreams> MakeKamailio(const linux_host::Server& server,
                                                      const linux_host::RoleService& service,
                                                      const KamailioWords& words);

}  // namespace poolshift::sip
