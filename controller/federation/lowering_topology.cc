// The topology document: pool flags and next hops, changed together in one publish.
#include <algorithm>
#include <set>

#include "controller/federation/hosting.h"
#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"
#include "controller/model/digest.h"

namespace poolshift {
namespace {

std::string Join(const Draft& draft, const FlagSet& flags) {
  std::string text;
  for (const std::string& fqdn : flags)
    text += (text.empty() ? "" : "+") + draft.view.Called(fqdn);
  return text.empty() ? "none" : text;
}

class TopologyLowering {
 public:
  explicit TopologyLowering(Draft& draft) : draft_(draft), view_(draft.view) {}

  void Run() {
    const Value* topology = view_.observed().Properties(kinds::Topology(draft_.organization.name));
    if (topology == nullptr) return;
    pools_ = &topology->Find("pools")->map();
    const Attribution host(draft_, HostLine(draft_.organization, Protocol::kSip));
    PlanFlags();
    WaitForTheNewHost();
  }

 private:
  const Move& Sip() const { return draft_.move(Protocol::kSip); }
  bool FlagsBoth() const { return !draft_.Demands("I-1"); }

  void PlanFlags() {
    start_flags_ = view_.Flagged(Protocol::kSip).value_or(FlagSet{});
    const bool routed = view_.hosting().IsRouted(Protocol::kSip);
    goal_flags_ = Sip().to == nullptr || !routed ? start_flags_ : FlagSet{Sip().to->fqdn};
    PlanOtherMembers();
    const bool flags_change = start_flags_ != goal_flags_;
    if (flags_change) AddFlagVariable();
    if (!others_.empty()) {
      const Attribution member(draft_, MembersLine());
      draft_.other_members = draft_.AddVariable("Topology.other", {"as observed", "as declared"});
      draft_.AfterCentralStore(*draft_.other_members);
    }
    if (draft_.one_publish.has_value()) {
      const auto last = static_cast<ValueIndex>(flags_change ? draft_.flag_sets.size() - 1 : 0);
      *draft_.one_publish = MakePublish(0, last, false, draft_.other_members.has_value());
    } else {
      AddPublishes(flags_change);
    }
    if (flags_change) draft_.central_store_done.push_back(draft_.Done(*draft_.flag_variable));
    if (draft_.other_members.has_value())
      draft_.central_store_done.push_back(draft_.Done(*draft_.other_members));
    if (flags_change) draft_.touched.insert(Protocol::kSip);
  }

  // XMPP flags that hosting needs, and next hops: published with whatever else is published.
  void PlanOtherMembers() {
    const auto& all = draft_.organization.edge_pools;
    draft_.memory.ForEach(LoweringPart::kMembers, all, [&](const EdgePool& pool) {
      const auto entry = pools_->find(pool.fqdn);
      if (entry == pools_->end()) return false;
      if (view_.hosting().ServesXmpp(pool) && !entry->second.BooleanOr("xmpp", false))
        others_[pool.fqdn].Set("xmpp", true);
      const std::string hop = view_.WantedNextHop(pool);
      if (!hop.empty() && entry->second.StringOr("nextHop", "") != hop)
        others_[pool.fqdn].Set("nextHop", hop);
      return others_.contains(pool.fqdn);
    });
    for (const Protocol protocol : kProtocols) {
      const Move& move = draft_.move(protocol);
      if (move.to == nullptr || !move.to->in_topology() || pools_->count(move.to->fqdn) > 0)
        continue;
      draft_.Refuse("I-4",
                    "the topology has no Edge pool " + move.to->fqdn,
                    "deploy it (Topology Builder), or correct EdgePool/" + move.to->name +
                        " `spec.internalFqdn`",
                    move.to->origin,
                    {HostDemand(draft_.organization, protocol)});
    }
  }

  // The first line that asks for an XMPP flag or a next hop.
  Origin MembersLine() const {
    const auto& [fqdn, members] = *others_.begin();
    const EdgePool& pool = draft_.organization.edge_pools.at(view_.PoolOf(fqdn));
    return members.Find("xmpp") != nullptr ? HostLine(draft_.organization, Protocol::kXmpp)
                                           : pool.next_hop_origin;
  }

  void AddFlagVariable() {
    FlagSet both = start_flags_;
    both.insert(both.end(), goal_flags_.begin(), goal_flags_.end());
    std::sort(both.begin(), both.end());
    both.erase(std::unique(both.begin(), both.end()), both.end());
    draft_.flag_sets = {start_flags_};
    if (FlagsBoth() && both != goal_flags_ && both != start_flags_)
      draft_.flag_sets.push_back(both);
    draft_.flag_sets.push_back(goal_flags_);
    std::vector<std::string> labels;
    for (const FlagSet& flags : draft_.flag_sets)
      labels.push_back(Join(draft_, flags));
    draft_.flag_variable = draft_.AddVariable("Topology.federation", labels);
    draft_.AfterCentralStore(*draft_.flag_variable);
    if (FlagsBoth()) return;
    Literal one{*draft_.flag_variable, {}};
    for (ValueIndex i = 0; i < static_cast<ValueIndex>(draft_.flag_sets.size()); ++i) {
      if (draft_.flag_sets[static_cast<std::size_t>(i)].size() == 1) one.values.push_back(i);
    }
    const Attribution one_flag(draft_, draft_.organization.policy.two_flags_origin);
    draft_.AtLeast("I-1", {one}, 1);
  }

  // One publish per step of the flag variable, alone or together with the other members; and these
  // alone.
  void AddPublishes(bool flags_change) {
    if (flags_change) {
      for (ValueIndex i = 0; i + 1 < static_cast<ValueIndex>(draft_.flag_sets.size()); ++i) {
        const auto next = static_cast<ValueIndex>(i + 1);
        if (!draft_.other_members.has_value()) {
          AddPublish(i, next, false, false);
          continue;
        }
        AddPublish(i, next, false, true);
        AddPublish(i, next, false, false);
        AddPublish(i, next, true, true);
      }
    }
    if (!draft_.other_members.has_value()) return;
    const auto values = static_cast<ValueIndex>(flags_change ? draft_.flag_sets.size() : 1);
    for (ValueIndex i = 0; i < values; ++i)
      AddPublish(i, i, false, true);
  }

  void AddPublish(ValueIndex from, ValueIndex to, bool others_before, bool others_after) {
    draft_.central_store_writes.push_back(
        draft_.Add(MakePublish(from, to, others_before, others_after)));
  }

  Operator MakePublish(ValueIndex from, ValueIndex to, bool others_before, bool others_after) {
    Operator step;
    Value::Map changed_before, changed_after;
    for (const std::string& fqdn : MayChange(from, to)) {
      const Value before = EntryAt(fqdn, from, others_before);
      const Value after = EntryAt(fqdn, to, others_after);
      for (const auto& [member, value] : after.map()) {
        const Value* old = before.Find(member);
        if (old != nullptr && *old == value) continue;
        changed_before[fqdn].Set(member, old == nullptr ? Value() : *old);
        changed_after[fqdn].Set(member, value);
      }
    }
    step.action = draft_.MakeAction(Verb::kUpdate,
                                    kinds::Topology(draft_.organization.name),
                                    Value::Map{{"pools", changed_before}},
                                    Value::Map{{"pools", changed_after}});
    if (from != 0 || others_before)
      step.action.precondition_revision =
          RevisionOf(Value::Map{{"pools", PoolsAt(from, others_before)}});
    step.action.title = PublishTitle(from, to, others_before != others_after);
    step.action.duration = absl::Minutes(1);
    if (from != to) step.action.why.push_back(Because("I-1"));
    if (others_before != others_after) {
      for (const std::string_view rule :
           {ChangesMember("xmpp") ? "I-4" : "", ChangesMember("nextHop") ? "I-18" : ""})
        if (!rule.empty()) step.action.why.push_back(Because(rule));
    }
    step.action.sources = PublishSources(from != to);
    if (from != to) {
      step.effects.push_back({*draft_.flag_variable, from, to});
    } else if (draft_.flag_variable.has_value()) {
      step.preconditions.push_back(Draft::Is(*draft_.flag_variable, from));
    }
    if (others_before != others_after) {
      step.effects.push_back({*draft_.other_members, 0, 1});
    } else if (draft_.other_members.has_value()) {
      step.preconditions.push_back(
          Draft::Is(*draft_.other_members, others_before ? ValueIndex{1} : ValueIndex{0}));
    }
    return step;
  }

  std::string PublishTitle(ValueIndex from, ValueIndex to, bool others) const {
    std::string title = "publish the topology: ";
    if (from != to) {
      title += "SIP federation " + Join(draft_, draft_.flag_sets[static_cast<std::size_t>(from)]) +
               " -> " + Join(draft_, draft_.flag_sets[static_cast<std::size_t>(to)]);
    }
    if (!others) return title;
    for (const auto& [fqdn, entry] : others_) {
      for (const auto& [member, value] : entry.map()) {
        if (title.back() != ' ') title += ", ";
        title += (member == "xmpp" ? "XMPP" : "next hop") + (" of " + view_.Called(fqdn)) + " -> " +
                 (value.is_string() ? view_.Called(value.string()) : DisplayText(value));
      }
    }
    return title;
  }

  bool ChangesMember(std::string_view member) const {
    return std::any_of(others_.begin(), others_.end(), [&](const auto& entry) {
      return entry.second.Find(member) != nullptr;
    });
  }

  std::vector<std::string> PublishSources(bool flags) const {
    std::vector<std::string> sources;
    if (flags)
      sources.emplace_back(Sip().kind == Move::Kind::kFailback ? "000 step 2" : "P1 step 2");
    if (ChangesMember("xmpp") && draft_.move(Protocol::kXmpp).is_move())
      sources.emplace_back("004 step 0");
    if (ChangesMember("nextHop")) sources.emplace_back("P6 step 1");
    return sources;
  }

  Value::Map PoolsAt(ValueIndex flags, bool others) const {
    Value::Map pools;
    for (const auto& [fqdn, entry] : *pools_)
      pools.emplace_hint(pools.end(), fqdn, EntryAt(fqdn, flags, others));
    return pools;
  }

  Value EntryAt(const std::string& fqdn, ValueIndex flags, bool others) const {
    Value entry = pools_->at(fqdn);
    if (!draft_.flag_sets.empty()) {
      const FlagSet& flagged = draft_.flag_sets[static_cast<std::size_t>(flags)];
      entry.Set("federation", std::count(flagged.begin(), flagged.end(), fqdn) > 0);
    }
    const auto other = others_.find(fqdn);
    if (!others || other == others_.end()) return entry;
    for (const auto& [member, value] : other->second.map())
      entry.Set(member, value);
    return entry;
  }

  // The pools whose entries can differ: a few of thousands.
  std::set<std::string> MayChange(ValueIndex from, ValueIndex to) const {
    std::set<std::string> fqdns;
    for (const auto& [fqdn, members] : others_)
      fqdns.insert(fqdn);
    if (draft_.flag_sets.empty()) return fqdns;
    for (const ValueIndex flags : {from, to}) {
      for (const std::string& fqdn : draft_.flag_sets[static_cast<std::size_t>(flags)])
        if (pools_->contains(fqdn)) fqdns.insert(fqdn);
    }
    return fqdns;
  }

  // A live former host keeps its designation until the services of the new one run.
  void WaitForTheNewHost() {
    if (!draft_.flag_variable.has_value() || !Sip().is_planned()) return;
    draft_.Imply(
        "I-19", draft_.Not(Draft::Is(*draft_.flag_variable, 0)), ServersUp(draft_, *Sip().to));
  }

  Draft& draft_;
  const View& view_;
  const Value::Map* pools_ = nullptr;  // observed, by FQDN
  FlagSet start_flags_, goal_flags_;
  std::map<std::string, Value> others_;  // other members to change, by FQDN
};

}  // namespace

void LowerTopology(Draft& draft) { TopologyLowering(draft).Run(); }

}  // namespace poolshift
