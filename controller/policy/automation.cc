#include "controller/policy/automation.h"

#include <algorithm>
#include <array>

#include "controller/federation/kinds.h"
#include "controller/federation/places.h"
#include "controller/policy/limits.h"

namespace poolshift {
namespace {

using Mode = Automation::Mode;

bool Names(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end() ||
         std::find(list.begin(), list.end(), "*") != list.end();
}

Mode ModeOf(const Automation& automation, const ResourceId& id, const std::string& site) {
  Mode mode = automation.mode;
  for (const Automation::Rule& rule : automation.rules) {
    const bool fits = (rule.sites.empty() || Names(rule.sites, site)) &&
                      (rule.kinds.empty() || Names(rule.kinds, id.kind));
    if (fits) mode = rule.mode;
  }
  return mode;
}

// Every text in a value, however deep; of a record that has several fields, the last.
void CollectTexts(const Value& value, std::set<std::string>& texts) {
  if (value.is_string()) texts.insert(value.string().substr(value.string().rfind(' ') + 1));
  if (value.is_list()) {
    for (const Value& item : value.list())
      CollectTexts(item, texts);
  }
  if (value.is_map()) {
    for (const auto& [name, item] : value.map())
      CollectTexts(item, texts);
  }
}

bool LeadsElsewhere(const Organization& organization, const Value& seen, const Value& declared) {
  std::set<std::string> now, wanted;
  CollectTexts(seen, now);
  CollectTexts(declared, wanted);
  return std::ranges::any_of(organization.edge_pools, [&](const auto& entry) {
    std::vector<std::string> names = entry.second.addresses();
    names.push_back(entry.second.access_edge_fqdn);
    return std::ranges::any_of(names, [&](const std::string& name) {
      return now.contains(name) && !wanted.contains(name);
    });
  });
}

// What is changed of one resource.
struct Change {
  const ResourceId& target;
  const Value& before;
  const Value& after;
};

std::vector<Change> ChangesOf(const Action& action) {
  std::vector<Change> changes = {{action.target, action.before, action.after}};
  for (const JointChange& change : action.also)
    changes.push_back({change.target, change.before, change.after});
  return changes;
}

// Lowers `mode` to what a person must decide, and says why, once.
void NeedsPeople(Ruling& ruling, const std::string& why) {
  if (ruling.mode != Mode::kAuto && ruling.mode != Mode::kApprove) return;
  ruling.mode = Mode::kApprove;
  if (std::find(ruling.reasons.begin(), ruling.reasons.end(), why) == ruling.reasons.end())
    ruling.reasons.push_back(why);
}

void WeighAction(const Question& question, const Action& action, Ruling& ruling) {
  const Automation& automation = question.organization.policy.automation;
  if (action.needs_approval)
    NeedsPeople(ruling, action.title + " loses data or cannot be undone (I-22)");
  if (action.human) NeedsPeople(ruling, action.title + " is a person's work");
  for (const Change& change : ChangesOf(action)) {
    const ResourceId& target = change.target;
    if (!question.cause.IsDrift(target)) continue;
    if (IsHosting(question.organization, target, change.before, change.after)) {
      NeedsPeople(ruling,
                  ToString(target) +
                      " was changed beside the declaration: who hosts is never changed back by "
                      "itself (D13); agree to this plan, or commit what `poolshift adopt` shows");
    } else if (!Names(automation.heal, target.kind)) {
      NeedsPeople(ruling, "drift of " + target.kind + " is not in `heal`");
    }
  }
}

std::set<std::string> PoolsOf(const Plan& plan, const Places& places) {
  std::set<std::string> pools;
  for (const Action& action : plan.actions) {
    if (IsFree(action)) continue;
    for (const Change& change : ChangesOf(action)) {
      if (std::string pool = places.PoolOf(change.target); !pool.empty())
        pools.insert(std::move(pool));
    }
    const Value* changed = action.after.is_map() ? action.after.Find("pools") : nullptr;
    if (action.target.kind != kinds::kTopology || changed == nullptr || !changed->is_map())
      continue;
    for (const auto& [pool, flags] : changed->map())
      pools.insert(pool);
  }
  return pools;
}

void WeighPlan(const Question& question, const Places& places, Ruling& ruling) {
  const Automation& automation = question.organization.policy.automation;
  for (const Situation& situation : question.plan.situations) {
    if (situation.name == "failback")
      NeedsPeople(ruling, "a failback of " + situation.protocol + " is never begun by itself");
  }
  for (const LeftOut& each : question.plan.left_out)
    NeedsPeople(ruling, "the plan leaves out " + each.part + ": " + each.because.text);
  if (!question.failed.empty()) NeedsPeople(ruling, question.failed + " of this very plan failed");
  const int actions = question.plan.mutations();
  if (automation.max_actions > 0 && actions > automation.max_actions) {
    NeedsPeople(ruling,
                "the plan has " + std::to_string(actions) +
                    " actions, `automation.limits` allows " +
                    std::to_string(automation.max_actions));
  }
  const auto pools = static_cast<int>(PoolsOf(question.plan, places).size());
  if (automation.max_pools > 0 && pools > automation.max_pools) {
    NeedsPeople(ruling,
                "the plan changes " + std::to_string(pools) +
                    " pools, `automation.limits` allows " + std::to_string(automation.max_pools));
  }
}

// The mode of the whole plan, with the reasons why it is not more.
void FindMode(const Question& question, const Places& places, Ruling& ruling) {
  const Automation& automation = question.organization.policy.automation;
  ruling.mode = Mode::kAuto;
  for (const Action& action : question.plan.actions) {
    if (IsFree(action)) continue;
    for (const Change& change : ChangesOf(action)) {
      ruling.mode =
          std::min(ruling.mode, ModeOf(automation, change.target, places.SiteOf(change.target)));
    }
  }
  for (const Action& action : question.plan.actions)
    if (!IsFree(action)) WeighAction(question, action, ruling);
  WeighPlan(question, places, ruling);
}

bool Covers(const Pause& pause, const Plan& plan, const Places& places) {
  if (pause.scope.empty()) return true;
  return std::ranges::any_of(plan.actions, [&](const Action& action) {
    return std::ranges::any_of(ChangesOf(action), [&](const Change& change) {
      return change.target.kind == pause.scope || places.SiteOf(change.target) == pause.scope;
    });
  });
}

bool IsPaused(const Question& question, const Places& places, Ruling& ruling) {
  for (const Pause& pause : question.voices.pauses) {
    if (question.now >= pause.until || !Covers(pause, question.plan, places)) continue;
    ruling.reasons.push_back((pause.scope.empty() ? "everything" : pause.scope) +
                             " is paused until " + MinuteText(pause.until) + " by " + pause.who +
                             ": " + pause.reason);
    ruling.kind = Ruling::Kind::kPaused;
  }
  return ruling.kind == Ruling::Kind::kPaused;
}

// The last word of each person about this plan that has not expired: a later yes takes a no back.
std::vector<Word> LastWords(const Question& question) {
  const absl::Duration holds = question.organization.policy.automation.approval_for;
  std::vector<Word> last;
  for (const Word& word : question.voices.words) {
    if (word.digest != question.digest || question.now >= word.at + holds) continue;
    std::erase_if(last, [&](const Word& former) { return former.who == word.who; });
    last.push_back(word);
  }
  return last;
}

bool IsRejected(const Question& question, Ruling& ruling) {
  for (Word& word : LastWords(question)) {
    if (word.agrees) {
      ruling.agreed.push_back(std::move(word));
      continue;
    }
    ruling.kind = Ruling::Kind::kRejected;
    ruling.reasons.push_back(word.who + " said no" +
                             (word.reason.empty() ? "" : ": " + word.reason));
  }
  return ruling.kind == Ruling::Kind::kRejected;
}

// What may lose data needs its own yes, from each of as many people.
bool IsAgreed(const Question& question, Ruling& ruling) {
  int fewest = static_cast<int>(ruling.agreed.size());
  for (const Action& action : question.plan.actions) {
    if (!action.needs_approval) continue;
    const auto count = static_cast<int>(std::ranges::count_if(ruling.agreed, [&](const Word& word) {
      return word.also.contains(ToString(action.target)) || word.also.contains(action.id);
    }));
    if (count < question.organization.policy.automation.approvals)
      ruling.reasons.push_back("agreeing needs `--also " + ToString(action.target) + "`");
    fewest = std::min(fewest, count);
  }
  ruling.approvals_missing =
      std::max(0, question.organization.policy.automation.approvals - fewest);
  return ruling.approvals_missing == 0;
}

bool IsFrozen(const Question& question, Ruling& ruling) {
  for (const Automation::Freeze& freeze : question.organization.policy.automation.freezes) {
    if (question.zone == nullptr) {
      ruling.reasons.push_back(
          "the time zone " + question.organization.policy.automation.time_zone +
          " is not known here, so that a freeze cannot be judged; install tzdata, or correct "
          "`timeZone`");
      ruling.not_before = absl::InfiniteFuture();
      return true;
    }
    const absl::Time from = absl::FromCivil(freeze.from, *question.zone);
    const absl::Time to = absl::FromCivil(freeze.to, *question.zone);
    if (question.now < from || question.now >= to) continue;
    ruling.reasons.push_back("frozen until " + MinuteText(to) + ": " + freeze.reason);
    ruling.not_before = std::max(ruling.not_before, to);
  }
  return ruling.not_before > absl::InfinitePast();
}

bool MustWait(const Question& question, Ruling& ruling) {
  for (const BreakGlass& opening : question.voices.openings) {
    if (question.now < opening.until) return false;
  }
  bool waits = IsFrozen(question, ruling);
  const std::vector<Window>& windows = question.organization.policy.windows;
  if (!InsideWindow(windows, question.now)) {
    const absl::Time opens = NextOpening(windows, question.now);
    ruling.not_before = std::max(ruling.not_before, opens);
    ruling.reasons.push_back("no window is open" + (opens == absl::InfiniteFuture()
                                                        ? std::string(", and none ever opens")
                                                        : "; the next opens " + MinuteText(opens)));
    waits = true;
  }
  return waits;
}

}  // namespace

std::string_view Name(const Cause& cause) {
  if (cause.drift_only) return "drift";
  return cause.drifted.empty() ? "commit" : "commit and drift";
}

std::string_view Name(Ruling::Kind kind) {
  constexpr std::array<std::string_view, 8> kNames = {"nothing to do",
                                                      "refused",
                                                      "reports",
                                                      "paused",
                                                      "rejected",
                                                      "waits for approval",
                                                      "waits",
                                                      "goes"};
  return kNames.at(static_cast<std::size_t>(kind));
}

bool IsHosting(const Organization& organization,
               const ResourceId& id,
               const Value& seen,
               const Value& declared) {
  if (id.kind == kinds::kDnsRecordSet) return LeadsElsewhere(organization, seen, declared);
  constexpr std::array kHosting = {kinds::kTopology,
                                   kinds::kSiteRoute,
                                   kinds::kEdgeAssociation,
                                   kinds::kPoolFailover,
                                   kinds::kCentralStore};
  return std::find(kHosting.begin(), kHosting.end(), id.kind) != kHosting.end();
}

Ruling Judge(const Question& question) {
  Ruling ruling;
  if (!question.plan.refusals.empty()) {
    ruling.kind = Ruling::Kind::kRefused;
    for (const Refusal& refusal : question.plan.refusals)
      ruling.reasons.push_back(refusal.text);
    return ruling;
  }
  if (question.plan.mutations() == 0) return ruling;
  const Places places(question.organization);
  FindMode(question, places, ruling);
  if (ruling.mode == Mode::kReport) {
    ruling.kind = Ruling::Kind::kReport;
    return ruling;
  }
  if (IsPaused(question, places, ruling)) return ruling;
  if (IsRejected(question, ruling)) return ruling;
  if (ruling.mode == Mode::kApprove && !IsAgreed(question, ruling)) {
    ruling.kind = Ruling::Kind::kApproval;
    return ruling;
  }
  ruling.kind = MustWait(question, ruling) ? Ruling::Kind::kTime : Ruling::Kind::kGo;
  return ruling;
}

}  // namespace poolshift
