#include "providers/sim/world/fault_rule.h"

#include "providers/sim/world/world.h"

namespace poolshift::sim {
namespace {

constexpr std::string_view kOperations[] = {"observe", "preview", "apply", "lookup", "export"};
constexpr std::string_view kTroubles[] = {
    "latency", "error", "lostReply", "hang", "crash", "blackout", "halfDone"};

}  // namespace

std::string_view Name(FaultRule::Operation operation) {
  return kOperations[static_cast<int>(operation)];
}
std::string_view Name(FaultRule::Trouble trouble) { return kTroubles[static_cast<int>(trouble)]; }

std::optional<FaultRule::Operation> ParseOperation(std::string_view text) {
  for (int i = 0; i < 5; ++i) {
    if (kOperations[i] == text) return static_cast<FaultRule::Operation>(i);
  }
  return std::nullopt;
}

std::optional<FaultRule::Trouble> ParseTrouble(std::string_view text) {
  for (int i = 0; i < 7; ++i) {
    if (kTroubles[i] == text) return static_cast<FaultRule::Trouble>(i);
  }
  return std::nullopt;
}

const FaultRule* FaultCounts::Strike(const std::vector<FaultRule>& rules,
                                     FaultRule::Operation operation,
                                     std::string_view resource) {
  const FaultRule* struck = nullptr;
  seen_.resize(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const FaultRule& rule = rules[i];
    if (rule.operation != operation || !Matches(rule.resource, resource)) continue;
    const int call = ++seen_[i];
    const bool due = call > rule.after && (rule.times == 0 || call <= rule.after + rule.times);
    if (due && struck == nullptr) struck = &rule;
  }
  return struck;
}

}  // namespace poolshift::sim
