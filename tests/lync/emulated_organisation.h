// The organisation of the source documents behind real sshd, one for each machine: whoever logs in
// gets the emulator (tests/lab/cs-emulator) as that machine. It is an emulator: what real cmdlets
// do is not proved by it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/conformance/kit/scratch.h"
#include "tests/ssh/server/ssh_server.h"
#include <nlohmann/json.hpp>

namespace poolshift::lync::testing {

class EmulatedOrganisation {
 public:
  // Lag of replicas in seconds.
  explicit EmulatedOrganisation(double lag = 0);

  // Everything as at first; the machines keep their ports and keys.
  void Reset();

  // The world behind the controller's back.
  void Edit(const std::function<void(nlohmann::json&)>& edit);
  nlohmann::json World() const;
  std::string Document(int version) const {
    return folder_.Read("world/document-" + std::to_string(version) + ".xml");
  }

  // A machine that answers nothing.
  void Unplug(const std::string& machine) { machines_.at(machine)->Stop(); }
  void PlugIn(const std::string& machine) { machines_.at(machine)->Start(); }

  // `spec.config` of a manifest's provider, and its secrets.
  Value Configuration(std::string_view flags = "xml") const;
  std::map<std::string, std::string> Secrets() const;  // name -> file

  absl::StatusOr<std::unique_ptr<Provider>> Start(
      bool read_only, const std::function<void(Value&)>& change = [](Value&) {});
  absl::StatusOr<std::unique_ptr<Provider>> Start(const conformance::Start& start);

  // What the programs have logged.
  std::string Log() const {
    const std::scoped_lock lock(mutex_);
    return log_;
  }

  const conformance::Scratch& folder() const { return folder_; }
  std::string WorldFolder() const { return folder_.Path("world"); }

 private:
  Value SshOf(const std::string& machine) const;

  const double lag_;
  conformance::Scratch folder_;
  std::map<std::string, std::unique_ptr<ssh::testing::SshServer>> machines_;
  mutable std::mutex mutex_;
  std::string log_;
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
};

inline constexpr const char* kAdmin = "jump.contoso.com";
inline constexpr const char* kEdges[] = {"edgeserver1a.contoso.com",
                                         "edgeserver1b.contoso.com",
                                         "edgeserver2a.contoso.com",
                                         "edgeserver2b.contoso.com"};
inline constexpr const char* kFrontEnd = "fe1a.contoso.com";

}  // namespace poolshift::lync::testing
