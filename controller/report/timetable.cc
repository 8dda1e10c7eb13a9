#include "controller/report/timetable.h"

#include <algorithm>
#include <unordered_map>

#include "absl/strings/ascii.h"

#include "controller/federation/kinds.h"
#include "controller/federation/protocol.h"
#include "controller/report/change.h"

namespace poolshift {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

class Scheduling {
 public:
  explicit Scheduling(const Plan& plan) : plan_(plan), numbers_(Numbers(plan)) {}

  // `left` is by place: how long each still takes.
  Timetable Run(const std::vector<absl::Duration>& left) {
    slots_.reserve(left.size());
    for (std::size_t i = 0; i < plan_.actions.size(); ++i)
      Place(plan_.actions[i], left[i]);
    Timetable table;
    table.total = absl::ZeroDuration();
    std::size_t last = kNobody;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (last != kNobody && slots_[i].end <= table.total) continue;
      table.total = slots_[i].end;
      last = i;
    }
    for (; last != kNobody; last = held_up_by_[last])
      table.critical.push_back(plan_.actions[last].id);
    std::reverse(table.critical.begin(), table.critical.end());
    table.slots = std::move(slots_);
    return table;
  }

 private:
  // Begins when what it needs has ended and its locks are free; who was last holds it up.
  void Place(const Action& action, absl::Duration left) {
    const std::size_t place = slots_.size();
    absl::Duration begin = absl::ZeroDuration();
    std::size_t held_up_by = kNobody;
    const auto wait_for = [&](std::size_t other) {
      if (slots_[other].end <= begin) return;
      begin = slots_[other].end;
      held_up_by = other;
    };
    for (const ActionId& need : action.needs) {
      const auto found = numbers_.find(need);
      if (found != numbers_.end() && found->second <= place) wait_for(found->second - 1);
    }
    for (const std::string& lock : action.locks) {
      const auto [holder, is_first] = holders_.try_emplace(lock, place);
      if (!is_first && holder->second != place) wait_for(holder->second);
      holder->second = place;
    }
    slots_.push_back({begin, begin + left});
    held_up_by_.push_back(held_up_by);
  }

  const Plan& plan_;
  const ActionNumbers numbers_;
  std::vector<Slot> slots_;                                    // by place
  std::vector<std::size_t> held_up_by_;                        // by place
  std::unordered_map<std::string_view, std::size_t> holders_;  // by lock: the last one
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

// By place: what must end before `last` can, itself included.
std::vector<bool> Before(const Plan& plan, const ActionNumbers& numbers, std::size_t last) {
  std::vector<bool> before(plan.actions.size());
  before[last] = true;
  for (std::size_t i = last + 1; i-- > 0;) {
    if (!before[i]) continue;
    for (const ActionId& need : plan.actions[i].needs) {
      const auto found = numbers.find(need);
      if (found != numbers.end()) before[found->second - 1] = true;
    }
  }
  return before;
}

// The greatest TTL that a record had which changes before the proof.
absl::Duration FormerTtl(const Plan& plan, const ActionNumbers& numbers, std::size_t proof) {
  const std::vector<bool> before = Before(plan, numbers, proof);
  std::int64_t ttl = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Action& action = plan.actions[i];
    const bool record = action.target.kind == kinds::kDnsRecordSet && action.verb != Verb::kGate;
    if (!record || !before[i] || action.before.is_null()) continue;
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
  const ActionNumbers numbers = Numbers(plan);
  for (const Protocol protocol : kProtocols) {
    const Action* proof = Proof(plan, protocol);
    if (proof == nullptr) continue;
    const auto place = static_cast<std::size_t>(proof - plan.actions.data());
    const Slot& proving = table.slots[place];
    Recovery recovery{std::string(Name(protocol)), proving.end, {}};
    // A traffic manager's answer is no record that changes; its proof waits for caches all the
    // same.
    recovery.tail = std::max(FormerTtl(plan, numbers, place), proof->gate->hold);
    const bool is_led_anew = recovery.tail > absl::ZeroDuration();
    if (!Moves(plan, protocol) && !is_led_anew) continue;
    // Where the proof itself waits for caches, they have forgotten when it ends.
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
  Timetable table = Scheduling(plan).Run(left);
  AddRecoveries(plan, table);
  return table;
}

void AddTimes(const Plan& plan,
              const ActionNumbers& numbers,
              std::string_view measured,
              Page& page) {
  if (plan.actions.empty()) return;
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
    const std::size_t number = numbers.at(id);
    const Slot& slot = table.slots[number - 1];
    if (slot.end != slot.begin) places.push_back(number);
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
