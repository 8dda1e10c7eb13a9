#include "controller/engine/suggestion.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "controller/federation/kinds.h"
#include "controller/report/change.h"

namespace poolshift {
namespace {

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
  if (!plan.left_out.empty()) {
    const LeftOut& left = plan.left_out.front();
    return "the plan leaves out " + left.part + ": " + left.because.text + "; " + left.because.hint;
  }
  return "no action of Poolshift changes it: a person must look";
}

}  // namespace

Suggestions::Suggestions(const Plan& plan)
    : plan_(plan), needs_(plan.actions.size()), visited_(plan.actions.size()) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < plan.actions.size(); ++i)
    places.emplace(plan.actions[i].id, i);
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    const Action& action = plan.actions[i];
    for (const ActionId& id : action.needs) {
      const auto found = places.find(id);
      if (found != places.end()) needs_[i].push_back(found->second);
    }
    if (action.gate.has_value()) {
      for (const Expectation& each : action.gate->expectations) {
        Places& about = gates_[each.subject.id];
        if (about.empty() || about.back() != i) about.push_back(i);
      }
      continue;
    }
    written_[action.target].push_back({i, &action.before, &action.after});
    for (const JointChange& joint : action.also)
      written_[joint.target].push_back({i, &joint.before, &joint.after});
  }
}

Suggestions::Places Suggestions::Direct(const DriftEntry& entry) const {
  Places exact;
  Places any;
  const auto add = [](Places& to, std::size_t place) {
    if (to.empty() || to.back() != place) to.push_back(place);
  };
  const auto found = written_.find(entry.resource);
  if (found == written_.end()) return any;
  for (const Written& written : found->second) {
    add(any, written.place);
    if (ChangesProperty(*written.before, *written.after, entry.property)) add(exact, written.place);
  }
  return exact.empty() ? any : exact;
}

Suggestions::Places Suggestions::BehindGates(const DriftEntry& entry) {
  const auto found = gates_.find(entry.resource);
  return found == gates_.end() ? Places{} : Before(found->second);
}

Suggestions::Places Suggestions::Before(const Places& last) {
  ++walk_;
  for (const std::size_t place : last)
    visited_[place] = walk_;
  Places before;
  Places open = last;
  while (!open.empty()) {
    const std::size_t place = open.back();
    open.pop_back();
    for (const std::size_t need : needs_[place]) {
      if (std::exchange(visited_[need], walk_) == walk_) continue;
      open.push_back(need);
      if (!plan_.actions[need].gate.has_value()) before.push_back(need);
    }
  }
  std::sort(before.begin(), before.end());
  return before;
}

DriftSuggestion Suggestions::For(const DriftEntry& entry) {
  DriftSuggestion suggestion;
  suggestion.designation = entry.looked && IsDesignation(entry);
  Places mend = Direct(entry);
  if (mend.empty()) mend = BehindGates(entry);
  for (const std::size_t place : mend) {
    const Action& action = plan_.actions[place];
    suggestion.actions.push_back({action.id,
                                  action.verb,
                                  action.title,
                                  action.provider,
                                  action.human,
                                  action.needs_approval});
  }
  suggestion.first = Before(mend).size();
  if (mend.empty()) suggestion.none = WhyNone(entry, plan_);
  return suggestion;
}

}  // namespace poolshift
