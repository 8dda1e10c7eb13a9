#include "controller/gitops/git_objects.h"

#include <algorithm>
#include <charconv>

#include "absl/status/status.h"

#include "controller/gitops/git_place.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr std::uint64_t kLatestSecond = std::uint64_t{1} << 62;  // what absl::Time can hold

absl::Status NotThatForm(std::string_view what) {
  return absl::InternalError("git printed " + std::string(what) + " in a form that is not known");
}

// The part before `end`, taken off `text`; all of it when there is no `end`.
std::string_view Take(std::string_view& text, char end) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

bool ReadNumber(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> Split(std::string_view text, char end) {
  std::vector<std::string> parts;
  while (!text.empty())
    parts.emplace_back(Take(text, end));
  return parts;
}

absl::StatusOr<TreeEntry> ReadEntry(std::string_view line) {
  TreeEntry entry;
  std::string_view head = Take(line, '\t');
  entry.mode = std::string(Take(head, ' '));
  Take(head, ' ');  // its type, which the mode says too
  entry.object = std::string(Take(head, ' '));
  head.remove_prefix(std::min(head.find_first_not_of(' '), head.size()));
  entry.path = std::string(line);
  const bool sized = head == "-" || ReadNumber(head, entry.size);
  if (entry.mode.size() != 6 || !IsCommitId(entry.object) || !sized || line.empty())
    return NotThatForm("a list of files");
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<TreeEntry>> ReadTreeListing(std::string_view text) {
  std::vector<TreeEntry> entries;
  while (!text.empty()) {
    POOLSHIFT_ASSIGN(TreeEntry entry, ReadEntry(Take(text, '\0')));
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::StatusOr<std::vector<std::string>> ReadBatch(std::string_view text,
                                                   const std::vector<std::string>& objects) {
  std::vector<std::string> contents;
  for (const std::string& object : objects) {
    std::string_view head = Take(text, '\n');
    const bool named = Take(head, ' ') == object && Take(head, ' ') == "blob";
    std::uint64_t size = 0;
    if (!named || !ReadNumber(head, size) || size >= text.size() || text[size] != '\n')
      return NotThatForm("the content of " + object);
    contents.emplace_back(text.substr(0, size));
    text.remove_prefix(size + 1);
  }
  if (!text.empty()) return NotThatForm("contents");
  return contents;
}

std::vector<RemoteRef> ReadRemoteRefs(std::string_view text) {
  std::vector<RemoteRef> refs;
  for (const std::string& line : LinesOf(text)) {
    std::string_view rest = line;
    RemoteRef ref;
    ref.object = std::string(Take(rest, '\t'));
    ref.name = std::string(rest);
    if (IsCommitId(ref.object) && !ref.name.empty()) refs.push_back(std::move(ref));
  }
  return refs;
}

absl::StatusOr<std::vector<CommitRecord>> ReadCommitRecords(std::string_view text) {
  std::vector<CommitRecord> commits;
  for (const std::string& line : LinesOf(text)) {
    CommitRecord record;
    for (const std::string& id : Split(line, ' ')) {
      if (!IsCommitId(id)) return NotThatForm("a list of commits");
      (record.id.empty() ? record.id : record.parents.emplace_back()) = id;
    }
    if (record.id.empty()) return NotThatForm("a list of commits");
    commits.push_back(std::move(record));
  }
  return commits;
}

absl::StatusOr<CommitMessage> ReadCommitMessage(const std::string& commit, std::string_view text) {
  const std::vector<std::string> lines = LinesOf(text);
  std::uint64_t seconds = 0;
  if (lines.size() < 3 || !ReadNumber(lines[1], seconds) || seconds > kLatestSecond)
    return NotThatForm("the message of " + commit);
  CommitMessage message{commit, lines[0], {}, lines[2], {}};
  message.committed_at = absl::FromUnixSeconds(static_cast<std::int64_t>(seconds));
  for (std::size_t i = 3; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string::npos || colon == 0) continue;
    const std::size_t value = lines[i].find_first_not_of(' ', colon + 1);
    message.trailers.emplace_back(lines[i].substr(0, colon),
                                  value == std::string::npos ? "" : lines[i].substr(value));
  }
  return message;
}

std::vector<std::string> NulParts(std::string_view text) { return Split(text, '\0'); }
std::vector<std::string> LinesOf(std::string_view text) { return Split(text, '\n'); }

}  // namespace poolshift
