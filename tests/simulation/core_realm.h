// CoreRealm: the toy model (tests/verify/core.h) as a world. Its rules are the clauses of the
// problem, evaluated on the true values. Services and roles are at provider `lab`, records at
// `dns`, front ends at `site`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/realm.h"

namespace poolshift::simulation {

// What all runs over one size share: the problem with complete operators, the safe states, and the
// plans made so far.
class CoreModel;
std::shared_ptr<CoreModel> MakeCoreModel(int pools, int front_ends);
std::size_t SafeStateCount(const CoreModel& model);

class CoreRealm final : public Realm {
 public:
  // From one safe state to another.
  CoreRealm(std::shared_ptr<CoreModel> model, std::size_t start, std::size_t goal);

  Observation Look(const ObservationKey& key) const override { return LookBack(key, 0); }
  Observation LookBack(const ObservationKey& key, std::size_t changes) const override;
  std::size_t changes() const override { return history_.size() - 1; }
  std::string Write(const Action& action) override;
  bool Settle() override { return false; }
  void Await(const Action&) override {}
  std::string Meddle(Stream& stream) override;
  std::vector<std::string> Broken() const override;
  bool AtGoal() const override;
  std::string Describe() const override;

  const std::string& organization() const override;
  const Policy& policy() const override;
  std::vector<std::string> providers() const override { return {"dns", "lab", "site"}; }
  std::string ChangeGoal(Stream& stream) override;
  absl::StatusOr<std::shared_ptr<const Plan>> MakePlan(const Ask& ask) override;
  std::map<ObservationKey, std::string> ObserversOf(const Plan& plan) const override;

  // For named tests: sets a variable by name, "" = unknown name.
  std::int16_t ValueOf(const std::string& variable) const;
  void SetGoal(const std::string& variable, std::int16_t value);
  void SetValue(const std::string& variable, std::int16_t value);

 private:
  using State = std::vector<std::int16_t>;
  std::size_t VariableOf(const ResourceId& id) const;
  void Change(std::size_t variable, std::int16_t value);

  std::shared_ptr<CoreModel> model_;
  std::vector<State> history_;  // the last is now
  State goal_;
};

}  // namespace poolshift::simulation
