// Realm: a world that can be looked at, changed and planned for: the toy `core`
// (core_realm.h) or an organisation with its Edge pools (product_realm.h). It is the truth; what
// a controller is told of it is another matter (link.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/federation/organization.h"
#include "controller/model/observation.h"
#include "controller/model/plan.h"
#include "tests/simulation/timeline.h"

namespace poolshift {
struct Reasoning;
}

namespace poolshift::simulation {

class Realm {
 public:
  // Asks one provider, as a controller does.
  using Ask = std::function<absl::StatusOr<std::vector<Observation>>(
      const std::string& provider, const std::vector<ObservationKey>& keys)>;

  virtual ~Realm() = default;

  // --- the truth
  virtual Observation Look(const ObservationKey& key) const = 0;
  // As it was that many changes ago.
  virtual Observation LookBack(const ObservationKey& key, std::size_t changes) const = 0;
  // How many changes there have been.
  virtual std::size_t changes() const = 0;
  // Carries the change out; why the platform refuses, or "".
  virtual std::string Write(const Action& action) = 0;
  // The part of a change that can take effect without the rest of it; nothing when it has none.
  virtual std::optional<Action> PartOf(const Action&) const { return std::nullopt; }
  // What takes time by itself: copies follow, connections end. Whether anything moved.
  virtual bool Settle() = 0;
  // What a gate waits for and what happens by itself, such as a connection that ends.
  virtual void Await(const Action& gate) = 0;
  // A change behind the controllers' backs; what, for the trace.
  virtual std::string Meddle(Stream& stream) = 0;
  // The rules that do not hold, by name and place.
  virtual std::vector<std::string> Broken() const = 0;
  // Whether what is declared is there.
  virtual bool AtGoal() const = 0;
  virtual std::string Describe() const = 0;

  // --- the declaration
  virtual const std::string& organization() const = 0;
  virtual const Policy& policy() const = 0;
  virtual std::vector<std::string> providers() const = 0;
  virtual std::string ChangeGoal(Stream& stream) = 0;
  // Looks and plans, as `poolshift plan` does. Unavailable: could not look.
  virtual absl::StatusOr<std::shared_ptr<const Plan>> MakePlan(const Ask& ask) = 0;
  virtual std::map<ObservationKey, std::string> ObserversOf(const Plan& plan) const = 0;
  // What a plan was solved from, where the truth alone does not tell whether its clauses hold.
  virtual std::shared_ptr<const Reasoning> ReasoningOf(const Plan&) const { return nullptr; }
};

}  // namespace poolshift::simulation
