#include "controller/cli/drift_record.h"

#include <string>
#include <vector>

#include "controller/cli/age.h"
#include "controller/cli/cut_off_runs.h"
#include "controller/cli/record_place.h"
#include "controller/cli/state_directory.h"
#include "controller/engine/drift_memory.h"
#include "controller/model/try.h"
#include "controller/report/change.h"
#include "controller/report/drift_history.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

constexpr int kMostShown = 1000;
constexpr absl::Duration kLongest = absl::Hours(24 * 366);

struct Named {
  std::string name;  // of a difference, or the beginning of it
  RecordPlace place;
};

absl::StatusOr<Named> Open(const Session& session, const Arguments& arguments) {
  if (arguments.words().size() < 2)
    return absl::InvalidArgumentError("drift " + arguments.words().front() +
                                      " needs the name of a difference: the report has it");
  POOLSHIFT_ASSIGN(RecordPlace place, OpenRecord(session, arguments, PathsOf(arguments, 2)));
  POOLSHIFT_TRY(RequireStore(place));
  return Named{arguments.words()[1], std::move(place)};
}

absl::StatusOr<DriftAcknowledged> Wanted(const Session& session, const Arguments& arguments) {
  DriftAcknowledged wanted;
  wanted.reason = arguments.Value("--reason");
  if (wanted.reason.empty())
    return absl::InvalidArgumentError("drift ack needs --reason TEXT: why it may stay for now");
  absl::Duration age;
  const std::string given = arguments.Value("--for");
  if (!ParseAge(given, age) || age > kLongest)
    return absl::InvalidArgumentError(
        "drift ack needs --for AGE, at most 366d: 24h, 7d" +
        (given.empty() ? std::string() : "; `" + given + "` is none"));
  wanted.who = Holder(session).who;
  wanted.at = session.now();
  wanted.until = wanted.at + age;
  return wanted;
}

}  // namespace

ExitCode ShowDriftHistory(Session& session, const Arguments& arguments) {
  const absl::StatusOr<RecordPlace> place = OpenRecord(session, arguments, PathsOf(arguments, 0));
  if (!place.ok()) return session.Fail(place.status());
  DriftChronicle chronicle;
  chronicle.organization = place->organization;
  if (place->store != nullptr) {
    auto past = PastDrift(*place->store, place->organization, kMostShown, session.now());
    if (!past.ok()) return session.Fail(past.status());
    chronicle.differences = *std::move(past);
  }
  const bool json = arguments.Has("--json") || arguments.Value("--format") == "json";
  session.out << (json ? DriftHistoryJson(chronicle)
                       : DriftHistoryText(chronicle, session.out_style));
  return kExitOk;
}

ExitCode AcknowledgeDrift(Session& session, const Arguments& arguments) {
  const absl::StatusOr<DriftAcknowledged> wanted = Wanted(session, arguments);
  if (!wanted.ok()) return session.Fail(wanted.status());
  const absl::StatusOr<Named> named = Open(session, arguments);
  if (!named.ok()) return session.Fail(named.status());
  const absl::StatusOr<std::string> done =
      named->place.store->AcknowledgeDrift(named->place.organization, named->name, *wanted);
  if (!done.ok()) return session.Fail(done.status());
  session.out << "Acknowledged until " << TimeText(wanted->until) << ": " << *done << '\n';
  return kExitOk;
}

ExitCode WithdrawDrift(Session& session, const Arguments& arguments) {
  const absl::StatusOr<Named> named = Open(session, arguments);
  if (!named.ok()) return session.Fail(named.status());
  const absl::StatusOr<std::string> done =
      named->place.store->WithdrawAcknowledgement(named->place.organization, named->name);
  if (!done.ok()) return session.Fail(done.status());
  session.out << "No longer acknowledged: " << *done << '\n';
  return kExitOk;
}

}  // namespace poolshift
