// Checking the chain: from the rows alone, in the order of the links.
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "controller/model/try.h"
#include "controller/store/chain.h"
#include "controller/store/chain_record.h"

namespace poolshift {
namespace {

constexpr std::size_t kMostFaults = 10;

absl::StatusOr<std::optional<EventRow>> LatestEvent(Database& database,
                                                    std::string_view organization,
                                                    std::string_view condition) {
  POOLSHIFT_ASSIGN(
      Statement query,
      database.Prepare(
          "SELECT kind, run, who, text, data, at_ns FROM events WHERE organization = ? "
          "AND " +
          std::string(condition) + " ORDER BY id DESC LIMIT 1"));
  POOLSHIFT_ASSIGN(const bool found, query.Bind(organization).Step());
  if (!found) return std::nullopt;
  return EventRow{query.Text(0),
                  query.Integer(1),
                  query.Text(2),
                  query.Text(3),
                  query.Text(4),
                  absl::FromUnixNanos(query.Integer(5))};
}

absl::StatusOr<std::int64_t> Number(Database& database,
                                    std::string_view organization,
                                    std::string_view sql) {
  POOLSHIFT_ASSIGN(Statement query, database.Prepare(sql));
  POOLSHIFT_ASSIGN(const bool row, query.Bind(organization).Step());
  return row ? query.Integer(0) : 0;
}

class Checker {
 public:
  Checker(Database& database, std::string_view organization)
      : database_(database), organization_(organization), reader_(database, organization) {}

  absl::StatusOr<ChainReport> Check() {
    POOLSHIFT_TRY(FindBegin());
    POOLSHIFT_TRY(CheckLinks());
    // After a fault in a link the numbers below would only tell it again.
    if (report_.faults.empty()) POOLSHIFT_TRY(CheckNothingUnlinked());
    if (report_.faults.empty()) POOLSHIFT_TRY(CheckRemainder());
    POOLSHIFT_ASSIGN(report_.head, LastLink(database_, organization_));
    return std::move(report_);
  }

 private:
  // The first link to check, and the hash before it.
  absl::Status FindBegin() {
    POOLSHIFT_ASSIGN(
        report_.first,
        Number(
            database_,
            organization_,
            "SELECT ifnull(max(seq), 0) FROM chain WHERE organization = ? AND kind = 'segment'"));
    if (report_.first != 0) return absl::OkStatus();
    POOLSHIFT_ASSIGN(report_.first,
                     Number(database_,
                            organization_,
                            "SELECT ifnull(min(seq), 0) FROM chain WHERE organization = ?"));
    if (report_.first == 0) return absl::OkStatus();
    POOLSHIFT_ASSIGN(const auto prune, LatestEvent(database_, organization_, "kind = 'prune'"));
    const std::string cut = prune.has_value() ? DataLine(prune->data, "cut") : "";
    if (cut != std::to_string(report_.first - 1))
      Fault("the records before " + std::to_string(report_.first) + " are missing");
    if (prune.has_value()) former_ = DataLine(prune->data, "hash");
    return absl::OkStatus();
  }

  absl::Status CheckLinks() {
    POOLSHIFT_ASSIGN(Statement query,
                     database_.Prepare("SELECT seq, kind, run, ref, digest, hash FROM chain WHERE "
                                       "organization = ? AND seq >= ? ORDER BY seq"));
    query.Bind(organization_).Bind(report_.first);
    std::int64_t expected = report_.first;
    while (report_.faults.size() < kMostFaults) {
      POOLSHIFT_ASSIGN(const bool row, query.Step());
      if (!row) break;
      const std::string kind = query.Text(1);
      const LinkName name{query.Integer(0), kind, query.Integer(2), query.Integer(3)};
      if (name.seq != expected) Fault(Missing(expected, name.seq - 1));
      expected = name.seq + 1;
      POOLSHIFT_TRY(CheckLink(name, query.Text(4), query.Text(5)));
      ++report_.links;
      ++numbers_[kind];
    }
    return absl::OkStatus();
  }

  absl::Status CheckLink(const LinkName& name, const std::string& digest, std::string hash) {
    POOLSHIFT_ASSIGN(const std::string now, reader_.DigestOf(name.kind, name.run, name.ref));
    if (now == RecordReader::kAbsent) {
      Fault(ToString(name) + " was removed");
    } else if (now != digest) {
      Fault(ToString(name) + " was changed after it was written");
    }
    if (LinkHash(organization_, former_, name, digest) != hash)
      Fault(ToString(name) + " does not follow from the record before it");
    former_ = std::move(hash);
    return absl::OkStatus();
  }

  // Every row has its link. That every link has its row is known.
  absl::Status CheckNothingUnlinked() {
    struct Table {
      std::string_view what, sql;
      std::int64_t links;
    };
    std::int64_t events = report_.links;
    for (const std::string_view kind :
         {link::kBegin, link::kIntent, link::kResult, link::kEvidence, link::kEnd})
      events -= NumberOf(kind);
    const std::array<Table, 6> tables = {{
        {"a run", "SELECT count(*) FROM runs WHERE organization = ?", NumberOf(link::kBegin)},
        {"an intent",
         "SELECT count(*) FROM intents WHERE organization = ?",
         NumberOf(link::kIntent)},
        {"a result",
         "SELECT count(*) FROM results WHERE organization = ?",
         NumberOf(link::kResult)},
        {"evidence",
         "SELECT count(*) FROM evidence WHERE organization = ?",
         NumberOf(link::kEvidence)},
        {"the end of a run",
         "SELECT count(*) FROM runs WHERE organization = ? AND ended_ns IS NOT NULL",
         NumberOf(link::kEnd)},
        {"an event", "SELECT count(*) FROM events WHERE organization = ?", events},
    }};
    for (const Table& table : tables) {
      POOLSHIFT_ASSIGN(const std::int64_t rows, Number(database_, organization_, table.sql));
      if (rows > table.links)
        Fault(std::string(table.what) + " was added behind the record's back");
      if (rows < table.links) Fault(std::string(table.what) + " is on record twice");
    }
    return absl::OkStatus();
  }

  absl::Status CheckRemainder() {
    POOLSHIFT_ASSIGN(
        const auto event,
        LatestEvent(database_, organization_, "kind IN ('prune', 'segment') AND data <> ''"));
    POOLSHIFT_ASSIGN(const std::string now, RemainderDigest(database_, organization_));
    const std::string then =
        event.has_value() ? DataLine(event->data, "remainder") : FieldDigest().Take();
    if (now != then) Fault("what is kept of pruned runs (used plans, used keys) was changed");
    return absl::OkStatus();
  }

  static std::string Missing(std::int64_t from, std::int64_t to) {
    if (from == to) return "record " + std::to_string(from) + " is missing";
    return "records " + std::to_string(from) + " to " + std::to_string(to) + " are missing";
  }

  std::int64_t NumberOf(std::string_view kind) const {
    const auto found = numbers_.find(kind);
    return found == numbers_.end() ? 0 : found->second;
  }
  void Fault(std::string text) {
    if (report_.faults.size() < kMostFaults) report_.faults.push_back(std::move(text));
  }

  Database& database_;
  std::string_view organization_;
  RecordReader reader_;
  ChainReport report_;
  std::string former_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
};

}  // namespace

absl::StatusOr<ChainReport> CheckChain(Database& database, std::string_view organization) {
  return Checker(database, organization).Check();
}

absl::StatusOr<std::string> RemainderDigest(Database& database, std::string_view organization) {
  FieldDigest fields;
  POOLSHIFT_ASSIGN(
      Statement plans,
      database.Prepare("SELECT digest, run, at_ns FROM consumed WHERE organization = ? "
                       "AND run NOT IN (SELECT id FROM runs) ORDER BY digest"));
  plans.Bind(organization);
  POOLSHIFT_TRY(fields.AddRows(plans));
  POOLSHIFT_ASSIGN(
      Statement keys,
      database.Prepare("SELECT proposed_key, times FROM used_keys WHERE organization = "
                       "? ORDER BY proposed_key"));
  keys.Bind(organization);
  POOLSHIFT_TRY(fields.AddRows(keys));
  return fields.Take();
}

absl::StatusOr<HeadCheck> CheckHead(Database& database,
                                    std::string_view organization,
                                    const ChainHead& head) {
  POOLSHIFT_ASSIGN(const ChainHead last, LastLink(database, organization));
  POOLSHIFT_ASSIGN(
      Statement query,
      database.Prepare("SELECT seq, hash FROM chain WHERE organization = ?1 AND (seq = "
                       "?2 OR (?2 = 0 AND hash = ?3))"));
  POOLSHIFT_ASSIGN(const bool found,
                   query.Bind(organization).Bind(head.seq).Bind(head.hash).Step());
  if (found && query.Text(1) == head.hash) return HeadCheck{HeadCheck::kThere, ""};
  const std::string number = std::to_string(head.seq);
  if (found) return HeadCheck{HeadCheck::kBroken, "record " + number + " is another one"};
  POOLSHIFT_ASSIGN(const auto prune, LatestEvent(database, organization, "kind = 'prune'"));
  const std::string cut_hash = prune.has_value() ? DataLine(prune->data, "hash") : "";
  if (head.hash == cut_hash) return HeadCheck{HeadCheck::kThere, ""};
  const std::string cut = prune.has_value() ? DataLine(prune->data, "cut") : "";
  if (head.seq == 0 && cut.empty()) return HeadCheck{HeadCheck::kBroken, "no record has that hash"};
  std::int64_t last_pruned = 0;
  std::from_chars(cut.data(), cut.data() + cut.size(), last_pruned);
  if (head.seq == 0 || head.seq <= last_pruned) {
    return HeadCheck{
        HeadCheck::kPruned,
        "records to " + cut + " were pruned, so that head cannot be compared any more"};
  }
  return HeadCheck{HeadCheck::kBroken,
                   "the record ends at " + std::to_string(last.seq) + ", before " + number +
                       ": its end was removed, or an older copy was put in its place"};
}

}  // namespace poolshift
