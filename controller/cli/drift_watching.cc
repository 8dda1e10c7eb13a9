#include "controller/cli/drift_watching.h"

#include <algorithm>
#include <optional>
#include <string>

#include "controller/cli/age.h"
#include "controller/cli/drift_look.h"
#include "controller/cli/interruption.h"
#include "controller/cli/opening.h"
#include "controller/cli/state_directory.h"
#include "controller/report/change.h"
#include "controller/report/drift_watch.h"

namespace poolshift {
namespace {

constexpr absl::Duration kOften = absl::Minutes(1);
constexpr absl::Duration kNod = absl::Milliseconds(100);  // how soon a signal is noticed

class Watch {
 public:
  Watch(Session& session, const Arguments& arguments, bool json)
      : session_(session), arguments_(arguments), json_(json) {}

  ExitCode Run(absl::Duration every) {
    Clock& clock = *session_.world.clock;
    absl::Duration next = clock.Elapsed();
    while (true) {
      Look();
      if (ended_.has_value()) return *ended_;
      next += every;
      // A look that took longer than the interval is followed by the next at once, and that is
      // said.
      if (clock.Elapsed() > next) {
        session_.Tell("a look took " + DurationText(clock.Elapsed() - next + every) +
                      ", longer than --every: the next one begins now");
        next = clock.Elapsed();
      }
      while (signals_.interruption().requests() == 0 && clock.Elapsed() < next)
        clock.Sleep(std::min(kNod, next - clock.Elapsed()));
      if (signals_.interruption().requests() > 0) return code_;
    }
  }

 private:
  void Look() {
    const Opening opening =
        OpenWorkspace(session_, arguments_, PathsOf(arguments_), true, Telling::kErrors);
    if (opening.workspace == nullptr) {
      if (first_) ended_ = opening.code;
      Tell(FailedLook(session_.now(), "the manifests or their providers, as said above"));
      code_ = kExitError;
      return;
    }
    const absl::StatusOr<DriftReport> report = LookForDrift(session_, *opening.workspace);
    if (!report.ok()) {
      Tell(FailedLook(session_.now(), std::string(report.status().message())));
      code_ = kExitError;
    } else {
      Tell(CompareDrift(before_.has_value() ? &*before_ : nullptr, *report));
      before_ = *report;
      code_ = report->is_clear() ? kExitOk : kExitChanges;
    }
    first_ = false;
  }

  void Tell(const DriftTick& tick) {
    session_.out << (json_ ? DriftTickJson(tick) : DriftTickText(tick, session_.out_style))
                 << std::flush;
  }

  Session& session_;
  const Arguments& arguments_;
  const bool json_;
  const SignalWatch signals_;
  std::optional<DriftReport> before_;
  std::optional<ExitCode> ended_;
  bool first_ = true;
  ExitCode code_ = kExitOk;
};

}  // namespace

ExitCode WatchDrift(Session& session, const Arguments& arguments, bool json) {
  absl::Duration every = kOften;
  const std::string given = arguments.Value("--every");
  if (arguments.Has("--every") && (!ParseAge(given, every) || every < absl::Seconds(1)))
    return session.Fail(kExitInvalidInput,
                        "drift: --every " + given + ": a time of at least 1s, such as 60s");
  return Watch(session, arguments, json).Run(every);
}

}  // namespace poolshift
