// Pruning: ended runs that are old enough go, as a whole and from the beginning of the chain only.
// What must outlive them stays: which saved plans were used, how often a key was used, and the hash
// at the cut, so that the rest of the chain still stands on what was before it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "controller/model/try.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

struct RunSpan {
  std::int64_t run = 0;
  std::int64_t first = 0, last = 0;  // links
  bool kept = false;
};

class Pruner {
 public:
  Pruner(Database& database, std::string_view organization)
      : database_(database), organization_(organization) {}

  absl::StatusOr<PruneReport> Prune(const PruneLimits& limits,
                                    std::string_view who,
                                    absl::Time now) {
    POOLSHIFT_TRY(ReadSpans(limits, now));
    const std::int64_t cut = Cut();
    PruneReport report;
    for (const RunSpan& span : spans_) {
      report.left += span.last > cut ? 1 : 0;
      if (span.last <= cut) report.removed.push_back(span.run);
    }
    if (report.removed.empty()) return report;
    POOLSHIFT_ASSIGN(const std::string hash, HashAt(cut));
    POOLSHIFT_TRY(KeepKeys(report.removed));
    POOLSHIFT_ASSIGN(const std::vector<std::int64_t> former, FormerSegments(cut));
    POOLSHIFT_TRY(RemoveLinks(cut));
    for (const std::int64_t run : report.removed)
      POOLSHIFT_TRY(RemoveRun(run));
    POOLSHIFT_TRY(database_.Execute(
        "DELETE FROM texts WHERE digest NOT IN (SELECT digest FROM attachments)"));
    POOLSHIFT_ASSIGN(const std::string remainder, RemainderDigest(database_, organization_));
    EventRow event{std::string(link::kPrune), 0, std::string(who), "", "", now, 0};
    event.text = std::to_string(report.removed.size()) + " runs, to run " +
                 std::to_string(report.removed.back());
    event.data =
        "cut " + std::to_string(cut) + "\nhash " + hash + "\nremainder " + remainder + '\n';
    POOLSHIFT_TRY(AppendEvent(database_, organization_, event));
    // A record that somebody gave up is never forgotten.
    for (const std::int64_t id : former)
      POOLSHIFT_TRY(AppendLink(database_, organization_, link::kFormer, 0, id, now));
    return report;
  }

 private:
  // Every run with its links since the chain last began anew, the oldest first.
  absl::Status ReadSpans(const PruneLimits& limits, absl::Time now) {
    POOLSHIFT_ASSIGN(
        Statement query,
        database_.Prepare("SELECT id, ended_ns, (SELECT min(seq) FROM chain c WHERE c.organization "
                          "= ?1 AND c.run = id AND c.seq > (SELECT ifnull(max(seq), 0) FROM chain "
                          "WHERE organization = ?1 AND kind = 'segment')), (SELECT max(seq) FROM "
                          "chain c WHERE c.organization = ?1 AND c.run = id), EXISTS "
                          "(SELECT 1 FROM intents i LEFT JOIN results r USING (run, seq) WHERE "
                          "i.run = runs.id AND "
                          "r.seq IS NULL) FROM runs WHERE organization = ?1 ORDER BY id DESC"));
    query.Bind(organization_);
    int newer = 0;
    while (true) {
      POOLSHIFT_ASSIGN(const bool row, query.Step());
      if (!row) break;
      const bool unfinished = query.IsNull(1) || query.Integer(4) != 0;
      const bool young = limits.age != absl::ZeroDuration() && !unfinished &&
                         absl::FromUnixNanos(query.Integer(1)) > now - limits.age;
      spans_.push_back({query.Integer(0),
                        query.Integer(2),
                        query.Integer(3),
                        unfinished || young || newer < limits.runs});
      ++newer;
    }
    std::reverse(spans_.begin(), spans_.end());
    return absl::OkStatus();
  }

  // The last link that may go: before everything of a run that is kept, and through no run.
  std::int64_t Cut() const {
    std::int64_t cut = 0;
    for (const RunSpan& span : spans_)
      cut = std::max(cut, span.last);
    bool moved = true;
    while (std::exchange(moved, false)) {
      for (const RunSpan& span : spans_) {
        const bool through = span.first <= cut && (span.kept || span.last > cut);
        if (!through) continue;
        cut = span.first - 1;
        moved = true;
      }
    }
    return cut;
  }

  absl::StatusOr<std::string> HashAt(std::int64_t seq) {
    POOLSHIFT_ASSIGN(
        Statement query,
        database_.Prepare("SELECT hash FROM chain WHERE organization = ? AND seq = ?"));
    POOLSHIFT_ASSIGN(const bool found, query.Bind(organization_).Bind(seq).Step());
    return found ? query.Text(0) : "";
  }

  absl::Status KeepKeys(const std::vector<std::int64_t>& runs) {
    for (const std::int64_t run : runs) {
      POOLSHIFT_ASSIGN(
          Statement keep,
          database_.Prepare(
              "INSERT INTO used_keys SELECT organization, proposed_key, count(*) FROM intents JOIN "
              "results USING (organization, run, seq) WHERE organization = ?1 AND run = ?2 GROUP "
              "BY "
              "proposed_key ON CONFLICT DO UPDATE SET times = times + excluded.times"));
      POOLSHIFT_TRY(keep.Bind(organization_).Bind(run).Run());
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::int64_t>> FormerSegments(std::int64_t cut) {
    POOLSHIFT_ASSIGN(
        Statement query,
        database_.Prepare(
            "SELECT DISTINCT e.id FROM events e JOIN chain c ON c.organization = "
            "e.organization AND c.run = 0 AND c.ref = e.id WHERE e.organization = ?1 AND "
            "e.kind = 'segment' AND e.who <> '' AND c.seq <= ?2 AND e.id NOT IN (SELECT ref FROM "
            "chain WHERE organization = ?1 AND run = 0 AND seq > ?2) ORDER BY e.id"));
    query.Bind(organization_).Bind(cut);
    return ReadRows(query, [](const Statement& row) { return row.Integer(0); });
  }

  // And the events that they are of, but for the records that were given up.
  absl::Status RemoveLinks(std::int64_t cut) {
    POOLSHIFT_ASSIGN(
        Statement events,
        database_.Prepare(
            "DELETE FROM events WHERE organization = ?1 AND NOT (kind = 'segment' AND who <> '') "
            "AND "
            "id IN (SELECT ref FROM chain WHERE organization = ?1 AND seq <= ?2 AND kind NOT IN "
            "('begin', 'intent', 'result', 'evidence', 'end')) AND id NOT IN (SELECT ref FROM "
            "chain WHERE organization = ?1 AND seq > ?2 AND kind NOT IN "
            "('begin', 'intent', 'result', 'evidence', 'end'))"));
    POOLSHIFT_TRY(events.Bind(organization_).Bind(cut).Run());
    POOLSHIFT_ASSIGN(Statement links,
                     database_.Prepare("DELETE FROM chain WHERE organization = ? AND seq <= ?"));
    return links.Bind(organization_).Bind(cut).Run();
  }

  absl::Status RemoveRun(std::int64_t run) {
    for (const char* sql : {"DELETE FROM results WHERE organization = ? AND run = ?",
                            "DELETE FROM intents WHERE organization = ? AND run = ?",
                            "DELETE FROM evidence WHERE organization = ? AND run = ?",
                            "DELETE FROM attachments WHERE organization = ? AND run = ?",
                            "DELETE FROM runs WHERE organization = ? AND id = ?"}) {
      POOLSHIFT_ASSIGN(Statement remove, database_.Prepare(sql));
      POOLSHIFT_TRY(remove.Bind(organization_).Bind(run).Run());
    }
    return absl::OkStatus();
  }

  Database& database_;
  std::string_view organization_;
  std::vector<RunSpan> spans_;
};

}  // namespace

absl::StatusOr<PruneReport> Store::Prune(std::string_view organization,
                                         const PruneLimits& limits,
                                         std::string_view who,
                                         absl::Time now) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(PruneReport report, Pruner(*database_, organization).Prune(limits, who, now));
  if (report.removed.empty()) return report;
  POOLSHIFT_TRY(transaction.Commit());
  POOLSHIFT_ASSIGN(const ChainHead head, LastLink(*database_, organization));
  POOLSHIFT_TRY(WriteHead(organization, head));
  return report;
}

absl::Status Store::Shrink() {
  const std::lock_guard lock(mutex_);
  return database_->Execute("VACUUM");
}

}  // namespace poolshift
