// Evidence that has become old. A change may have waited for a lock, for a repetition or for a
// paused machine since its gates opened; before it is called they are looked at once more.
#include <algorithm>

#include "controller/apply/stepper.h"

namespace poolshift {

std::vector<int> Stepper::StaleGates(int i) const {
  std::vector<int> stale;
  for (const ActionId& relied : action(i).relies) {
    const int gate = state_.places->at(relied);
    if (now_ - progress(gate).gate.proved > action(gate).gate->evidence) stale.push_back(gate);
  }
  return stale;
}

void Stepper::LookAgain(int i, std::vector<int> stale) {
  GateProgress& mine = progress(i).gate;
  const absl::Time expires = mine.expires;  // finite: of this call, which has looked before
  mine = {};
  absl::Duration patience, age;
  for (const int gate : stale) {
    patience = std::max(patience, action(gate).gate->timeout);
    age = std::max(age, now_ - progress(gate).gate.proved);
  }
  progress(i).stale = std::move(stale);
  mine.expires = std::min(expires, now_ + patience);
  if (now_ >= mine.expires)
    return NoLongerSo(i, "to see it takes longer than what was seen counts");
  Report(effect::Report::Kind::kRemark,
         i,
         "what it relies on was seen " +
             absl::FormatDuration(absl::Trunc(age, absl::Milliseconds(100))) +
             " ago; looking once more");
  Look(i);
}

// One look is enough where nothing was amiss; otherwise as many in a row as the gates want.
void Stepper::LookedAgain(int i) {
  GateProgress& mine = progress(i).gate;
  const std::vector<int>& stale = progress(i).stale;
  const bool open =
      std::all_of(stale.begin(), stale.end(), [&](int gate) { return IsOpen(i, gate); });
  ++mine.looks;
  mine.streak = open ? mine.streak + 1 : 0;
  int wanted = 1;
  absl::Duration interval;
  for (const int gate : stale) {
    if (mine.streak < mine.looks) wanted = std::max(wanted, action(gate).gate->consecutive);
    interval = std::max(interval, action(gate).gate->interval);
  }
  if (mine.streak >= wanted) {
    for (const int gate : stale)
      progress(gate).gate.proved = mine.looked;
    const Ticket ticket = Await(i, Phase::kRecordingEvidence, absl::InfiniteDuration());
    effects_.list.push_back(effect::RecordEvidence{
        ticket, i, ActionEnd::kDone, "seen once more before it is called", mine.seen});
    return;
  }
  const bool hopeless = std::any_of(stale.begin(), stale.end(), [&](int gate) {
    return !IsOpen(i, gate) && IsHopeless(i, gate);
  });
  // Nobody is left who could see it: that is no reason to go back.
  if (hopeless)
    return RecordEnd(i, ActionEnd::kNotDone, "cannot be found out any more: " + Lagging(i));
  Pause(i, interval);
}

void Stepper::NoLongerSo(int i, const std::string& why) {
  RecordEnd(i, ActionEnd::kNotDone, std::string(kNoLongerSo) + why, RunEnd::kGateTimeout);
}

}  // namespace poolshift
