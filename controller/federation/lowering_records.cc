// DNS records: replaced whole, addresses before the names that lead to them, never ahead of the
// service (I-10, I-11).
#include <algorithm>
#include <set>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

class RecordLowering {
 public:
  explicit RecordLowering(Draft& draft) : draft_(draft) {}

  void Run() {
    draft_.memory.ForEachGoal([&](const RecordGoal& goal) {
      const Attribution domain(draft_, draft_.DomainLine(goal.domain, goal.protocol));
      const Observation* seen = draft_.view.observed().Find(goal.id);
      const bool hidden = seen == nullptr || seen->presence == Presence::kUnreachable;
      if (hidden) unseen_.push_back(&goal);
      return hidden || draft_.Adds([&] { Lower(goal, *seen); });
    });
    if (!unseen_.empty()) LeaveOutRecords(draft_, unseen_);
    AddOrder();
  }

 private:
  struct Lowered {
    const RecordGoal* goal = nullptr;
    Literal done;
  };

  void Lower(const RecordGoal& goal, const Observation& seen) {
    const std::string_view alias = seen.properties.StringOr("alias", "");
    if (!alias.empty()) return RefuseAlias(goal, alias);
    const std::string_view owner = seen.properties.StringOr("owner", "");
    const bool absent = seen.presence == Presence::kAbsent;
    if (absent && goal.desired.is_null()) return;
    const Value before =
        absent ? Value()
               : WritablePart(*kinds::FindKindSchema(kinds::kDnsRecordSet), seen.properties);
    if (before == goal.desired) return;
    const Value* old_records = before.Find("records");
    const Value* wanted_records = goal.desired.Find("records");
    const bool same_records =
        old_records != nullptr && wanted_records != nullptr && *old_records == *wanted_records;
    if (goal.is_asserted && !absent) {
      if (!same_records) RefuseAsserted(goal, before);
      return;  // even its TTL belongs to remote access
    }
    if (!owner.empty() && owner != draft_.organization.name) return RefuseOwned(goal, owner);
    AddOperator(goal, before, same_records);
  }

  // Said once for both families. Beside an alias nothing can stand, so no record could be written.
  void RefuseAlias(const RecordGoal& goal, std::string_view alias) {
    if (goal.desired.is_null() || !aliases_.insert(OwnerOf(goal)).second) return;
    // Where nothing moves, and of names that remote access uses, it is a person's to mend in peace.
    if (goal.is_asserted || !draft_.move(goal.protocol).is_move()) {
      draft_.warnings.Warning(
          draft_.DomainLine(goal.domain, goal.protocol),
          OwnerOf(goal) + " is an alias (CNAME) of " + std::string(alias) + " (I-11)",
          "give the name its addresses: partners need not follow an alias");
      return;
    }
    draft_.Refuse(
        "I-11",
        OwnerOf(goal) + ", which an SRV record names, is an alias (CNAME) of " + std::string(alias),
        "remove the CNAME and give the name its addresses: partners need not follow one "
        "(RFC 2782)",
        draft_.DomainLine(goal.domain, goal.protocol),
        {HostDemand(draft_.organization, goal.protocol)});
  }

  void RefuseOwned(const RecordGoal& goal, std::string_view owner) {
    draft_.Refuse(
        "D17",
        goal.id.name + " bears the mark of another organisation, `" + std::string(owner) +
            "`, and has to change",
        "let that organisation release it, or name another owner name in Domain/" + goal.domain,
        draft_.DomainLine(goal.domain, goal.protocol),
        {HostDemand(draft_.organization, goal.protocol)});
  }

  void RefuseAsserted(const RecordGoal& goal, const Value& before) {
    draft_.Refuse(
        "D6",
        goal.id.name + " names " +
            DisplayText(before.Find("records") == nullptr ? Value() : *before.Find("records")) +
            ", but hosting needs " + DisplayText(goal.desired),
        "remote clients use this name, so it is never changed here: correct the record or the "
        "declared addresses",
        draft_.DomainLine(goal.domain, goal.protocol),
        {HostDemand(draft_.organization, goal.protocol)});
  }

  void AddOperator(const RecordGoal& goal, const Value& before, bool same_records) {
    const bool planned = draft_.move(goal.protocol).is_planned();
    const std::int64_t ttl = before.IntegerOr("ttl", 0);
    const std::int64_t declared = goal.desired.IntegerOr("ttl", ttl);
    const bool moves = planned && !same_records && !before.is_null();
    if (moves) draft_.moving.push_back({goal.id, goal.domain, before, ttl, declared});
    const bool prepared = moves && !goal.desired.is_null() && ttl < declared;
    std::vector<std::string> values{"as observed", "as declared"};
    if (prepared) values.insert(values.begin() + 1, "moved");
    const VariableIndex variable =
        draft_.AddVariable("DnsRecordSet/" + goal.id.name, std::move(values));
    Value after = goal.desired;
    if (prepared) {
      Value::Map short_lived = goal.desired.map();
      short_lived["ttl"] = ttl;
      after = std::move(short_lived);
      Restore(goal, after, variable);
    }
    Operator step = Step(goal, before, std::move(after));
    step.action.title = Title(goal, before, same_records);
    step.action.why = {
        same_records ? Because("goal")
                     : Because(goal.is_locator ? (goal.protocol == Protocol::kSip ? "I-8" : "I-9")
                                               : "I-12")};
    step.effects = {{variable, 0, 1}};
    draft_.Add(std::move(step));
    const Literal done{variable,
                       prepared ? std::vector<ValueIndex>{1, 2} : std::vector<ValueIndex>{1}};
    lowered_.push_back({&goal, done});
    if (same_records) return;  // only a TTL: it moves nobody
    draft_.addressed[goal.protocol].push_back(done);
    draft_.Imply("I-10", done, draft_.probed[goal.protocol]);
    draft_.Imply("D9", done, draft_.former_closed[goal.protocol]);
    // Where the host was probed before the routes, they still come before the records.
    if (goal.protocol == Protocol::kXmpp && !draft_.routed[goal.protocol].empty())
      draft_.Imply("I-2", done, draft_.replicated);
    const bool sip_first =
        goal.protocol == Protocol::kSip && draft_.served_first.contains(Protocol::kSip);
    if (planned && (sip_first || ServesToTheEnd(draft_.move(goal.protocol)))) {
      // Nothing else brings the record behind the route that it follows.
      const std::string_view follows = goal.protocol == Protocol::kSip ? "I-8" : "I-9";
      draft_.Imply(follows, done, draft_.routed[goal.protocol]);
      draft_.Imply(follows, done, draft_.replicated);
    }
    for (const std::string& pool : goal.leads_to) {
      if (LeadsAnew(goal, draft_.organization, draft_.view.observed(), pool))
        draft_.Imply("I-10", done, draft_.standby_probed[pool]);
    }
    auto& former = draft_.former_ttl[goal.protocol];
    former = std::max(former, Remembered(goal, before));
  }

  // For how many seconds from now on resolvers may go by what was there. Where there was nothing,
  // they remember that there was nothing; and a TTL that was lowered just now counts from then.
  std::int64_t Remembered(const RecordGoal& goal, const Value& before) const {
    if (before.is_null()) return absl::ToInt64Seconds(draft_.organization.policy.negative_ttl);
    const std::int64_t ttl = before.IntegerOr("ttl", 0);
    const auto lowered = draft_.preparation.lowered.find(goal.id);
    if (lowered == draft_.preparation.lowered.end()) return ttl;
    const absl::Time forgotten = lowered->second.at + absl::Seconds(lowered->second.former);
    return std::max(ttl, absl::ToInt64Seconds(forgotten - draft_.preparation.now));
  }

  Operator Step(const RecordGoal& goal, const Value& before, Value after) {
    const Verb verb = before.is_null()  ? Verb::kCreate
                      : after.is_null() ? Verb::kDelete
                                        : Verb::kUpdate;
    Operator step;
    step.action = draft_.MakeAction(verb, goal.id, before, std::move(after));
    step.action.duration = absl::Seconds(2);
    step.action.locks = {"zone:" + draft_.organization.domains.at(goal.domain).zone};
    step.action.sources = {SourceOf(goal)};
    return step;
  }

  // The last step of a prepared move: the declared time to live again (D18).
  void Restore(const RecordGoal& goal, const Value& moved, VariableIndex variable) {
    Operator step = Step(goal, moved, goal.desired);
    step.action.precondition_revision = RevisionOf(moved);
    step.action.title = "TTL of " + TypeOf(goal) + ' ' + OwnerOf(goal) + " back to " +
                        absl::FormatDuration(absl::Seconds(goal.desired.IntegerOr("ttl", 0)));
    step.action.why = {Because("D18")};
    step.action.sources.clear();
    step.effects = {{variable, 1, 2}};
    draft_.Add(std::move(step));
    draft_.restored[goal.protocol].push_back(draft_.Done(variable));
  }

  static std::string Title(const RecordGoal& goal, const Value& before, bool same_records) {
    const std::string name = OwnerOf(goal);
    const std::string type = TypeOf(goal);
    if (same_records) return "TTL of " + type + " " + name;
    if (goal.desired.is_null()) return "remove " + type + " " + name;
    const std::string verb = before.is_null() ? "create " : "point ";
    return verb + type + " " + name + " at " + DisplayText(*goal.desired.Find("records"));
  }

  std::string SourceOf(const RecordGoal& goal) const {
    const Move& move = draft_.move(goal.protocol);
    if (goal.protocol == Protocol::kSip) return "P1 step 8";
    if (move.kind == Move::Kind::kFailback) return goal.is_locator ? "000 step 3b" : "000 step 3c";
    return goal.is_locator ? "004 step 5" : "004 step 4";
  }

  // An SRV leads to its addresses, so these come first (I-11). A family goes when the other one is
  // there: a name that is in use never stands without an address.
  void AddOrder() {
    std::map<std::string, std::vector<std::size_t>, std::less<>> addresses;  // by owner name
    for (std::size_t i = 0; i < lowered_.size(); ++i) {
      const RecordGoal& goal = *lowered_[i].goal;
      if (!goal.is_locator && !goal.desired.is_null()) addresses[OwnerOf(goal)].push_back(i);
    }
    for (const Lowered& later : lowered_) {
      const Attribution domain(draft_, draft_.DomainLine(later.goal->domain, later.goal->protocol));
      std::set<std::size_t> first;  // of `lowered_`
      const auto add = [&](std::string_view name) {
        const auto found = addresses.find(name);
        if (found != addresses.end()) first.insert(found->second.begin(), found->second.end());
      };
      if (later.goal->is_locator) {
        for (const Value& record : later.goal->desired.Find("records")->list())
          add(std::string_view(record.string()).substr(record.string().rfind(' ') + 1));
      }
      if (later.goal->desired.is_null()) add(OwnerOf(*later.goal));
      for (const std::size_t address : first)
        draft_.Imply("I-11", later.done, {lowered_[address].done});
    }
  }

  static std::string OwnerOf(const RecordGoal& goal) {
    return goal.id.name.substr(0, goal.id.name.rfind('/'));
  }

  static std::string TypeOf(const RecordGoal& goal) {
    return goal.id.name.substr(goal.id.name.rfind('/') + 1);
  }

  Draft& draft_;
  std::vector<Lowered> lowered_;
  std::vector<const RecordGoal*> unseen_;
  std::set<std::string> aliases_;  // owner names that were refused
};

}  // namespace

void LowerRecords(Draft& draft) { RecordLowering(draft).Run(); }

}  // namespace poolshift
