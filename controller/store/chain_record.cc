#include "controller/store/chain_record.h"

#include <array>

#include "controller/model/digest.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

// The rows of a record: ?1 the organisation, ?2 the run, ?3 the reference. The first query finds
// one row, or the record is not there.
struct RecordRows {
  std::string_view kind;
  std::array<std::string_view, 3> queries;
};

constexpr std::array<RecordRows, 5> kRecords = {{
    {link::kBegin,
     {"SELECT id, plan_digest, manifest_commit, who, token, override_reason, started_ns, "
      "single_use, consent, program FROM runs WHERE organization = ?1 AND id = ?2 AND ?3 = 0",
      "SELECT role, name, digest FROM attachments WHERE organization = ?1 AND run = ?2 AND ?3 = 0 "
      "ORDER BY role, name",
      "SELECT digest, at_ns FROM consumed WHERE organization = ?1 AND run = ?2 AND ?3 = 0 "
      "ORDER BY digest"}},
    {link::kIntent,
     {"SELECT key, proposed_key, action, token, at_ns FROM intents "
      "WHERE organization = ?1 AND run = ?2 AND seq = ?3",
      "",
      ""}},
    {link::kResult,
     {"SELECT outcome, text, revision, at_ns FROM results "
      "WHERE organization = ?1 AND run = ?2 AND seq = ?3",
      "",
      ""}},
    {link::kEvidence,
     {"SELECT action, outcome, text, seen, at_ns FROM evidence "
      "WHERE organization = ?1 AND run = ?2 AND seq = ?3",
      "",
      ""}},
    {link::kEnd,
     {"SELECT ended_ns, outcome, end_text FROM runs "
      "WHERE organization = ?1 AND id = ?2 AND ?3 = 0 AND ended_ns IS NOT NULL",
      "",
      ""}},
}};

constexpr RecordRows kEventRecord = {"",
                                     {"SELECT kind, run, who, text, data, at_ns FROM events "
                                      "WHERE organization = ?1 AND run = ?2 AND id = ?3",
                                      "",
                                      ""}};

const RecordRows& RowsOf(std::string_view kind) {
  for (const RecordRows& record : kRecords)
    if (record.kind == kind) return record;
  return kEventRecord;
}

}  // namespace

std::string ToString(const LinkName& name) {
  std::string text = "record " + std::to_string(name.seq) + " (" + std::string(name.kind);
  const bool numbered =
      name.kind == link::kIntent || name.kind == link::kResult || name.kind == link::kEvidence;
  if (numbered) text += ' ' + std::to_string(name.ref);
  if (name.run != 0) text += " of run " + std::to_string(name.run);
  return text + ')';
}

void FieldDigest::Add(std::string_view field) {
  fields_ += std::to_string(field.size());
  fields_ += ':';
  fields_ += field;
}

absl::Status FieldDigest::AddRows(Statement& query) {
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return absl::OkStatus();
    for (int column = 0; column < query.columns(); ++column) {
      if (query.IsNull(column)) {
        fields_ += '-';
      } else {
        Add(query.Text(column));
      }
    }
    fields_ += ';';
  }
}

std::string FieldDigest::Take() const { return Digest(fields_); }

std::string LinkHash(std::string_view organization,
                     std::string_view former,
                     const LinkName& name,
                     std::string_view digest) {
  FieldDigest fields;
  fields.Add(former);
  fields.Add(organization);
  fields.Add(name.seq);
  fields.Add(name.kind);
  fields.Add(name.run);
  fields.Add(name.ref);
  fields.Add(digest);
  return fields.Take();
}

absl::StatusOr<std::string> RecordReader::DigestOf(std::string_view kind,
                                                   std::int64_t run,
                                                   std::int64_t ref) {
  FieldDigest fields;
  for (const std::string_view sql : RowsOf(kind).queries) {
    if (sql.empty()) break;
    POOLSHIFT_ASSIGN(Statement* const query, Prepared(sql));
    POOLSHIFT_TRY(fields.AddRows(query->Bind(organization_).Bind(run).Bind(ref)));
    if (fields.empty()) return std::string(kAbsent);
    fields.Add("");
  }
  return fields.Take();
}

absl::StatusOr<Statement*> RecordReader::Prepared(std::string_view sql) {
  for (auto& [text, statement] : prepared_) {
    if (text != sql) continue;
    statement.Reset();
    return &statement;
  }
  POOLSHIFT_ASSIGN(Statement statement, database_.Prepare(sql));
  prepared_.emplace_back(sql, std::move(statement));
  return &prepared_.back().second;
}

}  // namespace poolshift
