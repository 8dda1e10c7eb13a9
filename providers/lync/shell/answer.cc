#include "providers/lync/shell/answer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

#include "providers/lync/shell/script.h"
#include "providers/lync/text/console_text.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

constexpr absl::string_view kMark = "poolshift-reply ";
constexpr std::size_t kLongestQuote = 300;

Answer Failed(FaultKind kind, std::string text) {
  Answer answer;
  answer.fault = Fault{kind, std::move(text)};
  return answer;
}

// Nobody replied: the session's own words say why, if any do.
Answer WithoutReply(const ShellOutput& output) {
  const std::string& said = output.err.empty() ? output.out : output.err;
  const ConsoleOutput console = ReadConsole(said);
  if (!console.errors.empty()) {
    const ConsoleError& error = console.errors.front();
    Answer answer;
    answer.fault = Classify(error.id, error.message, error.category, error.command);
    // It may have failed after it had begun to act: only the script's own reply says otherwise.
    if (answer.fault->kind == FaultKind::kRetryable) answer.fault->kind = FaultKind::kLost;
    return answer;
  }
  const std::string words(absl::StripAsciiWhitespace(said).substr(0, kLongestQuote));
  if (absl::StrContains(words, "is not recognized as an internal or external command"))
    return Failed(FaultKind::kNotSupported, "there is no powershell: " + words);
  return Failed(FaultKind::kLost,
                "PowerShell ended with status " + std::to_string(output.status) + " and no answer" +
                    (words.empty() ? "" : ": " + words));
}

}  // namespace

Answer ReadReply(const ShellOutput& output) {
  absl::string_view reply;
  for (absl::string_view line : absl::StrSplit(output.out, '\n')) {
    if (absl::StartsWith(line, kMark))
      reply = absl::StripAsciiWhitespace(line.substr(kMark.size()));
  }
  if (reply.empty()) return WithoutReply(output);
  const absl::StatusOr<Value> read = ReadJson({reply.data(), reply.size()});
  if (!read.ok()) return Failed(FaultKind::kLost, std::string(read.status().message()));
  Answer answer;
  if (read->BooleanOr("ok", false)) {
    const Value* value = read->Find("value");
    if (value == nullptr || !value->is_map())
      return Failed(FaultKind::kLost, "the answer has another shape than its script gives it");
    answer.value = *value;
    return answer;
  }
  const Value* fault = read->Find("fault");
  answer.fault = FaultOf(fault == nullptr ? Value() : *fault);
  return answer;
}

Answer ReadAnswer(const Shell& shell, const absl::StatusOr<ShellOutput>& output) {
  Answer answer;
  if (output.ok()) {
    answer = ReadReply(*output);
  } else {
    const FaultKind kind = absl::IsUnavailable(output.status())        ? FaultKind::kUnreachable
                           : absl::IsPermissionDenied(output.status()) ? FaultKind::kPermission
                                                                       : FaultKind::kLost;
    answer = Failed(kind, std::string(output.status().message()));
  }
  if (answer.fault) answer.fault->text = shell.name() + ": " + answer.fault->text;
  return answer;
}

Answer RunScript(Shell& shell,
                 std::string_view script,
                 const Value& arguments,
                 absl::Time deadline) {
  return ReadAnswer(shell, shell.Do({script, arguments, deadline}));
}

Answer RunChange(Shell& shell, const Errand& errand) { return ReadAnswer(shell, shell.Do(errand)); }

absl::StatusOr<ShellOutput> CommandShell::Do(const Errand& errand) {
  return Run(EncodedCommandLine(), InputFor(errand.script, errand.arguments), errand.deadline);
}

}  // namespace poolshift::lync
