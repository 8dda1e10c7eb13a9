#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/cli/drift_look.h"
#include "controller/cli/drift_record.h"
#include "controller/cli/drift_watching.h"
#include "controller/cli/git_manifests.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/cli/verbs.h"
#include "controller/report/drift_formats.h"

namespace poolshift {
namespace {

absl::StatusOr<std::string> FormatOf(const Arguments& arguments) {
  const std::string format = arguments.Value("--format");
  if (arguments.Has("--json") && !format.empty() && format != "json")
    return absl::InvalidArgumentError("drift: --json and --format " + format +
                                      ": leave one of them out");
  if (arguments.Has("--json")) return "json";
  if (format.empty()) return "text";
  const std::vector<std::string> known = {"text", "json", "html", "markdown", "junit"};
  if (std::find(known.begin(), known.end(), format) != known.end()) return format;
  const std::string near = ClosestName(format, known);
  return absl::InvalidArgumentError("drift: --format " + format +
                                    (near.empty()
                                         ? ": there is text, json, html, markdown and junit"
                                         : "; did you mean `" + near + "`?"));
}

std::string InFormat(const DriftReport& report, const std::string& format, const Style& style) {
  if (format == "json") return DriftJson(report);
  if (format == "html") return DriftHtml(report);
  if (format == "markdown") return DriftMarkdown(report);
  if (format == "junit") return DriftJunit(report);
  return DriftText(report, style);
}

// Which options have a meaning together with which word.
absl::Status CheckOptions(const Arguments& arguments, const std::string& format) {
  const std::string word = arguments.words().empty() ? "" : arguments.words().front();
  const bool line_by_line = arguments.Has("--watch") || arguments.Has("--history");
  if (line_by_line && format != "text" && format != "json")
    return absl::InvalidArgumentError("drift: --watch and --history print text or json, no " +
                                      format);
  if (arguments.Has("--watch") && arguments.Has("--history"))
    return absl::InvalidArgumentError("drift: --watch looks, --history does not: leave one out");
  if (arguments.Has("--every") && !arguments.Has("--watch"))
    return absl::InvalidArgumentError("drift: --every goes with --watch");
  if (word != "ack" && (arguments.Has("--for") || arguments.Has("--reason")))
    return absl::InvalidArgumentError("drift: --for and --reason go with `drift ack NAME`");
  return absl::OkStatus();
}

ExitCode RunDrift(Session& session, const Arguments& arguments) {
  const absl::StatusOr<std::string> format = FormatOf(arguments);
  if (!format.ok()) return session.Fail(format.status());
  const absl::Status fit = CheckOptions(arguments, *format);
  if (!fit.ok()) return session.Fail(fit);
  const std::string word = arguments.words().empty() ? "" : arguments.words().front();
  if (word == "ack") return AcknowledgeDrift(session, arguments);
  if (word == "unack") return WithdrawDrift(session, arguments);
  if (arguments.Has("--history")) return ShowDriftHistory(session, arguments);
  if (arguments.Has("--watch")) return WatchDrift(session, arguments, *format == "json");
  const Opening opening = OpenWorkspace(session, arguments, PathsOf(arguments), /*read_only=*/true);
  if (opening.workspace == nullptr) return opening.code;
  const absl::StatusOr<DriftReport> report = LookForDrift(session, *opening.workspace);
  if (!report.ok()) return session.Fail(report.status());
  session.out << InFormat(*report, *format, session.out_style);
  return report->is_clear() ? kExitOk : kExitChanges;
}

}  // namespace

Command DriftCommand() {
  Command command;
  command.name = "drift";
  command.words = "[ack NAME|unack NAME] [PATH...]";
  command.summary = "look, and tell what is not as declared, since when, how bad";
  command.text =
      "Reads the manifests, looks at the world, and lists every difference, the worst first: what "
      "is declared and where, what is observed, by whom and how long ago, since when, when it was "
      "last in sync, and what of a plan would mend it. Nothing is changed: the providers are "
      "started so that they cannot. What was seen is remembered in the state directory.\n"
      "`--history` lists everything that was seen, with its periods, and does not look. `--watch` "
      "looks again and again and prints only what appeared (+), changed (~) or went (-), and when "
      "nobody could look (?).\n"
      "`ack NAME` says that a difference is known, until when and why; it is then shown apart. "
      "`unack NAME` takes that back. The report names each difference; the beginning of a name "
      "is enough.\n"
      "Exit codes: 0 no drift, or all of it acknowledged; 2 drift, also where nobody could look; "
      "10 the manifests have faults; 1 another error. --watch ends with a signal, and as its last "
      "look did.";
  command.most_words = kAnyNumber;
  command.options = WithGitOptions(
      {{"--format", "FORMAT", "`text`, `json`, `html`, `markdown` or `junit` (docs/drift.md)", ""},
       {"--json", "", "as `--format json`", ""},
       {"--history", "", "what is on record of earlier looks", ""},
       {"--watch", "", "look again and again", ""},
       {"--every", "TIME", "watch: from one look to the next (60s)", ""},
       {"--for", "AGE", "ack: for how long, such as 24h or 7d", ""},
       {"--reason", "TEXT", "ack: why it may stay for now", ""}});
  command.examples = {"poolshift drift manifests/xmpp-failover",
                      "poolshift drift --format html /etc/poolshift/contoso",
                      "poolshift drift ack 3f9a1c --for 24h --reason \"change 4711\" contoso"};
  command.run = RunDrift;
  return command;
}

}  // namespace poolshift
