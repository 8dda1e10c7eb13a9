// LoweringMemory: what one lowering leaves for the next of the same organisation and the same
// observations, of which a few entities have been read anew
// (docs/decisions/0023-lowering-memory.md).
//
// Most entities of a large organisation are at rest: a part of the lowering looks at one and has
// nothing to do. What a part does with an entity follows from that entity, from what is observed,
// and from what the whole organisation says together. While the last two stay, an entity at rest
// stays so until it is read anew, and a part need not look at it again. What does not stay is not
// remembered.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/federation/left_out.h"
#include "controller/federation/records.h"
#include "controller/federation/situation.h"

namespace poolshift {

// Parts of the lowering that look at each entity of a kind by itself.
enum class LoweringPart {
  kRedundancy,
  kServices,
  kMembers,
  kRoutes,
  kReplicas,
  kComponents,
  kRecords,
  kSipDrain,
  kXmppDrain,
  kAssociations,
  kEnd
};

// By protocol, a site; "" when no route of the protocol is written.
using ClosingSites = std::array<std::string, 2>;

class LoweringMemory {
 public:
  LoweringMemory() = default;
  LoweringMemory(const LoweringMemory&) = delete;
  LoweringMemory& operator=(const LoweringMemory&) = delete;

  // The next lowering is of another organisation or other observations.
  void Forget();

  // The entities that were read anew since the last lowering, in place: the organisation, its
  // entities and the observations are the same objects. `kind` as in a manifest. Where one says
  // something that others may go by, all is forgotten.
  void ReadAnew(std::string_view kind, const std::string& name);

  // Before the first lowering: what the organisation is without already, and whose records are
  // left out besides.
  void LeaveOut(Omission omission) { omission_ = std::move(omission); }
  const Omission& omission() const { return omission_; }

  // --- for the lowering
  // Made once and kept; null: it was forgotten.
  const View* view() const { return view_.get(); }
  const Judgement& judgement() const { return judgement_; }
  // `stays`: ReadAnew may follow. Else nothing is kept for it.
  void Begin(const Organization& organization, const ObservedState& observed, bool stays);

  const std::vector<RecordGoal>& goals();
  // Edge pools that XMPP records will lead to and do not yet (LeadsAnew), with the domains of
  // these, in the order of goals().
  struct LedAnew {
    std::string pool;
    std::set<std::string> domains;
  };
  const std::vector<LedAnew>& led_anew();
  const std::set<std::string>& pools_of_interest();
  // By protocol, the site whose route is the last to be written; made by `make` once.
  template <typename Make>
  const ClosingSites& LastSites(const Make& make) {
    if (!last_sites_.has_value()) last_sites_ = make();
    return *last_sites_;
  }
  // Nothing of what is observed contradicts what is declared in the way that WarnOfOverrides tells.
  std::optional<bool> is_overridden;
  // Revisions of the designations (Plan::basis); filled in by the lowering once.
  std::optional<std::vector<std::pair<ObservationKey, std::string>>> designations;

  // Calls `look` for each entity that may not be at rest, in the order of names. `look` says
  // whether it had anything to do with it.
  template <typename Entity, typename Look>
  void ForEach(LoweringPart part, const std::map<std::string, Entity>& entities, const Look& look) {
    Restless& restless = restless_[static_cast<std::size_t>(part)];
    if (!restless.is_known) {
      restless.is_known = true;
      for (const auto& [name, entity] : entities) {
        if (look(entity)) restless.names.insert(name);
      }
    } else {
      for (const std::string& name : Take(restless, Log(static_cast<const Entity*>(nullptr)))) {
        if (look(entities.at(name))) restless.names.insert(name);
      }
    }
    restless.seen = Log(static_cast<const Entity*>(nullptr)).size();
  }

  // The same for goals(): of each domain that is not at rest all goals.
  template <typename Look>
  void ForEachGoal(const Look& look) {
    Restless& restless = restless_[static_cast<std::size_t>(LoweringPart::kRecords)];
    for (const RecordGoal* goal : GoalsToLookAt(restless)) {
      if (look(*goal)) restless.names.insert(goal->domain);
    }
  }
  // Those that may differ from what is observed: in a record, or in the time to live.
  std::vector<const RecordGoal*> RestlessGoals();

 private:
  using Names = std::vector<std::string>;
  struct Restless {
    bool is_known = false;
    std::set<std::string> names;  // that were not at rest
    std::size_t seen = 0;         // how much of the log they know
  };

  static std::set<std::string> Take(Restless& restless, const Names& log);
  std::vector<const RecordGoal*> GoalsOf(const std::set<std::string>& domains);
  std::vector<const RecordGoal*> GoalsToLookAt(Restless& restless);
  // The names of entities that were read anew.
  const Names& Log(const Site*) const { return sites_; }
  const Names& Log(const EdgePool*) const { return edge_pools_; }
  const Names& Log(const FrontEndPool*) const { return front_end_pools_; }

  const Organization* organization_ = nullptr;
  Omission omission_;
  Organization before_;  // as it was at Begin, but for what ReadAnew has followed
  std::unique_ptr<View> view_;
  Judgement judgement_;
  std::optional<std::vector<RecordGoal>> goals_;
  std::optional<std::vector<LedAnew>> led_anew_;
  std::optional<std::set<std::string>> pools_of_interest_;
  std::optional<ClosingSites> last_sites_;
  std::array<Restless, static_cast<std::size_t>(LoweringPart::kEnd)> restless_;
  Names sites_, edge_pools_, front_end_pools_, domains_;
};

}  // namespace poolshift
