// PluginOnMachine: a provider's program as the controller starts it, with the machine as its
// target.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <gtest/gtest.h>

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/conformance/kit/scratch.h"
#include "tests/hosts/machine.h"

namespace poolshift::testing_hosts {

inline constexpr const char* kEdge = "edge1.contoso.test";
// Declared, and never to be reached: it would have to show another host key.
inline constexpr const char* kAway = "edge2.contoso.test";

class PluginOnMachine : public ::testing::Test {
 protected:
  // `server`: kEdge's section without its `ssh`; `more`: further members of the configuration.
  static Value Configuration(const Value& server, const Value& more = Value::Map{});

  absl::StatusOr<std::unique_ptr<Provider>> Start(const std::string& type,
                                                  const Value& configuration,
                                                  bool read_only = false) {
    return Start(
        type, configuration, {.read_only = read_only, .adjust = [](PluginConfiguration&) {}});
  }
  absl::StatusOr<std::unique_ptr<Provider>> Start(const std::string& type,
                                                  const Value& configuration,
                                                  const conformance::Start& start);
  // What every fixture of these providers has in common: start, state, log, secret, an outage of
  // sshd.
  conformance::Fixture FixtureOf(const std::string& type, const Value& configuration);
  // Forgets what the provider wrote down.
  void EmptyState();

  // Looks, and then changes the resource from that.
  static ApplyResult Change(Provider& provider, const ResourceId& id, const Value& after);
  // What it lists, as text by name: "products=[…] …".
  static std::map<std::string, std::string> ListedBy(Provider& provider,
                                                     absl::Duration patience = absl::Seconds(60));
  static Observation Look(Provider& provider, const ResourceId& id) {
    return conformance::LookAt(provider, {id, ""});
  }

  std::string log() {
    const std::scoped_lock lock(mutex_);
    return log_;
  }

  const conformance::Scratch& folder() const { return folder_; }

 private:
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  conformance::Scratch folder_;
  std::mutex mutex_;
  std::string log_;
};

}  // namespace poolshift::testing_hosts
