#include "providers/lync/manual/request.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "providers/lync/shell/script.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync::manual {
namespace {

constexpr absl::string_view kRecord = "# poolshift-request ";
constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kLineLength = 100;  // a pasted line of a console ends at 8,191 characters
constexpr std::size_t kLongestShown = 400;

std::string Base64(std::string_view bytes) {
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

bool IsId(std::string_view id) {
  return id.size() == kIdDigits &&
         id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// @('…', '…') -join ''
std::string Quoted(std::string_view bytes) {
  const std::string encoded = Base64(bytes);
  std::string text = "@(";
  for (std::size_t at = 0; at < encoded.size(); at += kLineLength)
    absl::StrAppend(&text, at == 0 ? "" : ",", "\n'", encoded.substr(at, kLineLength), "'");
  return text + ") -join ''";
}

// One line of ASCII, whatever it is.
std::string Shown(std::string_view text) {
  std::string shown;
  for (const char letter : text.substr(0, kLongestShown))
    shown += letter >= ' ' && letter <= '~' ? letter : '?';
  return text.size() > kLongestShown ? shown + " ..." : shown;
}

std::string RecordOf(const Request& request) {
  Value::List parts;
  for (std::size_t i = 0; i < request.parts.size(); ++i) {
    const Part& part = request.parts[i];
    Value::Map record{{"script", part.script}, {"id", part.id}};
    // A topology to be published is in the file already.
    if (!request.changes() || i > 0) record["arguments"] = part.arguments;
    parts.emplace_back(std::move(record));
  }
  return CanonicalText(Value::Map{{"machine", request.machine},
                                  {"number", request.number},
                                  {"issued", absl::ToUnixMillis(request.issued)},
                                  {"key", request.key},
                                  {"memo", request.memo},
                                  {"parts", std::move(parts)}});
}

std::string Heading(const Request& request, const std::string& name, const std::string& answer) {
  std::string text =
      absl::StrCat("# Poolshift asks for ",
                   request.changes() ? "A CHANGE of " : "a look at ",
                   request.machine,
                   request.changes() ? "" : ". Nothing is changed",
                   ".\n# Run this file there, in the Management Shell:\n",
                   "#   powershell -NoProfile -ExecutionPolicy Bypass -File .\\",
                   name,
                   "\n# or paste the whole of it. It writes the file\n#   ",
                   answer,
                   "\n# (beside itself; when pasted, in the temporary folder), which "
                   "is to be put where this one came from.\n");
  if (request.changes()) {
    absl::StrAppend(&text,
                    "# Run it once. It does nothing after ",
                    absl::FormatTime(absl::RFC3339_sec, request.until, absl::UTCTimeZone()),
                    " by the machine's own clock.\n");
  }
  absl::StrAppend(&text, kRecord, Base64(RecordOf(request)), "\n");
  return text;
}

// What runs, for people; what counts is the base64.
std::string Readable(const Part& part) {
  std::string text = absl::StrCat(
      "#\n# ", part.script, ", with $a = ", Shown(CanonicalText(part.arguments)), "\n");
  const std::string script(ScriptTexts().at(part.script));
  for (const absl::string_view line : absl::StrSplit(script, '\n'))
    if (!line.empty()) absl::StrAppend(&text, "#   ", line, "\n");
  return text;
}

std::string UntilOf(const Request& request, bool is_the_change) {
  if (!request.changes() || !is_the_change) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", request.until, absl::UTCTimeZone());
}

}  // namespace

Part MakePart(const Request& request, std::string_view script, const Value& arguments) {
  const std::string identity = absl::StrCat(request.machine,
                                            "\n",
                                            request.number,
                                            "\n",
                                            CanonicalText(arguments),
                                            "\n",
                                            WholeScript(script));
  return {std::string(script), arguments, Digest(identity).substr(0, kIdDigits)};
}

const Part* FindPart(const Request& request, std::string_view script, const Value& arguments) {
  for (const Part& part : request.parts) {
    // The id too: an earlier version of the program may have had another script of that name.
    if (part.id == MakePart(request, script, arguments).id) return &part;
  }
  return nullptr;
}

std::string Render(const Request& request, const std::string& name, const std::string& answer) {
  std::string text = Heading(request, name, answer);
  for (const Part& part : request.parts)
    text += Readable(part);
  absl::StrAppend(&text,
                  "& {\n$request = @{\nname = '",
                  answer,
                  "'\nonce = $",
                  request.changes() ? "true" : "false",
                  "\nparts = @(\n");
  for (std::size_t i = 0; i < request.parts.size(); ++i) {
    const Part& part = request.parts[i];
    absl::StrAppend(&text,
                    "@{ id = '",
                    part.id,
                    "'\nuntil = '",
                    UntilOf(request, i == 0),
                    "'\nscript = ",
                    Quoted(WholeScript(part.script)),
                    "\narguments = ",
                    Quoted(CanonicalText(part.arguments)),
                    " }\n");
  }
  return absl::StrCat(text, ")\n}\n", std::string(ScriptTexts().at("by-hand")), "}\n\n");
}

absl::StatusOr<Request> ReadRequest(std::string_view text) {
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    std::string record;
    if (!absl::StartsWith(line, kRecord)) continue;
    if (!absl::Base64Unescape(absl::StripSuffix(line.substr(kRecord.size()), "\r"), &record)) break;
    POOLSHIFT_ASSIGN(const Value read, ReadJson(record));
    Request request;
    request.machine = std::string(read.StringOr("machine", ""));
    request.number = std::string(read.StringOr("number", ""));
    request.issued = absl::FromUnixMillis(read.IntegerOr("issued", 0));
    request.key = std::string(read.StringOr("key", ""));
    if (const Value* memo = read.Find("memo")) request.memo = *memo;
    const Value* parts = read.Find("parts");
    if (parts == nullptr || !parts->is_list() || parts->list().empty() || request.number.empty())
      break;
    for (const Value& part : parts->list()) {
      const Value* arguments = part.Find("arguments");
      if (!ScriptTexts().contains(part.StringOr("script", "")) || !IsId(part.StringOr("id", "")))
        return absl::InvalidArgumentError("it asks for what this program does not have");
      request.parts.push_back({std::string(part.StringOr("script", "")),
                               arguments == nullptr ? Value() : *arguments,
                               std::string(part.StringOr("id", ""))});
    }
    return request;
  }
  return absl::InvalidArgumentError("it is no request of this program");
}

}  // namespace poolshift::lync::manual
