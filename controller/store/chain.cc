#include "controller/store/chain.h"

#include <algorithm>

#include "controller/model/try.h"
#include "controller/store/chain_record.h"

namespace poolshift {

namespace {

absl::Status Insert(Database& database,
                    std::string_view organization,
                    const ChainHead& last,
                    std::string_view kind,
                    std::int64_t run,
                    std::int64_t ref) {
  RecordReader reader(database, organization);
  POOLSHIFT_ASSIGN(const std::string digest, reader.DigestOf(kind, run, ref));
  POOLSHIFT_ASSIGN(Statement insert,
                   database.Prepare("INSERT INTO chain VALUES (?, ?, ?, ?, ?, ?, ?)"));
  const std::int64_t seq = last.seq + 1;
  // A segment owes nothing to what is before it: that may be broken.
  const std::string former = kind == link::kSegment ? "" : last.hash;
  insert.Bind(organization).Bind(seq).Bind(kind).Bind(run).Bind(ref).Bind(digest);
  return insert.Bind(LinkHash(organization, former, {seq, kind, run, ref}, digest)).Run();
}

absl::StatusOr<std::int64_t> InsertEvent(Database& database,
                                         std::string_view organization,
                                         const EventRow& event) {
  POOLSHIFT_ASSIGN(Statement insert,
                   database.Prepare("INSERT INTO events (organization, kind, run, who, text, data, "
                                    "at_ns) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  insert.Bind(organization).Bind(event.kind).Bind(event.run).Bind(event.who).Bind(event.text);
  POOLSHIFT_TRY(insert.Bind(event.data).Bind(absl::ToUnixNanos(event.at)).Run());
  return database.last_row();
}

}  // namespace

absl::StatusOr<ChainHead> LastLink(Database& database, std::string_view organization) {
  POOLSHIFT_ASSIGN(
      Statement query,
      database.Prepare(
          "SELECT seq, hash FROM chain WHERE organization = ? ORDER BY seq DESC LIMIT 1"));
  POOLSHIFT_ASSIGN(const bool found, query.Bind(organization).Step());
  return found ? ChainHead{query.Integer(0), query.Text(1)} : ChainHead();
}

absl::Status AppendLink(Database& database,
                        std::string_view organization,
                        std::string_view kind,
                        std::int64_t run,
                        std::int64_t ref,
                        absl::Time at) {
  POOLSHIFT_ASSIGN(ChainHead last, LastLink(database, organization));
  if (last.seq == 0) {
    const EventRow segment{std::string(link::kSegment), 0, "", "the record begins", "", at};
    POOLSHIFT_ASSIGN(const std::int64_t id, InsertEvent(database, organization, segment));
    POOLSHIFT_TRY(Insert(database, organization, last, link::kSegment, 0, id));
    POOLSHIFT_ASSIGN(last, LastLink(database, organization));
  }
  return Insert(database, organization, last, kind, run, ref);
}

absl::Status AppendEvent(Database& database, std::string_view organization, const EventRow& event) {
  POOLSHIFT_ASSIGN(const std::int64_t id, InsertEvent(database, organization, event));
  return AppendLink(database, organization, event.kind, event.run, id, event.at);
}

absl::Status BeginSegment(Database& database,
                          std::string_view organization,
                          const EventRow& segment,
                          std::int64_t after) {
  struct Found {
    std::string kind;
    std::int64_t run, ref;
  };
  // Of each run in order: its begin, its intents and what followed from them, its end.
  POOLSHIFT_ASSIGN(
      Statement query,
      database.Prepare(
          "SELECT 'begin' AS kind, id AS run, 0 AS ref, 0 AS place FROM runs WHERE organization = "
          "?1 "
          "UNION ALL SELECT 'intent', run, seq, 1 FROM intents WHERE organization = ?1 "
          "UNION ALL SELECT 'result', run, seq, 2 FROM results WHERE organization = ?1 "
          "UNION ALL SELECT 'evidence', run, seq, 3 FROM evidence WHERE organization = ?1 "
          "UNION ALL SELECT 'end', id, 0, 5 FROM runs WHERE organization = ?1 AND ended_ns IS NOT "
          "NULL UNION ALL SELECT kind, run, id, 4 FROM events WHERE organization = ?1 "
          "ORDER BY run, place, ref, kind"));
  query.Bind(organization);
  POOLSHIFT_ASSIGN(const std::vector<Found> all, ReadRows(query, [](const Statement& row) {
                     return Found{row.Text(0), row.Integer(1), row.Integer(2)};
                   }));
  POOLSHIFT_ASSIGN(const std::string remainder, RemainderDigest(database, organization));
  EventRow begin = segment;
  begin.data += "remainder " + remainder + '\n';
  POOLSHIFT_ASSIGN(const std::int64_t id, InsertEvent(database, organization, begin));
  POOLSHIFT_ASSIGN(ChainHead last, LastLink(database, organization));
  last.seq = std::max(last.seq, after);
  POOLSHIFT_TRY(Insert(database, organization, last, link::kSegment, 0, id));
  for (const Found& each : all) {
    POOLSHIFT_ASSIGN(last, LastLink(database, organization));
    // Only one link is the begin of the segment; the earlier ones are told again as events.
    const std::string_view kind = each.kind == link::kSegment ? link::kFormer : each.kind;
    POOLSHIFT_TRY(Insert(database, organization, last, kind, each.run, each.ref));
  }
  return absl::OkStatus();
}

}  // namespace poolshift
