// What one link of the chain covers: the rows of its record, and how they are digested. Used by
// chain.cc, which writes links, and chain_check.cc, which checks them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "controller/store/sqlite.h"

namespace poolshift {

// What a link is of. Every other word is the kind of an event, and `ref` its id.
namespace link {
inline constexpr std::string_view kBegin = "begin";        // of run `run`, with its attachments
inline constexpr std::string_view kIntent = "intent";      // `ref` of run `run`
inline constexpr std::string_view kResult = "result";      // of intent `ref` of run `run`
inline constexpr std::string_view kEvidence = "evidence";  // `ref` of run `run`
inline constexpr std::string_view kEnd = "end";            // of run `run`
inline constexpr std::string_view kSegment = "segment";    // an event: the chain begins here
inline constexpr std::string_view kFormer = "former";      // an event: how an earlier chain began
inline constexpr std::string_view kPrune = "prune";        // an event: the chain was cut off
inline constexpr std::string_view kFollows = "follows";  // an event: run `run` goes on from another
inline constexpr std::string_view kLeaseBreak = "lease break";  // an event
}  // namespace link

struct LinkName {
  std::int64_t seq = 0;
  std::string_view kind;
  std::int64_t run = 0, ref = 0;
};
// "record 12 (intent 3 of run 4)"
std::string ToString(const LinkName& name);

// SHA-256 over fields of any content, kept apart by their lengths.
class FieldDigest {
 public:
  void Add(std::string_view field);
  void Add(std::int64_t field) { Add(std::to_string(field)); }
  // The columns of every row that is left of `query`.
  absl::Status AddRows(Statement& query);
  bool empty() const { return fields_.empty(); }
  std::string Take() const;

 private:
  std::string fields_;
};

// Of the link that follows the one whose hash is `former`.
std::string LinkHash(std::string_view organization,
                     std::string_view former,
                     const LinkName& name,
                     std::string_view digest);

// Digests records of one organisation. Each statement is prepared once.
class RecordReader {
 public:
  RecordReader(Database& database, std::string_view organization)
      : database_(database), organization_(organization) {}

  // Of the record's rows, or kAbsent.
  absl::StatusOr<std::string> DigestOf(std::string_view kind, std::int64_t run, std::int64_t ref);
  static constexpr std::string_view kAbsent = "-";

 private:
  absl::StatusOr<Statement*> Prepared(std::string_view sql);

  Database& database_;
  std::string_view organization_;
  std::vector<std::pair<std::string_view, Statement>> prepared_;
};

}  // namespace poolshift
