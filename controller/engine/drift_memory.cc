#include "controller/engine/drift_memory.h"

#include <optional>
#include <string>
#include <utility>

#include "controller/model/try.h"

namespace poolshift {
namespace {

DriftSighting SightingOf(const DriftEntry& entry) {
  const std::string place = ToString(entry.origin);
  return {entry.fingerprint,
          ToString(entry.resource),
          entry.property,
          entry.impact,
          entry.text,
          DisplayText(entry.declared) + (place.empty() ? "" : " (" + place + ')'),
          DisplayText(entry.observed),
          entry.looked};
}

std::optional<DriftAcknowledgement> AcknowledgementOf(const DriftRecord& record, absl::Time now) {
  if (!record.is_acknowledged(now)) return std::nullopt;
  const DriftAcknowledged& known = record.acknowledged;
  return DriftAcknowledgement{known.who, known.reason, known.at, known.until};
}

void FillIn(const DriftRecord& record, absl::Time now, DriftEntry& entry) {
  entry.first_seen = record.periods.back().first_seen;
  entry.last_in_sync = record.periods.back().last_in_sync;
  entry.acknowledged = AcknowledgementOf(record, now);
}

// As it was seen last; what is observed now nobody knows.
DriftEntry EntryOf(const DriftRecord& record, absl::Time now) {
  DriftEntry entry;
  const std::string& resource = record.last.resource;
  const std::size_t slash = std::min(resource.find('/'), resource.size());
  entry.resource.kind = resource.substr(0, slash);
  if (slash < resource.size()) entry.resource.name = resource.substr(slash + 1);
  entry.property = record.last.property;
  entry.declared = record.last.declared;
  entry.looked = false;
  entry.impact = record.last.impact;
  entry.text = record.last.text;
  entry.fingerprint = record.last.fingerprint;
  entry.suggestion.none =
      "nobody could look this time: it was last seen " +
      absl::FormatTime("%Y-%m-%d %H:%M:%SZ", record.periods.back().last_seen, absl::UTCTimeZone());
  FillIn(record, now, entry);
  return entry;
}

DriftPast PastOf(const DriftRecord& record, absl::Time now) {
  DriftPast past;
  past.fingerprint = record.last.fingerprint;
  past.resource = record.last.resource;
  past.property = record.last.property;
  past.impact = record.last.impact;
  past.text = record.last.text;
  past.declared = record.last.declared;
  past.observed = record.last.observed;
  for (const DriftPeriod& period : record.periods)
    past.periods.push_back({period.first_seen, period.last_seen, period.gone, period.last_in_sync});
  past.acknowledged = AcknowledgementOf(record, now);
  return past;
}

}  // namespace

absl::StatusOr<bool> RememberDrift(Store& store, DriftReport& report) {
  std::vector<DriftSighting> sightings;
  for (const DriftEntry& entry : report.entries)
    sightings.push_back(SightingOf(entry));
  POOLSHIFT_ASSIGN(const DriftSeen seen,
                   store.SeeDrift(report.organization, sightings, report.looked_at));
  for (DriftEntry& entry : report.entries) {
    const auto found = seen.open.find(entry.fingerprint);
    if (found != seen.open.end()) FillIn(found->second, report.looked_at, entry);
  }
  for (const DriftRecord& record : seen.not_looked)
    report.not_looked.push_back(EntryOf(record, report.looked_at));
  return !seen.appeared.empty() || !seen.gone.empty();
}

absl::StatusOr<std::vector<DriftPast>> PastDrift(Store& store,
                                                 std::string_view organization,
                                                 int most,
                                                 absl::Time now,
                                                 std::size_t most_periods) {
  POOLSHIFT_ASSIGN(const std::vector<DriftRecord> records, store.DriftHistory(organization, most));
  std::vector<DriftPast> past;
  for (const DriftRecord& record : records) {
    past.push_back(PastOf(record, now));
    std::vector<DriftPast::Period>& periods = past.back().periods;
    if (periods.size() <= most_periods) continue;
    past.back().earlier = periods.size() - most_periods;
    periods = {periods.end() - static_cast<std::ptrdiff_t>(most_periods), periods.end()};
  }
  return past;
}

}  // namespace poolshift
