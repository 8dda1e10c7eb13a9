// StreamProvider: what the providers for servers of one protocol have in common beside
// EdgeProvider: kind Streams, Streams/<server>/<protocol>.
//
// A stream is counted when the server itself calls it established. The server of a stopped unit has
// none: that is looked up, never guessed from an answer that did not come.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "providers/linux/edge_provider.h"

namespace poolshift::linux_host {

// How streams of one server are counted and closed.
class PeerStreams {
 public:
  virtual ~PeerStreams() = default;
  virtual absl::StatusOr<std::int64_t> Count(absl::Time deadline) = 0;
  // Asks for the end of all of them; they may take a moment.
  virtual absl::Status Close(absl::Time deadline) = 0;
  // What Close does, for a person.
  virtual std::vector<std::string> CloseCommands() const = 0;
  // The domains that the running server serves users of. Unimplemented: it has no such list.
  virtual absl::StatusOr<std::vector<std::string>> Domains(absl::Time deadline);
};

class StreamProvider : public EdgeProvider {
 protected:
  explicit StreamProvider(std::string type) : EdgeProvider(std::move(type)) {}

  // `role`: whose unit of the server carries the protocol.
  void AddStreams(const Server& server,
                  const std::string& protocol,
                  const std::string& role,
                  std::unique_ptr<PeerStreams> streams);

  std::vector<KindSchema> OwnKinds() const override;
  absl::StatusOr<std::vector<std::string>> DomainsOf(const Server& server,
                                                     absl::Time deadline) override;
  Observation ObserveOwn(const ResourceId& id, Look* look, absl::Time deadline) override;
  std::vector<std::string> PreviewOwn(const Action& action) override;
  sdk::Result ApplyOwn(const Action& action, sdk::Call& call) override;

 private:
  struct Source {
    std::string role;
    std::unique_ptr<PeerStreams> streams;
  };

  const Source* Find(const ResourceId& id) const;
  // `begun`: it was told to close some.
  absl::Status CloseAll(PeerStreams& streams, sdk::Call& call, bool& begun) const;

  std::map<std::string, Source> sources_;  // by "<server>/<protocol>"
};

}  // namespace poolshift::linux_host
