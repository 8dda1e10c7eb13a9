// EdgeProvider: what the providers for Linux machines have in common: EdgeService and Certificate
// of the declared servers, each server looked at by a thread of its own. A provider adds its own
// kinds.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "providers/linux/inventory.h"
#include "providers/linux/look.h"
#include "providers/sdk/service.h"

namespace poolshift::linux_host {

class EdgeProvider : public sdk::Service {
 public:
  std::vector<std::string> Configure(const sdk::Configuration& configuration) override;
  sdk::Description Describe() override;
  std::vector<Observation> Observe(const std::vector<ObservationKey>& keys,
                                   absl::Time deadline) override;
  // Each declared server that carries a federation. What a machine that cannot be asked would have
  // said is left out.
  absl::StatusOr<std::vector<Listed>> List(absl::Time deadline) override;
  std::vector<std::string> Preview(const Action& action) override;
  sdk::Result Apply(const Action& action,
                    std::string_view key,
                    std::int64_t token,
                    sdk::Call& call) override;
  absl::Duration late_effects() const override { return inventory_.settle(); }

 protected:
  explicit EdgeProvider(std::string type) : type_(std::move(type)) {}

  // The provider's own members: of the whole, of a server. Faults go to the sections.
  virtual void ReadOwn(sdk::Section& root) { (void)root; }
  virtual void ReadOwnOf(Server& server, sdk::Section& section) { (void)server, (void)section; }
  // Its own kinds.
  virtual std::vector<KindSchema> OwnKinds() const { return {}; }
  // The XMPP domains that a server serves users of; an error when nobody can say.
  virtual absl::StatusOr<std::vector<std::string>> DomainsOf(const Server& server,
                                                             absl::Time deadline);
  // The machine that a resource of them is asked of: keys with the same are asked one after the
  // other.
  virtual std::string PlaceOf(const ResourceId& id) const;
  virtual Observation ObserveOwn(const ResourceId& id, Look* look, absl::Time deadline) = 0;
  virtual std::vector<std::string> PreviewOwn(const Action& action) = 0;
  virtual sdk::Result ApplyOwn(const Action& action, sdk::Call& call) = 0;

  Inventory& inventory() { return inventory_; }
  const Inventory& inventory() const { return inventory_; }

 private:
  Observation ObserveOne(const ResourceId& id, Look* look, absl::Time deadline);

  const std::string type_;
  Inventory inventory_;
};

// The parts of a resource's name.
std::string ServerOf(const ResourceId& id);
std::string LastPartOf(const ResourceId& id);

}  // namespace poolshift::linux_host
