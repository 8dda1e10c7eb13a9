// A folder with a world file and the real provider program on it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "controller/provider/plugin.h"
#include "tests/conformance/kit/conformance.h"
#include "tests/conformance/kit/scratch.h"

namespace poolshift {

class SimStage {
 public:
  SimStage();

  // A small organisation, with `more` (YAML) at its end.
  void WriteWorld(const std::string& more = "") const;
  absl::StatusOr<std::unique_ptr<Provider>> Start(bool read_only = false) {
    return Start(conformance::Start{.read_only = read_only});
  }
  absl::StatusOr<std::unique_ptr<Provider>> Start(const conformance::Start& start);
  // Starts it, and fails the test when it does not.
  std::unique_ptr<Provider> MustStart(bool read_only = false);

  // The change that these tests make: the XMPP route of Site1, from what is there.
  ApplyRequest Reroute(Provider& provider, const std::string& key, std::int64_t token = 1) const;
  std::string Route(Provider& provider) const;
  // Runs a command by hand; its output and error text, and exit status.
  int ByHand(const std::vector<std::string>& arguments, std::string* text = nullptr) const;

  const conformance::Scratch& scratch() const { return scratch_; }
  std::string Log() const;

 private:
  RealClock clock_;
  RealFiles files_;
  RealProcesses processes_;
  conformance::Scratch scratch_;
  mutable std::mutex mutex_;
  std::string log_;
};

}  // namespace poolshift
