#include "providers/dns/update/preview.h"

#include "fmt/format.h"

namespace poolshift::dns {
namespace {

// In a here-document whose end word is bare, the shell would expand these.
std::string Escaped(const std::string& line) {
  std::string out;
  for (const char letter : line) {
    if (letter == '\\' || letter == '$' || letter == '`') out += '\\';
    out += letter;
  }
  return out;
}

std::string ShellWord(const std::string& text) {
  std::string word = "'";
  for (const char letter : text)
    word += letter == '\'' ? "'\\''" : std::string(1, letter);
  return word + "'";
}

// A path as people write it where it needs no quotes.
std::string PathWord(const std::string& path) {
  const bool plain = path.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
                     std::string::npos;
  return plain ? path : ShellWord(path);
}

std::string PrerequisiteLine(const Prerequisite& prerequisite, const Fields* fields) {
  std::string line = fmt::format("prereq {} {}. {}",
                                 prerequisite.exists ? "yxrrset" : "nxrrset",
                                 prerequisite.name,
                                 prerequisite.type);
  if (fields != nullptr) line += " " + ZoneFileText(prerequisite.type, *fields);
  return line;
}

std::string ChangeLine(const Change& change) {
  switch (change.kind) {
    case Change::Kind::kDeleteSet:
      return fmt::format("update delete {}. {}", change.name, change.type);
    case Change::Kind::kDeleteRecord:
      return fmt::format("update delete {}. {} {}",
                         change.name,
                         change.type,
                         ZoneFileText(change.type, change.fields));
    case Change::Kind::kAdd:
      break;
  }
  return fmt::format("update add {}. {} {} {}",
                     change.name,
                     change.ttl,
                     change.type,
                     ZoneFileText(change.type, change.fields));
}

std::vector<std::string> Script(const UpdateMessage& update, const Endpoint& server) {
  std::vector<std::string> lines{fmt::format("server {} {}", server.address, server.port),
                                 fmt::format("zone {}.", update.zone)};
  for (const Prerequisite& prerequisite : update.prerequisites) {
    if (prerequisite.records.empty()) lines.push_back(PrerequisiteLine(prerequisite, nullptr));
    for (const Fields& fields : prerequisite.records) {
      lines.push_back(PrerequisiteLine(prerequisite, &fields));
    }
  }
  for (const Change& change : update.changes)
    lines.push_back(ChangeLine(change));
  return lines;
}

}  // namespace

std::vector<std::string> NsupdateLines(const Settings& settings, const Intent& intent) {
  Zone unmarked = *intent.zone;
  unmarked.owned = false;
  Intent bare = intent;
  bare.zone = &unmarked;
  const UpdateMessage update = Compose(bare, {.set = intent.before, .guard = {}});

  const std::string& reference = settings.key_place.reference;
  const std::string place = reference.substr(reference.find(':') + 1);
  const bool in_file = reference.substr(0, 5) == "file:";
  const bool named_file = in_file && settings.key_place.statement;
  std::vector<std::string> lines;
  if (named_file) {
    lines.push_back(fmt::format("nsupdate -k {} <<'END'", PathWord(place)));
  } else if (settings.key_place.statement) {
    lines.push_back(fmt::format("nsupdate -k <(printf '%s' \"${}\") <<'END'", place));
  } else {
    lines.emplace_back("nsupdate <<END");
    lines.push_back(fmt::format(
        "key {}:{} {}",
        settings.key->algorithm(),
        settings.key->name(),
        in_file ? fmt::format("$(cat {})", PathWord(place)) : fmt::format("${}", place)));
  }
  for (const std::string& line : Script(update, intent.zone->servers.front())) {
    lines.push_back(settings.key_place.statement ? line : Escaped(line));
  }
  if (intent.zone->owned) {
    if (intent.adopts) lines.emplace_back("; the records stay as they are");
    lines.push_back(fmt::format(
        "; Poolshift compares and sets its mark and fencing token, {}. TXT, in the same message",
        GuardName(intent.zone->name)));
  }
  lines.insert(lines.end(), {"send", "END"});
  return lines;
}

}  // namespace poolshift::dns
