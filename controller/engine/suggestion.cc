#include "controller/engine/suggestion.h"

#include <algorithm>
#include <map>
#include <set>

#include "controller/federation/kinds.h"
#include "controller/report/change.h"

namespace poolshift {
namespace {

using Places = std::set<std::size_t>;

// "edgepool1.contoso.net / federation" as differences name it.
std::string Dotted(std::string property) {
  constexpr std::string_view kBetween = " / ";
  for (std::size_t at = property.find(kBetween); at != std::string::npos;
       at = property.find(kBetween))
    property.replace(at, kBetween.size(), ".");
  return property;
}

bool ChangesProperty(const Value& before, const Value& after, const std::string& property) {
  const std::vector<Change> changes = Changes(before, after);
  return std::any_of(changes.begin(), changes.end(), [&](const Change& change) {
    return Dotted(change.property) == property;
  });
}

class Finder {
 public:
  Finder(const DriftEntry& entry, const Plan& plan) : entry_(entry), plan_(plan) {
    for (std::size_t i = 0; i < plan.actions.size(); ++i)
      places_[plan.actions[i].id] = i;
  }

  Places Direct() const {
    Places exact;
    Places any;
    for (std::size_t i = 0; i < plan_.actions.size(); ++i) {
      const Action& action = plan_.actions[i];
      if (action.gate.has_value()) continue;
      Look(action.target, action.before, action.after, i, exact, any);
      for (const JointChange& joint : action.also)
        Look(joint.target, joint.before, joint.after, i, exact, any);
    }
    return exact.empty() ? any : exact;
  }

  // Of what is only looked at.
  Places BehindGates() const {
    Places found;
    for (const Action& action : plan_.actions) {
      if (!action.gate.has_value()) continue;
      const auto& all = action.gate->expectations;
      const bool about = std::any_of(all.begin(), all.end(), [this](const Expectation& each) {
        return each.subject.id == entry_.resource;
      });
      if (!about) continue;
      for (const std::size_t place : Before({places_.at(action.id)})) {
        if (!plan_.actions[place].gate.has_value()) found.insert(place);
      }
    }
    return found;
  }

  // Everything that must be done before these, these left out.
  Places Before(const Places& last) const {
    Places before;
    std::vector<std::size_t> open(last.begin(), last.end());
    while (!open.empty()) {
      const std::size_t place = open.back();
      open.pop_back();
      for (const ActionId& id : plan_.actions[place].needs) {
        const auto found = places_.find(id);
        if (found != places_.end() && before.insert(found->second).second)
          open.push_back(found->second);
      }
    }
    for (const std::size_t place : last)
      before.erase(place);
    return before;
  }

 private:
  void Look(const ResourceId& target,
            const Value& before,
            const Value& after,
            std::size_t place,
            Places& exact,
            Places& any) const {
    if (target != entry_.resource) return;
    any.insert(place);
    if (ChangesProperty(before, after, entry_.property)) exact.insert(place);
  }

  const DriftEntry& entry_;
  const Plan& plan_;
  std::map<ActionId, std::size_t> places_;
};

// D13: what decides who hosts.
bool IsDesignation(const DriftEntry& entry) {
  const std::string& kind = entry.resource.kind;
  if (kind == kinds::kDnsRecordSet) return entry.property == "records";
  return kind == kinds::kTopology || kind == kinds::kSiteRoute || kind == kinds::kEdgeAssociation ||
         kind == kinds::kPoolFailover;
}

std::string WhyNone(const DriftEntry& entry, const Plan& plan) {
  if (!plan.refusals.empty()) {
    const Refusal& refusal = plan.refusals.front();
    return "there is no plan: " + refusal.text + (refusal.hint.empty() ? "" : "; " + refusal.hint);
  }
  if (!entry.looked) return "nobody could look: first see why, then look again";
  return "no action of Poolshift changes it: a person must look";
}

}  // namespace

DriftSuggestion SuggestFor(const DriftEntry& entry, const Plan& plan) {
  const Finder finder(entry, plan);
  DriftSuggestion suggestion;
  suggestion.designation = entry.looked && IsDesignation(entry);
  Places mend = finder.Direct();
  if (mend.empty()) mend = finder.BehindGates();
  for (const std::size_t place : mend) {
    const Action& action = plan.actions[place];
    suggestion.actions.push_back({action.id,
                                  action.verb,
                                  action.title,
                                  action.provider,
                                  action.human,
                                  action.needs_approval});
  }
  for (const std::size_t place : finder.Before(mend))
    suggestion.first += plan.actions[place].gate.has_value() ? 0 : 1;
  if (mend.empty()) suggestion.none = WhyNone(entry, plan);
  return suggestion;
}

}  // namespace poolshift
