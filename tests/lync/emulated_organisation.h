// The organisation of the source documents, each of its machines behind a real sshd, behind an
// emulated WinRM service, or reached by a person who carries files: whoever logs in gets the
// emulator (tests/lab/cs-emulator) as that machine. These are emulators: what real cmdlets and real
// services do is not proved by them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/conformance/kit/scratch.h"
#include "tests/lync/carrying_person.h"
#include "tests/lync/winrm_server.h"
#include "tests/ssh/server/ssh_server.h"
#include <nlohmann/json.hpp>

namespace poolshift::lync::testing {

enum class Transport { kSsh, kWinrm, kManual };
inline std::ostream& operator<<(std::ostream& out, Transport transport) {
  return out << (transport == Transport::kSsh     ? "OverSsh"
                 : transport == Transport::kWinrm ? "OverWinrm"
                                                  : "ByHand");
}

class EmulatedOrganisation {
 public:
  // Lag of replicas in seconds.
  explicit EmulatedOrganisation(double lag = 0, Transport transport = Transport::kSsh);

  // Everything as at first; the machines keep their ports and keys.
  void Reset();

  // The world behind the controller's back.
  void Edit(const std::function<void(nlohmann::json&)>& edit);
  nlohmann::json World() const;
  std::string Document(int version) const {
    return folder_.Read("world/document-" + std::to_string(version) + ".xml");
  }

  // A machine that answers nothing.
  void Unplug(const std::string& machine);
  void PlugIn(const std::string& machine);

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

  // Over WinRM alone.
  WinrmServer& Winrm(const std::string& machine) { return *over_winrm_.at(machine); }

  // By hand alone.
  CarryingPerson& person() { return *person_; }
  std::string CarriedFolder() const { return folder_.Path("carried"); }

  const conformance::Scratch& folder() const { return folder_; }
  std::string WorldFolder() const { return folder_.Path("world"); }

 private:
  void Begin(const std::string& machine);
  Value SshOf(const ssh::testing::SshServer& server, const std::string& key) const;
  Value WinrmOf(const WinrmServer& server) const;
  // How it is reached, as a machine's section says it.
  Value::Map WayTo(const std::string& machine) const;

  const double lag_;
  const Transport transport_;
  conformance::Scratch folder_;
  // Each machine is in one of the two, or is the person's.
  std::map<std::string, std::unique_ptr<ssh::testing::SshServer>> over_ssh_;
  std::map<std::string, std::unique_ptr<WinrmServer>> over_winrm_;
  std::unique_ptr<CarryingPerson> person_;
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
