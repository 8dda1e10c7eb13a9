// Front End pools: home or served by the backup (P6). Only as declared, never by itself, and only
// with a person's approval (D14, I-22). What cannot be seen is a person's work, and holds nothing
// else up.
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

using ServedBy = FrontEndPool::ServedBy;
using Condition = FrontEndPool::Condition;

// Its Edge pool runs (P3).
Conditions EdgeIsUp(Draft& draft, const FrontEndPool& pool) {
  Conditions up = draft.associated[pool.name];
  for (const auto& [name, edge] : draft.organization.edge_pools) {
    const bool local =
        pool.conferencing.empty() ? edge.site == pool.site : pool.conferencing == name;
    if (!local) continue;
    Append(up, ServersUp(draft, edge));
    for (const EdgeServer& server : edge.servers)
      Append(up, draft.installed[server.fqdn]);
  }
  return up;
}

class FrontEndLowering {
 public:
  explicit FrontEndLowering(Draft& draft) : draft_(draft), view_(draft.view) {}

  void Run() {
    for (const auto& [name, pool] : draft_.organization.front_end_pools) {
      if (pool.served_by != ServedBy::kAsObserved) Lower(pool);
    }
    OrderPairs();
  }

 private:
  const Value* Seen(const FrontEndPool& pool) const {
    return view_.observed().Properties(kinds::PoolFailover(pool.fqdn));
  }

  // `against`: what the manifest says beside `servedBy`, and at which line.
  void Refuse(std::string_view rule,
              const FrontEndPool& pool,
              std::string text,
              std::string hint,
              std::string against,
              const Origin& line) {
    draft_.Refuse(rule,
                  std::move(text),
                  std::move(hint),
                  pool.served_by_origin,
                  {LineDemand(std::move(against), line)});
  }

  static std::string ConditionText(const FrontEndPool& pool) {
    return pool.name + (IsOut(pool) ? " is out of service" : " is in service");
  }

  void Lower(const FrontEndPool& pool) {
    const Value* seen = Seen(pool);
    if (seen == nullptr) return LeaveToPerson(pool);
    const bool over = pool.served_by == ServedBy::kBackup;
    const std::string_view wanted = over ? "backup" : "home";
    if (seen->StringOr("servedBy", "") == wanted) return;
    const bool may = over ? IsPaired(pool, *seen) && MayFailOver(pool) : MayFailBack(pool);
    if (!may) return;
    AddOperator(pool, over);
  }

  // D14: an action that nobody can see done is no action of a plan.
  void LeaveToPerson(const FrontEndPool& pool) {
    const bool over = pool.served_by == ServedBy::kBackup;
    const Observation* seen = view_.observed().Find(kinds::PoolFailover(pool.fqdn));
    const std::string why =
        seen == nullptr || seen->reason.empty() ? "" : " (" + seen->reason + ")";
    const bool disaster = over && IsOut(pool) && !view_.Answers(pool);
    Note note;
    note.document = "D14";
    note.step = over ? "fail over by hand" : "fail back by hand";
    note.treatment = Note::Treatment::kFollowUp;
    note.text = "who serves the users of " + pool.name + " cannot be seen" + why +
                ": when the actions above are done, see for yourself, and if it is not " +
                (over ? "its backup pool, fail it over" : "their home pool, fail it back") +
                " by hand";
    note.commands = {
        "Get-CsPoolFabricState -PoolFqdn \"" + pool.fqdn + '"',
        (over ? "Invoke-CsPoolFailOver -PoolFqdn \"" : "Invoke-CsPoolFailBack -PoolFqdn \"") +
            pool.fqdn + '"' + (disaster ? " -DisasterMode" : "") + " -Verbose"};
    draft_.notes.push_back(std::move(note));
  }

  static bool IsOut(const FrontEndPool& pool) { return pool.condition == Condition::kOutOfService; }

  const FrontEndPool* BackupOf(const FrontEndPool& pool) const {
    const auto found = draft_.organization.front_end_pools.find(pool.backup_pool);
    return found == draft_.organization.front_end_pools.end() ? nullptr : &found->second;
  }

  // Declared and observed pairing agree; a platform that does not show it is believed.
  bool IsPaired(const FrontEndPool& pool, const Value& seen) {
    const FrontEndPool* backup = BackupOf(pool);
    const Value* paired = seen.Find("backupPool");
    const std::string observed(paired == nullptr ? "" : seen.StringOr("backupPool", ""));
    const bool agrees = paired == nullptr || (backup != nullptr && observed == backup->fqdn);
    if (backup != nullptr && agrees) return true;
    const std::string with =
        paired == nullptr || observed.empty() ? "no pool" : view_.Called(observed);
    Refuse(
        "P6",
        pool,
        pool.name + " is paired with " + with + ", declared is " +
            (backup == nullptr ? "no backup pool" : backup->name),
        observed.empty()
            ? "pair it first: Topology Builder > Resiliency > Associated Backup Pool, publish, "
              "run the wizard on both pools, then Invoke-CsBackupServiceSync"
            : "commit `backupPool:` with that pool",
        pool.name + (backup == nullptr ? " has no backup pool" : " is paired with " + backup->name),
        pool.backup_origin);
    return false;
  }

  bool MayFailOver(const FrontEndPool& pool) {
    const FrontEndPool& backup = *BackupOf(pool);
    const bool answers = view_.Answers(pool);
    if (IsOut(pool) && answers) {
      Refuse("D14",
             pool,
             pool.name + " is declared out of service, but a server of it answers",
             "take it off the network first, or commit `condition: inService` for a failover "
             "without loss of data",
             ConditionText(pool),
             pool.condition_origin);
    } else if (!IsOut(pool) && !answers) {
      Refuse("D14",
             pool,
             "no server of " + pool.name + " answers, but it is not declared out of service",
             "if it is dead, commit `condition: outOfService` with a `reason`: only then may it "
             "fail over in disaster mode, which loses data",
             ConditionText(pool),
             pool.condition_origin);
    } else if (IsOut(backup) || !view_.Answers(backup)) {
      Refuse("P6",
             pool,
             backup.name + ", which is to serve the users of " + pool.name + ", " +
                 (IsOut(backup) ? "is out of service" : "does not answer"),
             "bring it up first: there is no other pool with their data",
             ConditionText(backup),
             backup.condition_origin);
    } else if (backup.served_by == ServedBy::kBackup || IsAway(backup)) {
      Refuse("P6",
             pool,
             backup.name + ", which is to serve the users of " + pool.name +
                 ", has its own users elsewhere",
             "commit `servedBy: home` for " + backup.name + ": they go home first",
             "the users of " + backup.name + " are not declared to go home",
             backup.served_by_origin);
    } else {
      return HasNoForeignHop(pool);
    }
    return false;
  }

  // Its users are elsewhere and are not declared to come home.
  bool IsAway(const FrontEndPool& pool) const {
    const Value* seen = Seen(pool);
    return pool.served_by == ServedBy::kAsObserved && seen != nullptr &&
           seen->StringOr("servedBy", "") == "backup";
  }

  // A24 aborts while any Edge pool of the topology hands over to it (g.8); only those that are
  // declared are moved.
  bool HasNoForeignHop(const FrontEndPool& pool) {
    const Value* topology = view_.observed().Properties(kinds::Topology(draft_.organization.name));
    const Value* pools = topology == nullptr ? nullptr : topology->Find("pools");
    if (pools == nullptr) return true;
    for (const auto& [fqdn, entry] : pools->map()) {
      if (entry.StringOr("nextHop", "") != pool.fqdn || !view_.PoolOf(fqdn).empty()) continue;
      Refuse("I-18",
             pool,
             pool.name + " is the next hop of " + fqdn + ", an Edge pool that is not declared",
             "declare that Edge pool, or give it another next hop by hand: Set-CsEdgeServer "
             "-Registrar",
             pool.name + " is left by every next hop that is declared",
             pool.origin);
      return false;
    }
    return true;
  }

  bool MayFailBack(const FrontEndPool& pool) {
    if (!IsOut(pool) && view_.Answers(pool)) return true;
    Refuse("P3",
           pool,
           "the users of " + pool.name + " are declared to go home, but it " +
               (IsOut(pool) ? "is declared out of service" : "does not answer"),
           IsOut(pool) ? "commit `condition: inService` when it is repaired, or `servedBy: backup`"
                       : "bring its servers up first, or commit `servedBy: backup`",
           ConditionText(pool),
           pool.condition_origin);
    return false;
  }

  void AddOperator(const FrontEndPool& pool, bool over) {
    const std::string wanted = over ? "backup" : "home";
    const Attribution declared(draft_, pool.served_by_origin);
    const VariableIndex variable =
        draft_.AddVariable("PoolFailover/" + pool.fqdn, {over ? "home" : "backup", wanted});
    const bool disaster = over && IsOut(pool);
    const FrontEndPool* backup = BackupOf(pool);
    Operator step;
    step.action = draft_.MakeAction(Verb::kUpdate,
                                    kinds::PoolFailover(pool.fqdn),
                                    Value::Map{{"servedBy", over ? "home" : "backup"}},
                                    Value::Map{{"servedBy", wanted}});
    step.action.title = over ? "fail over the users of " + pool.name + " to " + backup->name
                             : "fail back the users of " + pool.name +
                                   (backup == nullptr ? "" : " from " + backup->name);
    if (disaster) {
      step.action.modes = {"disaster"};
      draft_.warnings.Warning(pool.served_by_origin,
                              pool.name + " fails over in disaster mode (" + pool.reason +
                                  "): what its users did in the last 30 minutes may be lost (I-22)",
                              "if it can come back within half an hour, waiting loses less");
    }
    step.action.duration = absl::Minutes(30);  // domain.md c.10: RTO
    step.action.needs_approval = true;
    step.action.why = {Because(over ? "P6" : "P3"), Because("I-22")};
    step.action.sources = {over ? "P6 step 7" : "000 step 5"};
    step.effects = {{variable, 0, 1}};
    draft_.Add(std::move(step));
    Order(pool, variable, over);
    moved_.emplace(pool.name, variable);
  }

  void Order(const FrontEndPool& pool, VariableIndex variable, bool over) {
    const Literal done = draft_.Done(variable);
    draft_.AfterCentralStore(variable);
    if (draft_.other_members.has_value())
      draft_.Imply("I-18", done, {draft_.Done(*draft_.other_members)});
    // Half an hour, and it may fail: federation does not wait for it.
    draft_.Imply(over ? "P6" : "P3", done, AfterFederation(draft_));
    if (!over) draft_.Imply("P3", done, EdgeIsUp(draft_, pool));
  }

  // A pool takes the users of another only when its own are home (c.5).
  void OrderPairs() {
    for (const auto& [name, variable] : moved_) {
      const FrontEndPool& pool = draft_.organization.front_end_pools.at(name);
      const auto backup = moved_.find(pool.backup_pool);
      const Attribution declared(draft_, pool.served_by_origin);
      if (pool.served_by == ServedBy::kBackup && backup != moved_.end())
        draft_.Imply("P6", draft_.Done(variable), {draft_.Done(backup->second)});
    }
  }

  Draft& draft_;
  const View& view_;
  std::map<std::string, VariableIndex> moved_;  // by manifest name
};

}  // namespace

void LowerFrontEndPools(Draft& draft) { FrontEndLowering(draft).Run(); }

}  // namespace poolshift
