// The parts of FindShortfalls() (readiness.h): never seen outside this floor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/federation/readiness.h"
#include "controller/federation/view.h"

namespace poolshift {

// Collects without double lines.
class ShortfallList {
 public:
  void Add(Shortfall shortfall);
  void Lacks(std::string_view topic,
             std::string text,
             std::string hint,
             std::string_view rule,
             Origin origin = {});
  void CannotLook(const std::string& at, const std::string& why);
  std::vector<Shortfall> Take() { return std::move(found_); }

 private:
  std::vector<Shortfall> found_;
};

// Why an observation says nothing, or "" when it does.
std::string Blind(const View& view, const ResourceId& id, std::string_view vantage = "");

// A pool that has to host the protocol after the death. All borrowed.
struct Successor {
  const View& view;
  const Supposition& supposition;
  const EdgePool& pool;
  Protocol protocol;
  absl::Time now;
};
void InspectSuccessor(const Successor& successor, ShortfallList& found);

}  // namespace poolshift
