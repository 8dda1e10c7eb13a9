#include "controller/federation/observed_index.h"

#include <bit>
#include <functional>

namespace poolshift {
namespace {

std::size_t HashOf(const ResourceId& id, std::string_view vantage) {
  constexpr std::size_t kMix = 0x9E3779B97F4A7C15U;
  const std::hash<std::string_view> hash;
  return (hash(id.name) * kMix + hash(id.kind)) * kMix + hash(vantage);
}

}  // namespace

ObservedIndex::ObservedIndex(const ObservedState& state)
    : state_(state), slots_(std::bit_ceil(state.observations.size() * 2 + 1)) {
  for (const Entry& entry : state.observations) {
    const std::size_t hash = HashOf(entry.first.id, entry.first.vantage);
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].entry != nullptr)
      at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {hash, &entry};
  }
}

const Observation* ObservedIndex::Find(const ResourceId& id, std::string_view vantage) const {
  const std::size_t hash = HashOf(id, vantage);
  for (std::size_t at = hash & (slots_.size() - 1); slots_[at].entry != nullptr;
       at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash != hash) continue;
    const auto& [key, observation] = *slots_[at].entry;
    if (key.id == id && key.vantage == vantage) return &observation;
  }
  return nullptr;
}

const Value* ObservedIndex::Properties(const ResourceId& id, std::string_view vantage) const {
  const Observation* observation = Find(id, vantage);
  if (observation == nullptr || observation->presence != Presence::kPresent) return nullptr;
  return &observation->properties;
}

std::string WhyUnseen(const Observation* seen) {
  if (seen == nullptr) return "it was not looked at";
  if (seen->presence != Presence::kUnreachable) return "";
  return seen->reason.empty() ? "it does not answer" : seen->reason;
}

}  // namespace poolshift
