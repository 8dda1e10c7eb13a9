// FaultRule: trouble on demand. Which call on which resource goes wrong, how, and how often.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace poolshift::sim {

struct FaultRule {
  enum class Operation { kObserve, kPreview, kApply, kLookup, kExport };
  enum class Trouble {
    kLatency,    // waits `delay`, then all is well
    kError,      // fails before any effect, with `message`; may be tried again
    kLostReply,  // the effect happens, the answer says that nobody knows
    kHang,       // does not answer until the caller gives up
    kCrash,      // the program ends at once
    kBlackout,   // the servers of `pools` lose their power at this moment; then the call goes on
    kHalfDone,   // what ends with Enable-CsTopology is written, and not enabled; an error otherwise
  };
  std::string resource = "*";  // pattern over "<Kind>/<name>"
  Operation operation = Operation::kApply;
  Trouble trouble = Trouble::kError;
  int times = 0;                            // the first so many matching calls; 0 = all
  int after = 0;                            // matching calls that are let through before
  absl::Duration delay = absl::Seconds(1);  // kLatency
  bool after_effect = false;                // kHang, kCrash: when the effect is already there
  std::vector<std::string> pools;           // kBlackout: FQDNs of Edge and Front End pools
  std::string message;                      // kError, kHalfDone
};

std::string_view Name(FaultRule::Operation operation);
std::string_view Name(FaultRule::Trouble trouble);
std::optional<FaultRule::Operation> ParseOperation(std::string_view text);
std::optional<FaultRule::Trouble> ParseTrouble(std::string_view text);

// Counts calls per rule. Thread-compatible.
class FaultCounts {
 public:
  // Counts one call against every matching rule; the first rule that strikes, or null. Borrowed
  // from `rules`.
  const FaultRule* Strike(const std::vector<FaultRule>& rules,
                          FaultRule::Operation operation,
                          std::string_view resource);

  // Calls seen so far per rule, in the order of the rules: what has to survive a crash.
  const std::vector<int>& seen() const { return seen_; }
  void Restore(std::vector<int> seen) { seen_ = std::move(seen); }

 private:
  std::vector<int> seen_;
};

}  // namespace poolshift::sim
