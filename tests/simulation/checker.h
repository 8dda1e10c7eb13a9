// Checker: sees everything, and judges every single write at a target the moment it happens. It has
// no part in what is decided.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/provider/provider.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/realm.h"

namespace poolshift::simulation {

class Checker {
 public:
  Checker(const Realm& realm, const std::vector<std::shared_ptr<Disk>>& disks)
      : realm_(realm), disks_(disks) {}

  // Around a write of a controller's. `provider` carries it out.
  void BeforeWrite(const std::string& provider, const ApplyRequest& request);
  void AfterWrite(const ApplyRequest& request);
  // After a part of a write: no rule is broken that was not before.
  void CheckRules(const ApplyRequest& request);
  // The provider died before it noted that write.
  void Forgotten(const ApplyRequest& request);
  // The fence at the provider was raised: no write with a smaller token from now on.
  void Fenced(const std::string& provider, std::int64_t token);
  // A change by hand: rules that break later because of it are nobody's fault but its own.
  void Meddled(absl::Duration now);
  // A controller looked at everything at that time, and will act on it under this token.
  void Looked(std::int64_t token, absl::Duration when) { looked_[token] = when; }
  // A plan was begun. `changes`: how many there had been when it was to be carried out. As none has
  // come since, what its changes and its order rest on must be what is there, however old it is.
  void CheckBasis(const Plan& plan, std::size_t changes);
  // A plan was begun: what its actions need.
  void Begun(const Disk& disk, std::int64_t run, std::shared_ptr<const Plan> plan);
  // A gate opened, or an action is done, possibly by another controller's write of the same.
  void Ended(const Disk& disk, std::int64_t run, const ActionId& action);

  // At the end: no effect without its record.
  void CheckRecords();
  void Wrong(const std::string& what);

  const std::vector<std::string>& wrongs() const { return wrongs_; }
  std::int64_t writes() const { return writes_; }

 private:
  const Disk* DiskOf(const ApplyRequest& request) const;
  // The problem of one plan, with what its actions have done so far.
  struct Shadow {
    std::shared_ptr<const Plan> plan;
    std::shared_ptr<const Reasoning> reasoning;  // null: the realm's own rules say everything
    std::vector<std::int16_t> values;
    std::vector<std::size_t> broken;  // clauses
  };
  void CheckNeeds(const Disk& disk, const IntentRecord& intent, const ApplyRequest& request);
  void CheckExport(const Disk& disk, const IntentRecord& intent, const ApplyRequest& request);
  static bool Opened(const Disk& disk, std::int64_t run, const ActionId& gate);
  void Move(Shadow& shadow, const ActionId& action);

  const Realm& realm_;
  const std::vector<std::shared_ptr<Disk>>& disks_;
  std::map<std::string, std::int64_t> tokens_;  // greatest accepted, by provider
  std::map<std::pair<std::string, std::int64_t>, const Disk*> writers_;  // by provider, token
  struct Effects {
    int count = 0;
    bool forgotten = false;  // the last one, by its provider
  };
  std::map<std::tuple<const Disk*, std::int64_t, std::string>, Effects> effects_;  // by run, action
  std::map<std::pair<const Disk*, std::int64_t>, Shadow> plans_;
  std::vector<std::string> broken_before_;
  Shadow* writing_ = nullptr;
  std::map<std::int64_t, absl::Duration> looked_;
  absl::Duration meddled_ = -absl::InfiniteDuration();
  std::int64_t writes_ = 0;
  std::vector<std::string> wrongs_;
};

}  // namespace poolshift::simulation
