// What was seen of drift over time, who knows about it, and the last drill of each kind.
#include <algorithm>
#include <set>
#include <utility>

#include "controller/model/try.h"
#include "controller/store/sqlite.h"
#include "controller/store/store.h"

namespace poolshift {
namespace {

// Of one difference: the first, and the newest of the others.
constexpr std::int64_t kMostPeriods = 100;
// Differences that are over, without anybody pruning.
constexpr int kMostOver = 10'000;

absl::Time TimeAt(const Statement& row, int column, absl::Time otherwise) {
  return row.IsNull(column) ? otherwise : absl::FromUnixNanos(row.Integer(column));
}

void BindTime(absl::Time time, Statement& statement) {
  const bool known = time != absl::InfinitePast() && time != absl::InfiniteFuture();
  if (known)
    statement.Bind(absl::ToUnixNanos(time));
  else
    statement.BindNull();
}

class DriftTables {
 public:
  DriftTables(Database& database, std::string_view organization)
      : database_(database), organization_(organization) {}

  // By fingerprint.
  absl::StatusOr<std::map<std::string, DriftRecord>> Read() {
    POOLSHIFT_ASSIGN(
        Statement query,
        database_.Prepare(
            "SELECT d.fingerprint, resource, property, impact, d.text, declared, observed, looked, "
            "first_seen_ns, last_seen_ns, gone_ns, in_sync_ns, who, reason, a.at_ns, until_ns FROM "
            "differences d JOIN drift_periods p USING (organization, fingerprint) LEFT JOIN "
            "acknowledgements a USING (organization, fingerprint) WHERE d.organization = ? "
            "ORDER BY d.fingerprint, first_seen_ns"));
    query.Bind(organization_);
    std::map<std::string, DriftRecord> records;
    while (true) {
      POOLSHIFT_ASSIGN(const bool row, query.Step());
      if (!row) return records;
      AddRow(query, records[query.Text(0)]);
    }
  }

  absl::StatusOr<absl::Time> LastLook() {
    POOLSHIFT_ASSIGN(Statement query,
                     database_.Prepare("SELECT at_ns FROM drift_looks WHERE organization = ?"));
    POOLSHIFT_ASSIGN(const bool row, query.Bind(organization_).Step());
    return row ? absl::FromUnixNanos(query.Integer(0)) : absl::InfinitePast();
  }

  absl::Status KeepLook(absl::Time now) {
    POOLSHIFT_ASSIGN(Statement write,
                     database_.Prepare("INSERT OR REPLACE INTO drift_looks VALUES (?, ?)"));
    return write.Bind(organization_).Bind(absl::ToUnixNanos(now)).Run();
  }

  absl::Status WriteDifference(const DriftSighting& seen) {
    POOLSHIFT_ASSIGN(
        Statement write,
        database_.Prepare("INSERT OR REPLACE INTO differences VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    return write.Bind(organization_)
        .Bind(seen.fingerprint)
        .Bind(seen.resource)
        .Bind(seen.property)
        .Bind(seen.impact)
        .Bind(seen.text)
        .Bind(seen.declared)
        .Bind(seen.observed)
        .Bind(std::int64_t{seen.looked ? 1 : 0})
        .Run();
  }

  absl::Status WritePeriod(const std::string& fingerprint, const DriftPeriod& period) {
    POOLSHIFT_ASSIGN(
        Statement write,
        database_.Prepare("INSERT OR REPLACE INTO drift_periods VALUES (?, ?, ?, ?, ?, ?)"));
    write.Bind(organization_).Bind(fingerprint);
    BindTime(period.first_seen, write);
    BindTime(period.last_seen, write);
    BindTime(period.gone, write);
    BindTime(period.last_in_sync, write);
    return write.Run();
  }

  absl::Status DropOldPeriods(const std::string& fingerprint) {
    POOLSHIFT_ASSIGN(
        Statement remove,
        database_.Prepare(
            "DELETE FROM drift_periods WHERE organization = ?1 AND fingerprint = ?2 AND "
            "first_seen_ns <> (SELECT min(first_seen_ns) FROM drift_periods WHERE organization = "
            "?1 AND fingerprint = ?2) AND first_seen_ns NOT IN (SELECT first_seen_ns FROM "
            "drift_periods WHERE organization = ?1 AND fingerprint = ?2 ORDER BY first_seen_ns "
            "DESC LIMIT ?3)"));
    return remove.Bind(organization_).Bind(fingerprint).Bind(kMostPeriods - 1).Run();
  }

  // The fingerprint that begins so.
  absl::StatusOr<std::string> Find(std::string_view name) {
    POOLSHIFT_ASSIGN(Statement query,
                     database_.Prepare("SELECT fingerprint FROM differences WHERE organization = "
                                       "?1 AND substr(fingerprint, 1, length(?2)) = ?2 LIMIT 2"));
    query.Bind(organization_).Bind(name);
    POOLSHIFT_ASSIGN(const std::vector<std::string> found,
                     ReadRows(query, [](const Statement& row) { return row.Text(0); }));
    if (found.size() == 1 && !name.empty()) return found.front();
    if (found.empty())
      return absl::NotFoundError("no difference on record is named `" + std::string(name) +
                                 "`; `poolshift drift --history` lists them");
    return absl::InvalidArgumentError("`" + std::string(name) +
                                      "` is the beginning of several names; give more of it");
  }

  absl::StatusOr<int> Prune(absl::Time before, int least) {
    std::vector<std::pair<absl::Time, std::string>> over;
    POOLSHIFT_ASSIGN(const auto records, Read());
    for (const auto& [fingerprint, record] : records) {
      if (!record.is_open()) over.emplace_back(record.periods.back().last_seen, fingerprint);
    }
    std::sort(over.rbegin(), over.rend());
    int removed = 0;
    for (std::size_t i = static_cast<std::size_t>(std::max(least, 0)); i < over.size(); ++i) {
      if (over[i].first >= before) continue;
      POOLSHIFT_TRY(Remove(over[i].second));
      ++removed;
    }
    return removed;
  }

 private:
  static void AddRow(const Statement& row, DriftRecord& record) {
    record.last = {row.Text(0),
                   row.Text(1),
                   row.Text(2),
                   row.Text(3),
                   row.Text(4),
                   row.Text(5),
                   row.Text(6),
                   row.Integer(7) != 0};
    record.periods.push_back({TimeAt(row, 8, absl::InfinitePast()),
                              TimeAt(row, 9, absl::InfinitePast()),
                              TimeAt(row, 10, absl::InfiniteFuture()),
                              TimeAt(row, 11, absl::InfinitePast())});
    if (row.IsNull(15)) return;
    record.acknowledged = {row.Text(12),
                           row.Text(13),
                           TimeAt(row, 14, absl::InfinitePast()),
                           TimeAt(row, 15, absl::InfinitePast())};
  }

  absl::Status Remove(const std::string& fingerprint) {
    for (const char* sql :
         {"DELETE FROM drift_periods WHERE organization = ? AND fingerprint = ?",
          "DELETE FROM acknowledgements WHERE organization = ? AND fingerprint = ?",
          "DELETE FROM differences WHERE organization = ? AND fingerprint = ?"}) {
      POOLSHIFT_ASSIGN(Statement remove, database_.Prepare(sql));
      POOLSHIFT_TRY(remove.Bind(organization_).Bind(fingerprint).Run());
    }
    return absl::OkStatus();
  }

  Database& database_;
  std::string_view organization_;
};

// When something new was last known not to be: what could not be looked at since does not count.
absl::Time InSyncBefore(const std::map<std::string, DriftRecord>& open,
                        const DriftSighting& seen,
                        absl::Time last_look) {
  absl::Time in_sync = last_look;
  for (const auto& [fingerprint, record] : open) {
    if (!record.last.looked && record.last.resource == seen.resource)
      in_sync = std::min(in_sync, record.periods.back().last_in_sync);
  }
  return in_sync;
}

}  // namespace

absl::StatusOr<DriftSeen> Store::SeeDrift(std::string_view organization,
                                          const std::vector<DriftSighting>& sightings,
                                          absl::Time now) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  DriftTables tables(*database_, organization);
  POOLSHIFT_ASSIGN(const absl::Time last_look, tables.LastLook());
  POOLSHIFT_ASSIGN(const auto all, tables.Read());
  std::map<std::string, DriftRecord> open;
  for (const auto& [fingerprint, record] : all) {
    if (record.is_open()) open.emplace(fingerprint, record);
  }
  DriftSeen result;
  std::set<std::string> blind;
  for (const DriftSighting& seen : sightings) {
    if (!seen.looked) blind.insert(seen.resource);
    const auto before = all.find(seen.fingerprint);
    DriftRecord record = before == all.end() ? DriftRecord{} : before->second;
    const bool goes_on = open.contains(seen.fingerprint);
    record.last = seen;
    if (goes_on) {
      record.periods.back().last_seen = now;
    } else {
      record.periods.push_back(
          {now, now, absl::InfiniteFuture(), InSyncBefore(open, seen, last_look)});
    }
    POOLSHIFT_TRY(tables.WriteDifference(seen));
    POOLSHIFT_TRY(tables.WritePeriod(seen.fingerprint, record.periods.back()));
    if (!goes_on) {
      POOLSHIFT_TRY(tables.DropOldPeriods(seen.fingerprint));
      result.appeared.push_back(record);
    }
    result.open[seen.fingerprint] = std::move(record);
  }
  for (auto [fingerprint, record] : open) {
    if (result.open.contains(fingerprint)) continue;
    if (record.last.looked && blind.contains(record.last.resource)) {
      result.not_looked.push_back(std::move(record));
      continue;
    }
    record.periods.back().gone = now;
    POOLSHIFT_TRY(tables.WritePeriod(fingerprint, record.periods.back()));
    result.gone.push_back(std::move(record));
  }
  POOLSHIFT_TRY(tables.KeepLook(now));
  if (all.size() > kMostOver) POOLSHIFT_TRY(tables.Prune(now, kMostOver).status());
  POOLSHIFT_TRY(transaction.Commit());
  return result;
}

absl::StatusOr<std::vector<DriftRecord>> Store::DriftHistory(std::string_view organization,
                                                             int most) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(auto all, DriftTables(*database_, organization).Read());
  std::vector<DriftRecord> records;
  for (auto& [fingerprint, record] : all)
    records.push_back(std::move(record));
  std::stable_sort(records.begin(), records.end(), [](const DriftRecord& a, const DriftRecord& b) {
    return a.periods.back().last_seen > b.periods.back().last_seen;
  });
  if (records.size() > static_cast<std::size_t>(most))
    records.resize(static_cast<std::size_t>(most));
  return records;
}

absl::StatusOr<std::string> Store::AcknowledgeDrift(std::string_view organization,
                                                    std::string_view name,
                                                    const DriftAcknowledged& acknowledged) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(const std::string fingerprint, DriftTables(*database_, organization).Find(name));
  POOLSHIFT_ASSIGN(
      Statement write,
      database_->Prepare("INSERT OR REPLACE INTO acknowledgements VALUES (?, ?, ?, ?, ?, ?)"));
  POOLSHIFT_TRY(write.Bind(organization)
                    .Bind(fingerprint)
                    .Bind(acknowledged.who)
                    .Bind(acknowledged.reason)
                    .Bind(absl::ToUnixNanos(acknowledged.at))
                    .Bind(absl::ToUnixNanos(acknowledged.until))
                    .Run());
  POOLSHIFT_TRY(transaction.Commit());
  return fingerprint;
}

absl::StatusOr<std::string> Store::WithdrawAcknowledgement(std::string_view organization,
                                                           std::string_view name) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(const std::string fingerprint, DriftTables(*database_, organization).Find(name));
  POOLSHIFT_ASSIGN(Statement remove,
                   database_->Prepare(
                       "DELETE FROM acknowledgements WHERE organization = ? AND fingerprint = ?"));
  POOLSHIFT_TRY(remove.Bind(organization).Bind(fingerprint).Run());
  if (database_->changed_rows() == 0)
    return absl::NotFoundError("`" + std::string(name) + "` is not acknowledged");
  POOLSHIFT_TRY(transaction.Commit());
  return fingerprint;
}

absl::StatusOr<int> Store::PruneDrift(std::string_view organization, absl::Time before, int least) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(const int removed, DriftTables(*database_, organization).Prune(before, least));
  POOLSHIFT_TRY(transaction.Commit());
  return removed;
}

absl::StatusOr<DrillRecord> Store::LastDrill(std::string_view organization,
                                             std::string_view scope) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(
      Statement query,
      database_->Prepare("SELECT at_ns, report FROM drills WHERE organization = ? AND scope = ?"));
  POOLSHIFT_ASSIGN(const bool row, query.Bind(organization).Bind(scope).Step());
  if (!row) return DrillRecord{};
  return DrillRecord{absl::FromUnixNanos(query.Integer(0)), query.Text(1)};
}

absl::Status Store::RecordDrill(std::string_view organization,
                                std::string_view scope,
                                const DrillRecord& drill) {
  const std::lock_guard lock(mutex_);
  POOLSHIFT_ASSIGN(Transaction transaction, BeginWriting(organization));
  POOLSHIFT_ASSIGN(Statement write,
                   database_->Prepare("INSERT OR REPLACE INTO drills VALUES (?, ?, ?, ?)"));
  POOLSHIFT_TRY(write.Bind(organization)
                    .Bind(scope)
                    .Bind(absl::ToUnixNanos(drill.at))
                    .Bind(drill.report)
                    .Run());
  return transaction.Commit();
}

}  // namespace poolshift
