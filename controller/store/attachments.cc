#include "controller/store/attachments.h"

#include "controller/model/digest.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

struct StrayText {
  std::string role;
  std::int64_t run = 0;
  std::string digest;  // under which it should be
  bool missing = false;
  std::string content;  // that is there instead
};

// Each text once, however many runs have it.
absl::StatusOr<std::vector<StrayText>> StrayTexts(Database& database,
                                                  std::string_view organization) {
  POOLSHIFT_ASSIGN(
      Statement query,
      database.Prepare(
          "SELECT role, min(run), a.digest, content FROM attachments a LEFT JOIN texts "
          "t ON t.digest = a.digest WHERE organization = ? GROUP BY a.digest"));
  query.Bind(organization);
  std::vector<StrayText> stray;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return stray;
    std::string content = query.Text(3);
    const bool missing = query.IsNull(3);
    if (missing || Digest(content) != query.Text(2))
      stray.push_back(
          {query.Text(0), query.Integer(1), query.Text(2), missing, std::move(content)});
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string>> CheckTexts(Database& database,
                                                    std::string_view organization) {
  std::vector<std::string> faults;
  POOLSHIFT_ASSIGN(const std::vector<StrayText> stray, StrayTexts(database, organization));
  for (const StrayText& text : stray) {
    faults.push_back("a text of run " + std::to_string(text.run) + " (" + text.role + ") " +
                     (text.missing ? "was removed" : "was changed after it was written"));
  }
  return faults;
}

absl::Status TakeTextsAsTheyAre(Database& database, std::string_view organization) {
  POOLSHIFT_ASSIGN(const std::vector<StrayText> stray, StrayTexts(database, organization));
  for (const StrayText& text : stray) {
    if (text.missing) {
      POOLSHIFT_ASSIGN(
          Statement forget,
          database.Prepare("DELETE FROM attachments WHERE organization = ? AND digest = ?"));
      POOLSHIFT_TRY(forget.Bind(organization).Bind(text.digest).Run());
      continue;
    }
    const std::string digest = Digest(text.content);
    POOLSHIFT_ASSIGN(Statement insert,
                     database.Prepare("INSERT OR IGNORE INTO texts VALUES (?, ?)"));
    POOLSHIFT_TRY(insert.Bind(digest).BindBlob(text.content).Run());
    POOLSHIFT_ASSIGN(
        Statement move,
        database.Prepare("UPDATE attachments SET digest = ? WHERE organization = ? AND "
                         "digest = ?"));
    POOLSHIFT_TRY(move.Bind(digest).Bind(organization).Bind(text.digest).Run());
  }
  return absl::OkStatus();
}

absl::Status Attach(Database& database,
                    std::string_view organization,
                    std::int64_t run,
                    const Attachment& attachment) {
  const std::string digest = Digest(attachment.content);
  // What stands there may have been changed: a record that was given up keeps it under its own
  // digest (TakeTextsAsTheyAre).
  POOLSHIFT_ASSIGN(
      Statement text,
      database.Prepare("INSERT INTO texts VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET content "
                       "= excluded.content WHERE content IS NOT excluded.content"));
  POOLSHIFT_TRY(text.Bind(digest).BindBlob(attachment.content).Run());
  POOLSHIFT_ASSIGN(Statement insert,
                   database.Prepare("INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?)"));
  insert.Bind(organization).Bind(run).Bind(attachment.role).Bind(attachment.name);
  return insert.Bind(digest).Run();
}

absl::StatusOr<std::vector<Attachment>> AttachmentsOf(Database& database,
                                                      std::string_view organization,
                                                      std::int64_t run) {
  POOLSHIFT_ASSIGN(
      Statement query,
      database.Prepare(
          "SELECT role, name, a.digest, content FROM attachments a LEFT JOIN texts t ON "
          "t.digest = a.digest WHERE organization = ? AND run = ? ORDER BY role, name"));
  query.Bind(organization).Bind(run);
  std::vector<Attachment> attachments;
  while (true) {
    POOLSHIFT_ASSIGN(const bool row, query.Step());
    if (!row) return attachments;
    attachments.push_back({query.Text(0), query.Text(1), query.Text(3)});
    if (!query.IsNull(3) && Digest(attachments.back().content) == query.Text(2)) continue;
    return absl::DataLossError(database.path() + ": the " + query.Text(0) + " of run " +
                               std::to_string(run) +
                               " was changed after it was written; see `poolshift history verify`");
  }
}

}  // namespace poolshift
