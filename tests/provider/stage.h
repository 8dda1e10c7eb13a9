// Stage: a plugin folder in which the misbehaving provider stands under the names of its faults,
// and all that is needed to start one.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {

class Stage {
 public:
  // Starts poolshift-provider-FAULT, read-write, as provider `p`.
  absl::StatusOr<std::unique_ptr<Provider>> Start(const std::string& fault);

  // Options and configuration for such a start, to be changed by a test.
  PluginOptions OptionsFor(const std::string& fault);
  PluginConfiguration Configuration() const;
  absl::StatusOr<std::unique_ptr<Provider>> Start(const PluginOptions& options,
                                                  const PluginConfiguration& configuration);

  // Lines of the provider's log so far, in the order of their arrival.
  std::vector<std::string> Log() const;
  // Waits (without a limit of its own) for a line that begins with `start`, and returns the rest of
  // it.
  std::string WaitForLog(const std::string& start) const;

  const conformance::Scratch& scratch() const { return scratch_; }
  World world() { return {&clock_, &files_, &processes_}; }

 private:
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  conformance::Scratch scratch_;
  mutable std::mutex mutex_;
  std::vector<std::string> log_;
};

// {"value": "on"} → {"value": "off"} on Switch/hall.
ApplyRequest SwitchOff();

}  // namespace poolshift
