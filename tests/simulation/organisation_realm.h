// OrganisationRealm: a small organisation with its Edge pools as a world
// (tests/federation/rehearsal.h), planned for by the product's own lowering, planner and checker.
// Four providers: `cms`, `dns`, `outside` (what vantages see) and `world` (servers).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/federation/rehearsal.h"
#include "tests/simulation/realm.h"

namespace poolshift::simulation {

// An organisation and a world in which an undisturbed run reaches the goal, by number. Null: this
// number makes none.
struct Prepared;
std::shared_ptr<const Prepared> Prepare(std::uint64_t number);

class OrganisationRealm final : public Realm {
 public:
  explicit OrganisationRealm(std::shared_ptr<const Prepared> prepared);
  ~OrganisationRealm() override;

  Observation Look(const ObservationKey& key) const override { return history_.back().Look(key); }
  Observation LookBack(const ObservationKey& key, std::size_t changes) const override;
  std::size_t changes() const override { return changes_; }
  std::string Write(const Action& action) override;
  std::optional<Action> PartOf(const Action& action) const override;
  bool Settle() override;
  void Await(const Action& action) override;
  std::string Meddle(Stream& stream) override;
  std::vector<std::string> Broken() const override;
  bool AtGoal() const override;
  std::string Describe() const override;

  const std::string& organization() const override;
  const Policy& policy() const override;
  std::vector<std::string> providers() const override { return {"cms", "dns", "outside", "world"}; }
  std::string ChangeGoal(Stream&) override { return "the same"; }
  absl::StatusOr<std::shared_ptr<const Plan>> MakePlan(const Ask& ask) override;
  std::map<ObservationKey, std::string> ObserversOf(const Plan& plan) const override;
  std::shared_ptr<const Reasoning> ReasoningOf(const Plan& plan) const override;

 private:
  std::shared_ptr<const Plan> PlanFor(const ObservedState& observed) const;
  Rehearsal& Next();  // a new version, to be changed

  std::shared_ptr<const Prepared> prepared_;
  std::size_t changes_ = 0;        // more than are kept
  std::deque<Rehearsal> history_;  // the last is now
  mutable ObservedState last_observed_;
  mutable std::shared_ptr<const Plan> last_plan_;
  mutable std::map<const Plan*,
                   std::pair<std::shared_ptr<const Plan>, std::shared_ptr<const Reasoning>>>
      reasonings_;
};

}  // namespace poolshift::simulation
