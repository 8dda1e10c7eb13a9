#include "providers/lync/text/console_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

#include "providers/lync/text/console_table.h"

namespace poolshift::lync {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }
std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }

std::string_view Stripped(std::string_view text) {
  return Std(absl::StripAsciiWhitespace(Absl(text)));
}

struct Labelled {
  std::string label;
  std::string_view value;
};

bool IsLabel(std::string_view text) {
  constexpr std::size_t kLongest = 48;
  if (text.empty() || text.size() > kLongest || !absl::ascii_isalpha(text.front())) return false;
  return std::ranges::all_of(
      text, [](char letter) { return absl::ascii_isalnum(letter) || letter == ' '; });
}

std::string WithoutSpaces(std::string_view text) {
  std::string out(text);
  std::erase(out, ' ');
  return out;
}

// "Label  : value", "priority = 0". Of the first separator with a blank before and after it.
std::optional<Labelled> ReadLabel(std::string_view line) {
  for (const char separator : {':', '='}) {
    for (std::size_t at = line.find(separator); at != std::string_view::npos;
         at = line.find(separator, at + 1)) {
      const bool apart =
          at > 0 && line[at - 1] == ' ' && (at + 1 == line.size() || line[at + 1] == ' ');
      if (!apart) continue;
      const std::string_view label = Stripped(line.substr(0, at));
      if (!IsLabel(label)) break;
      return Labelled{WithoutSpaces(label), Stripped(line.substr(at + 1))};
    }
  }
  return std::nullopt;
}

// "Test-CsReplica : Command execution failed: …"
std::optional<Labelled> ReadErrorStart(std::string_view line) {
  const std::size_t at = line.find(" : ");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string command = WithPlainDashes(Stripped(line.substr(0, at)));
  const std::size_t dash = command.find('-');
  if (dash == std::string::npos || dash == 0 || command.find(' ') != std::string::npos)
    return std::nullopt;
  const bool word = std::ranges::all_of(
      command, [](char letter) { return absl::ascii_isalnum(letter) || letter == '-'; });
  if (!word || !absl::ascii_isalpha(command.front())) return std::nullopt;
  return Labelled{command, Stripped(line.substr(at + 3))};
}

bool IsOpenList(std::string_view value) {
  return !value.empty() && value.front() == '{' && value.find('}') == std::string_view::npos;
}

// What marks, inside a list, that a line ended in the middle of a word.
constexpr char kBroken = '\x01';

void Continue(std::string& value, std::string_view more) {
  if (IsOpenList(value)) {
    if (absl::ascii_isspace(value.back()) || value.back() == ',') {
      value += ' ';
    } else if (absl::ascii_isalnum(value.back()) && absl::ascii_isalnum(more.front())) {
      value += kBroken;
    }
  } else if (!value.empty()) {
    value += ' ';
  }
  value += more;
}

class Reader {
 public:
  ConsoleOutput Read(std::string_view text) {
    std::vector<std::string> lines = absl::StrSplit(Absl(text), '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view line = Std(absl::StripTrailingAsciiWhitespace(lines[i]));
      if (i + 1 < lines.size() && IsRuler(lines[i + 1])) {
        CloseObject();
        i = TakeTable(lines, i);
        continue;
      }
      Take(line);
    }
    CloseObject();
    return std::move(output_);
  }

 private:
  enum class In { kNothing, kObject, kWarning, kVerbose, kError, kErrorField };

  std::size_t TakeTable(const std::vector<std::string>& lines, std::size_t header) {
    std::size_t at = header + 2;
    std::vector<std::string_view> rows;
    for (; at < lines.size(); ++at) {
      const std::string_view row = Std(absl::StripTrailingAsciiWhitespace(lines[at]));
      if (row.empty()) break;
      rows.push_back(row);
    }
    for (std::vector<std::pair<std::string, std::string>>& row :
         ReadTable(lines[header], lines[header + 1], rows))
      output_.objects.push_back({std::move(row)});
    return at;
  }

  void Take(std::string_view line) {
    const std::string_view content = Stripped(line);
    const bool inside_list = in_ == In::kObject && IsOpenList(object_.properties.back().second);
    if (content.empty()) {
      if (!inside_list) CloseObject();
      return;
    }
    if (inside_list) return Continue(object_.properties.back().second, content);
    if (TakeStream(content, "WARNING: ", In::kWarning, output_.warnings)) return;
    if (TakeStream(content, "VERBOSE: ", In::kVerbose, output_.verbose)) return;
    if (TakeErrorField(content)) return;
    if (const auto error = ReadErrorStart(content)) {
      CloseObject();
      output_.errors.push_back({error->label, std::string(error->value), "", ""});
      in_ = In::kError;
      return;
    }
    // A label begins at the left edge; of what is further right it is the rest of a value.
    const bool indented =
        in_ == In::kObject && line.size() > content.size() + indent_ &&
        line.substr(0, indent_ + 1).find_first_not_of(' ') == std::string_view::npos;
    if (const auto labelled = indented ? std::nullopt : ReadLabel(content))
      return TakeProperty(line, *labelled);
    TakeRest(content);
  }

  bool TakeStream(std::string_view line,
                  std::string_view mark,
                  In in,
                  std::vector<std::string>& stream) {
    if (!absl::StartsWith(Absl(line), Absl(mark))) return false;
    CloseObject();
    stream.emplace_back(Stripped(line.substr(mark.size())));
    in_ = in;
    return true;
  }

  bool TakeErrorField(std::string_view line) {
    if (in_ != In::kError && in_ != In::kErrorField) return false;
    if (absl::StartsWith(Absl(line), "At line:")) {
      field_ = nullptr;
      in_ = In::kErrorField;
      return true;
    }
    if (line.front() != '+') return false;
    in_ = In::kErrorField;
    ConsoleError& error = output_.errors.back();
    const auto field = ReadLabel(Stripped(line.substr(1)));
    field_ = !field                                    ? nullptr
             : field->label == "CategoryInfo"          ? &error.category
             : field->label == "FullyQualifiedErrorId" ? &error.id
                                                       : nullptr;
    if (field_ != nullptr) *field_ = std::string(field->value);
    return true;
  }

  void TakeProperty(std::string_view line, const Labelled& labelled) {
    const bool repeats = in_ == In::kObject && !object_.properties.empty() &&
                         absl::EqualsIgnoreCase(object_.properties.front().first, labelled.label);
    if (in_ != In::kObject || repeats) CloseObject();
    if (object_.properties.empty()) indent_ = line.find_first_not_of(' ');
    in_ = In::kObject;
    object_.properties.emplace_back(labelled.label, labelled.value);
  }

  void TakeRest(std::string_view content) {
    switch (in_) {
      case In::kObject:
        return Continue(object_.properties.back().second, content);
      case In::kWarning:
        return Append(output_.warnings.back(), content);
      case In::kVerbose:
        return Append(output_.verbose.back(), content);
      case In::kError:
        return Append(output_.errors.back().message, content);
      case In::kErrorField:  // these break inside words
        if (field_ != nullptr) *field_ += content;
        return;
      case In::kNothing:
        return;  // a heading, a prompt
    }
  }

  static void Append(std::string& text, std::string_view more) {
    text += ' ';
    text += more;
  }

  void CloseObject() {
    if (in_ == In::kObject && !object_.properties.empty())
      output_.objects.push_back(std::move(object_));
    object_ = {};
    in_ = In::kNothing;
  }

  ConsoleOutput output_;
  ConsoleObject object_;
  In in_ = In::kNothing;
  std::size_t indent_ = 0;
  std::string* field_ = nullptr;
};

}  // namespace

const std::string* ConsoleObject::Find(std::string_view label) const {
  for (auto property = properties.rbegin(); property != properties.rend(); ++property) {
    if (absl::EqualsIgnoreCase(property->first, Absl(label))) return &property->second;
  }
  return nullptr;
}

std::string ConsoleObject::Text(std::string_view label) const {
  const std::string* found = Find(label);
  return found == nullptr ? "" : *found;
}

std::string ConsoleObject::TextOfAny(std::initializer_list<std::string_view> labels) const {
  for (const std::string_view label : labels) {
    if (Find(label) != nullptr) return Text(label);
  }
  return "";
}

ConsoleOutput ReadConsole(std::string_view text) { return Reader().Read(text); }

ConsoleList ReadConsoleList(std::string_view value) {
  ConsoleList list;
  value = Stripped(value);
  if (value.empty()) return list;
  if (value.front() == '{') value.remove_prefix(1);
  if (!value.empty() && value.back() == '}') value.remove_suffix(1);
  if (absl::EndsWith(Absl(value), "...")) {
    list.cut = true;
    value.remove_suffix(3);
  }
  for (const absl::string_view item : absl::StrSplit(Absl(value), ',')) {
    std::string text(absl::StripAsciiWhitespace(item));
    list.doubtful |= std::erase(text, kBroken) > 0;
    if (!text.empty()) list.items.push_back(std::move(text));
  }
  return list;
}

std::optional<absl::Time> ReadConsoleDate(std::string_view text, absl::TimeZone zone) {
  absl::Time time;
  std::string fault;
  if (!absl::ParseTime("%m/%d/%Y %I:%M:%S %p", Absl(Stripped(text)), zone, &time, &fault))
    return std::nullopt;
  return time;
}

std::optional<absl::Duration> ReadTimeSpan(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(Absl(Stripped(text)), ':');
  if (parts.size() != 3) return std::nullopt;
  std::vector<std::string> first = absl::StrSplit(parts[0], '.');
  int days = 0, hours = 0, minutes = 0;
  double seconds = 0;
  if (first.size() > 2 || (first.size() == 2 && !absl::SimpleAtoi(first[0], &days)))
    return std::nullopt;
  if (!absl::SimpleAtoi(first.back(), &hours) || !absl::SimpleAtoi(parts[1], &minutes) ||
      !absl::SimpleAtod(parts[2], &seconds)) {
    return std::nullopt;
  }
  return absl::Hours(24) * days + absl::Hours(hours) + absl::Minutes(minutes) +
         absl::Seconds(seconds);
}

std::string WithPlainDashes(std::string_view text) {
  // U+2010 to U+2015, U+2212
  return absl::StrReplaceAll(Absl(text),
                             {{"\u2010", "-"},
                              {"\u2011", "-"},
                              {"\u2012", "-"},
                              {"\u2013", "-"},
                              {"\u2014", "-"},
                              {"\u2015", "-"},
                              {"\u2212", "-"}});
}

std::string FqdnOfIdentity(std::string_view identity) {
  const std::size_t colon = identity.find(':');
  const std::string_view name =
      colon == std::string_view::npos ? identity : identity.substr(colon + 1);
  return absl::AsciiStrToLower(Absl(Stripped(name)));
}

std::string NameOfSite(std::string_view identity) {
  constexpr std::string_view kPrefix = "site:";
  if (absl::StartsWithIgnoreCase(Absl(identity), Absl(kPrefix)))
    identity.remove_prefix(kPrefix.size());
  return std::string(Stripped(identity));
}

}  // namespace poolshift::lync
