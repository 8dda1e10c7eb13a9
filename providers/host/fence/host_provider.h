// HostProvider: services and certificates of Linux machines, streams where a server says which
// servers it runs (`xmpp: {…}`, `sip: {…}`), and fences on declared routers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/host/fence/address.h"
#include "providers/host/fence/nft.h"
#include "providers/linux/stream_provider.h"

namespace poolshift::host {

class HostProvider final : public linux_host::StreamProvider {
 public:
  HostProvider() : StreamProvider("host") {}

 private:
  struct Router {
    std::unique_ptr<linux_host::Machine> machine;
    std::vector<Network> networks;
  };
  // What stands before one port, and where.
  struct Spot {
    Address address;
    int port = 0;
    const Router* router = nullptr;
  };

  void ReadOwn(sdk::Section& root) override;
  void ReadOwnOf(linux_host::Server& server, sdk::Section& section) override;
  std::vector<KindSchema> OwnKinds() const override;
  std::string PlaceOf(const ResourceId& id) const override;
  Observation ObserveOwn(const ResourceId& id,
                         linux_host::Look* look,
                         absl::Time deadline) override;
  std::vector<std::string> PreviewOwn(const Action& action) override;
  sdk::Result ApplyOwn(const Action& action, sdk::Call& call) override;

  absl::StatusOr<Spot> SpotOf(const ResourceId& id) const;
  absl::StatusOr<FenceState> StateAt(const Spot& spot, absl::Time deadline) const;
  absl::Status Change(const Spot& spot, const Action& action, sdk::Call& call) const;

  std::vector<Router> routers_;
};

}  // namespace poolshift::host
