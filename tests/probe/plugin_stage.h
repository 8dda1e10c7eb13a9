// PluginStage: the provider as the controller starts it, agents as people start them, and real
// servers to look at. Made once for a test suite.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/probe/live_look.h"
#include "tests/ssh/server/ssh_server.h"

namespace poolshift::probe::testing {

class PluginStage : public LiveLook {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // Starts poolshift-provider-probe. `vantages`: of `spec.config`, whose other members are here.
  absl::StatusOr<std::unique_ptr<Provider>> StartProvider(Value::List vantages,
                                                          bool read_only = true,
                                                          const std::string& ssh_key = "") {
    return StartProvider({.read_only = read_only, .adjust = [](PluginConfiguration&) {}},
                         std::move(vantages),
                         ssh_key);
  }
  absl::StatusOr<std::unique_ptr<Provider>> StartProvider(const conformance::Start& start,
                                                          Value::List vantages,
                                                          const std::string& ssh_key = "");

  // An agent that serves by TLS as `certificate`, and allows the two servers' ports.
  std::unique_ptr<Program> StartAgent(const std::string& certificate,
                                      const std::string& controller = "controller.test") const;
  // {name, tls: …} of it.
  Value ByTls(const std::string& name, const std::string& certificate) const;

  // {name, ssh: …} through a real sshd; `host_key` "" = its own.
  Value BySsh(const std::string& name,
              const ssh::testing::SshServer& sshd,
              std::string host_key = "") const;

  static std::string AgentConfiguration(const std::string& more);

  static ObservationKey Sip(const std::string& vantage);
  static ObservationKey Xmpp(const std::string& vantage);
  static ObservationKey Closed(const std::string& vantage);

  static Observation LookFrom(Provider& provider, const ObservationKey& key);

  std::string address_ = LoopbackAddress();  // of the agent of this test
  std::string log_;

 private:
  static inline std::unique_ptr<Kamailio> sip_;
  static inline std::unique_ptr<Prosody> xmpp_;

  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  std::mutex mutex_;
};

}  // namespace poolshift::probe::testing
