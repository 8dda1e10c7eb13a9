#include "controller/gitops/status.h"

#include "controller/report/drift_words.h"

namespace poolshift {

DaemonStatus StatusOf(const Snapshot& snapshot) {
  DaemonStatus status;
  if (snapshot.organization != nullptr) status.organization = snapshot.organization->name;
  status.round = snapshot.round;
  status.source = snapshot.source;
  status.commit = snapshot.commit;
  status.title = snapshot.title;
  status.author = snapshot.author;
  status.refused = snapshot.refused;
  status.faults = snapshot.faults;
  status.unreachable = snapshot.unreachable;
  status.error = snapshot.error;
  status.looked_at = snapshot.looked_at;
  status.next_look = snapshot.next_look;
  status.settled_commit = snapshot.settled_commit;
  status.settled_at = snapshot.settled_at;
  status.running = snapshot.running;
  status.verdict = Name(snapshot.ruling.kind);
  status.mode = Name(snapshot.ruling.mode);
  status.reasons = snapshot.ruling.reasons;
  status.approvals_missing = snapshot.ruling.approvals_missing;
  for (const Word& word : snapshot.ruling.agreed)
    status.agreed.push_back(word.who);
  if (snapshot.plan != nullptr) {
    status.plan_digest = snapshot.digest;
    status.actions = snapshot.plan->mutations();
  }
  if (snapshot.drift != nullptr) {
    status.drift = static_cast<int>(snapshot.drift->entries.size());
    status.drift_traffic = static_cast<int>(CountImpact(*snapshot.drift, "traffic"));
  }
  if (status.actions > 0 || status.drift > 0) status.cause = Name(snapshot.cause);
  for (const Pause& pause : snapshot.voices.pauses) {
    status.pauses.push_back(
        {pause.id, pause.scope, pause.who, pause.reason, pause.since, pause.until});
  }
  for (const BreakGlass& opening : snapshot.voices.openings)
    status.openings.push_back({"", "", opening.who, opening.reason, opening.since, opening.until});
  return status;
}

}  // namespace poolshift
