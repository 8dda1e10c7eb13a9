// The formatted output of the Management Shell, as people paste it: lists, tables, collections that
// wrap and are cut, warnings and errors in between. Where we own the session nothing of this is
// needed: there every command ends in JSON (../scripts). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace poolshift::lync {

// One object. Labels as printed but without spaces ("Target Fqdn" is TargetFqdn), compared without
// regard to case; of a label that is there twice the last one counts.
struct ConsoleObject {
  std::vector<std::pair<std::string, std::string>> properties;

  // Null when there is no such label. Borrowed.
  const std::string* Find(std::string_view label) const;
  std::string Text(std::string_view label) const;
  // The first of several spellings that is there.
  std::string TextOfAny(std::initializer_list<std::string_view> labels) const;
};

struct ConsoleError {
  std::string command;   // "Test-CsReplica"
  std::string message;   // in one line
  std::string category;  // "InvalidOperation: (:) [Test-CsReplica], SecurityException"
  std::string id;        // FullyQualifiedErrorId: what programs compare
};

struct ConsoleOutput {
  std::vector<ConsoleObject> objects;
  std::vector<std::string> warnings;
  std::vector<std::string> verbose;
  std::vector<ConsoleError> errors;
};

ConsoleOutput ReadConsole(std::string_view text);

// `{a, b, c...}`.
struct ConsoleList {
  std::vector<std::string> items;
  bool cut = false;       // it ends in `...`: there are more
  bool doubtful = false;  // a line break fell into a word, and a letter may be gone with it
};
// A value without braces is a list of one, an empty one of none.
ConsoleList ReadConsoleList(std::string_view value);

// "12/28/2015 3:35:41 PM" on a server in `zone`. Nothing for any other form: the text says nothing
// of its culture, so nothing is guessed.
std::optional<absl::Time> ReadConsoleDate(std::string_view text, absl::TimeZone zone);

// ".NET" TimeSpan: "00:00:02.5361946", "1.02:03:04".
std::optional<absl::Duration> ReadTimeSpan(std::string_view text);

// Dashes as word processors make them, turned into `-` (F18).
std::string WithPlainDashes(std::string_view text);

// "EdgeServer: dc.fabrikam.com" -> "dc.fabrikam.com"; "" stays.
std::string FqdnOfIdentity(std::string_view identity);
// "site:Redmond", "Site:Redmond" -> "Redmond".
std::string NameOfSite(std::string_view identity);

}  // namespace poolshift::lync
