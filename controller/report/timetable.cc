#include "controller/report/timetable.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"

#include "controller/federation/kinds.h"
#include "controller/federation/protocol.h"
#include "controller/report/change.h"

namespace poolshift {
namespace {

class Scheduling {
 public:
  // `left` is by place: how long each still takes.
  Timetable Run(const Plan& plan, const std::vector<absl::Duration>& left) {
    for (std::size_t i = 0; i < plan.actions.size(); ++i)
      Place(plan.actions[i], left[i]);
    Timetable table;
    table.total = absl::ZeroDuration();
    const Action* last = nullptr;
    for (const Action& action : plan.actions) {
      const Slot& slot = slots_.at(action.id);
      if (last != nullptr && slot.end <= table.total) continue;
      table.total = slot.end;
      last = &action;
    }
    if (last != nullptr) {
      for (ActionId at = last->id; !at.empty(); at = before_.at(at))
        table.critical.push_back(at);
    }
    std::reverse(table.critical.begin(), table.critical.end());
    table.slots = std::move(slots_);
    return table;
  }

 private:
  // Begins when what it needs has ended and its locks are free; who was last holds it up.
  void Place(const Action& action, absl::Duration left) {
    absl::Duration begin = absl::ZeroDuration();
    ActionId held_up_by;
    const auto wait_for = [&](const ActionId& id) {
      const auto found = slots_.find(id);
      if (found == slots_.end() || found->second.end <= begin) return;
      begin = found->second.end;
      held_up_by = id;
    };
    for (const ActionId& need : action.needs)
      wait_for(need);
    for (const std::string& lock : action.locks) {
      const auto holder = holders_.find(lock);
      if (holder != holders_.end()) wait_for(holder->second);
      holders_[lock] = action.id;
    }
    slots_[action.id] = {begin, begin + left};
    before_[action.id] = held_up_by;
  }

  std::map<ActionId, Slot> slots_;
  std::map<ActionId, ActionId> before_;      // who held it up, "" = nobody
  std::map<std::string, ActionId> holders_;  // by lock: the last one
};

// The gate that sees the protocol work: by name where records lead there, else by address.
const Action* Proof(const Plan& plan, Protocol protocol) {
  const Action* proof = nullptr;
  const std::string by_name = std::string(Name(protocol)) + " of ";
  const std::string port = '/' + std::to_string(Port(protocol));
  for (const Action& action : plan.actions) {
    if (action.verb != Verb::kGate) continue;
    const bool named =
        action.target.kind == kinds::kDnsRecordSet && action.target.name.starts_with(by_name);
    const bool probed =
        action.target.kind == kinds::kReachability && action.target.name.ends_with(port);
    if (named || (probed && proof == nullptr)) proof = &action;
  }
  return proof;
}

std::set<ActionId> Before(const Plan& plan, const Action& last) {
  std::set<ActionId> before{last.id};
  for (auto action = plan.actions.rbegin(); action != plan.actions.rend(); ++action) {
    if (before.count(action->id) > 0) before.insert(action->needs.begin(), action->needs.end());
  }
  return before;
}

// The greatest TTL that a record had which changes before the proof.
absl::Duration FormerTtl(const Plan& plan, const Action& proof) {
  const std::set<ActionId> before = Before(plan, proof);
  std::int64_t ttl = 0;
  for (const Action& action : plan.actions) {
    const bool record = action.target.kind == kinds::kDnsRecordSet && action.verb != Verb::kGate;
    if (!record || before.count(action.id) == 0 || action.before.is_null()) continue;
    const Value* former = action.before.Find("records");
    const Value* next = action.after.Find("records");
    const bool moves = former != nullptr && (next == nullptr || *former != *next);
    if (moves) ttl = std::max(ttl, action.before.IntegerOr("ttl", 0));
  }
  return absl::Seconds(ttl);
}

// What stays where it is has worked all the while.
bool Moves(const Plan& plan, Protocol protocol) {
  return std::any_of(
      plan.situations.begin(), plan.situations.end(), [&](const Situation& situation) {
        return situation.protocol == Name(protocol) && situation.name != "steady" &&
               situation.name != "unknown" && situation.name != "host out of service";
      });
}

void AddRecoveries(const Plan& plan, Timetable& table) {
  for (const Protocol protocol : kProtocols) {
    const Action* proof = Proof(plan, protocol);
    if (proof == nullptr) continue;
    Recovery recovery{std::string(Name(protocol)), table.slots.at(proof->id).end, {}};
    // A traffic manager's answer is no record that changes; its proof waits for caches all the
    // same.
    recovery.tail = std::max(FormerTtl(plan, *proof), proof->gate->hold);
    const bool is_led_anew = recovery.tail > absl::ZeroDuration();
    if (!Moves(plan, protocol) && !is_led_anew) continue;
    // Where the proof itself waits for caches, they have forgotten when it ends.
    const Slot& proving = table.slots.at(proof->id);
    recovery.ours -= std::min(proof->gate->hold, proving.end - proving.begin);
    table.recoveries.push_back(std::move(recovery));
  }
}

// How far the time of this order is from what no order of these actions can beat; "" where nothing
// is known by the same estimates, or the certificate has said it of all plans.
std::string LeastTimeText(const Certificate& certificate,
                          absl::Duration total,
                          std::string_view measured) {
  const absl::Duration least = certificate.makespan_bound;
  if (least == absl::ZeroDuration() || !measured.empty() || !certificate.time_method.empty())
    return "";
  if (total <= least) return "no order of these actions is faster.";
  return "no order of these actions takes less than " + DurationText(least) +
         (least == certificate.critical_path
              ? ": so long is their longest chain, each waiting for nothing but what it needs."
              : ": some of them run one at a time (their longest chain is " +
                    DurationText(certificate.critical_path) + ").");
}

// "#1, #3-#7": three or more that follow each other are a range.
std::string ChainText(const std::vector<std::size_t>& places) {
  std::string text;
  for (std::size_t i = 0; i < places.size();) {
    std::size_t last = i;
    while (last + 1 < places.size() && places[last + 1] == places[last] + 1)
      ++last;
    if (last - i < 2) last = i;
    text += (text.empty() ? "#" : ", #") + std::to_string(places[i]);
    if (last > i) text += "-#" + std::to_string(places[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace

Timetable TimetableOf(const Plan& plan) {
  std::vector<absl::Duration> whole;
  for (const Action& action : plan.actions)
    whole.push_back(action.duration);
  return TimetableOf(plan, whole);
}

Timetable TimetableOf(const Plan& plan, const std::vector<absl::Duration>& left) {
  Timetable table = Scheduling().Run(plan, left);
  AddRecoveries(plan, table);
  return table;
}

void AddTimes(const Plan& plan, std::string_view measured, Page& page) {
  if (plan.actions.empty()) return;
  const auto numbers = Numbers(plan);
  const Timetable table = TimetableOf(plan);
  page.Add("Takes: ", "about " + DurationText(table.total) + " in all.", Ink::kBold);
  const std::string least = LeastTimeText(plan.certificate, table.total, measured);
  if (!least.empty()) page.Add("  * ", least);
  for (const Recovery& recovery : table.recoveries) {
    std::string text = absl::AsciiStrToUpper(recovery.protocol) +
                       " works at its host after about " + DurationText(recovery.ours);
    if (recovery.tail > absl::ZeroDuration()) {
      text += "; for partners whose resolvers remember the former records, up to " +
              DurationText(recovery.tail) +
              " later: " + DurationText(recovery.ours + recovery.tail);
    }
    page.Add("  * ", text + '.');
  }
  std::vector<std::size_t> places;
  for (const ActionId& id : table.critical) {
    if (table.slots.at(id).end != table.slots.at(id).begin) places.push_back(numbers.at(id));
  }
  const std::string chain = ChainText(places);
  page.Add("  * ",
           "critical path, with waiting for turns, where every delay counts: " + chain + '.');
  if (!measured.empty())
    page.Add("  * ",
             "measured in earlier runs (median): " + std::string(measured) +
                 "; the rest are declared estimates.");
}

}  // namespace poolshift
