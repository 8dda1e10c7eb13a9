#include "tests/conformance/kit/conformance.h"

#include <exception>
#include <iostream>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

bool Offers(const Fixture& fixture, Need need) {
  const bool has_target = !fixture.target.kind.empty();
  const bool refuses = fixture.refuses != absl::StatusCode::kOk;
  switch (need) {
    case Need::kObserver:
      return !has_target;
    case Need::kTarget:
      return has_target;
    case Need::kChange:
      return has_target && !refuses;
    case Need::kRefusal:
      return has_target && refuses;
    case Need::kWayBack:
      return fixture.way_back;
    case Need::kAbsent:
      return fixture.absent.has_value();
    case Need::kUnreachable:
      return fixture.unreachable.has_value();
    case Need::kHand:
      return fixture.by_hand != nullptr;
    case Need::kOutage:
      return fixture.outage.begin != nullptr;
    case Need::kTargetFence:
      return fixture.fenced;
    case Need::kWeakAccount:
      return fixture.weak_account != nullptr;
    case Need::kSecret:
      return !fixture.secrets.empty();
  }
  return false;
}

// What follows from the rest of the fixture needs no reason of its own.
std::string ReasonByNature(Need need) {
  if (need == Need::kObserver) return "it can change things";
  if (need == Need::kRefusal) return "its target takes changes";
  return "";
}

void Print(const char* mark, const Check& check, const std::string& remark) {
  std::cout << mark << ' ' << check.topic << '/' << check.name << ' ' << remark << std::endl;
}

int Failures() {
  const testing::TestResult& result =
      *testing::UnitTest::GetInstance()->current_test_info()->result();
  int failures = 0;
  for (int i = 0; i < result.total_part_count(); ++i)
    failures += result.GetTestPartResult(i).failed() ? 1 : 0;
  return failures;
}

}  // namespace

std::string Words(Need need) {
  switch (need) {
    case Need::kObserver:
      return "only observes";
    case Need::kTarget:
      return "a target";
    case Need::kChange:
      return "a change";
    case Need::kRefusal:
      return "refuses changes";
    case Need::kWayBack:
      return "a way back";
    case Need::kAbsent:
      return "something absent";
    case Need::kUnreachable:
      return "something unreachable";
    case Need::kHand:
      return "changes by hand";
    case Need::kOutage:
      return "an outage";
    case Need::kTargetFence:
      return "a fence at the target";
    case Need::kWeakAccount:
      return "a weak account";
    case Need::kSecret:
      return "a secret";
  }
  return "";
}

const std::vector<Check>& AllChecks() {
  static const std::vector<Check> all = [] {
    std::vector<Check> checks;
    for (const auto& table : {&DescriptionChecks,
                              &ConfigurationChecks,
                              &ObservingChecks,
                              &AbsenceChecks,
                              &PreviewChecks,
                              &ReadOnlyChecks,
                              &ChangingChecks,
                              &IdempotencyChecks,
                              &PreconditionChecks,
                              &FencingChecks,
                              &LostReplyChecks,
                              &CancellationChecks,
                              &RestartChecks,
                              &HostileChecks,
                              &SecretChecks,
                              &RefusalChecks,
                              &ListingChecks,
                              &ObserverChecks}) {
      std::vector<Check> some = table();
      std::move(some.begin(), some.end(), std::back_inserter(checks));
    }
    return checks;
  }();
  return all;
}

std::string ReasonToLeaveOut(const Check& check, const Fixture& fixture) {
  for (const Need need : check.needs) {
    if (Offers(fixture, need)) continue;
    const std::string nature = ReasonByNature(need);
    if (!nature.empty()) return nature;
    const bool no_target = need == Need::kChange && !Offers(fixture, Need::kTarget);
    const auto reason = fixture.without.find(no_target ? Need::kTarget : need);
    if (reason != fixture.without.end()) return reason->second;
    ADD_FAILURE() << check.topic << '/' << check.name << " needs " << Words(need)
                  << ": offer it in the fixture, or say in `without` why there is none";
    return "nobody says why";
  }
  return "";
}

void RunCheck(const Check& check, const Fixture& fixture) {
  const testing::ScopedTrace trace(
      __FILE__, __LINE__, check.topic + '/' + check.name + ": " + check.promise);
  try {
    Scene scene(fixture);
    check.run(scene);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

Tally RunConformance(const Fixture& fixture) {
  Tally tally;
  for (const auto& [need, reason] : fixture.without)
    EXPECT_FALSE(Offers(fixture, need)) << Words(need) << " is offered, and said to be missing";
  for (const Check& check : AllChecks()) {
    if (!fixture.topics.empty() && fixture.topics.count(check.topic) == 0) continue;
    const std::string reason = ReasonToLeaveOut(check, fixture);
    if (!reason.empty()) {
      Print("[ LEFT OUT ]", check, "(" + reason + ")");
      ++tally.left_out;
      continue;
    }
    const int failures = Failures();
    const absl::Time began = absl::Now();
    RunCheck(check, fixture);
    ++tally.ran;
    const auto time = std::to_string(absl::ToInt64Milliseconds(absl::Now() - began));
    Print(Failures() > failures ? "[  BROKEN  ]" : "[   KEPT   ]", check, "(" + time + " ms)");
  }
  std::cout << "conformance: " << tally.ran << " checks ran, " << tally.left_out << " were left out"
            << std::endl;
  return tally;
}

Observation LookAt(Provider& provider, const ObservationKey& key) {
  auto seen = provider.Observe({key}, absl::Seconds(20));
  EXPECT_TRUE(seen.ok()) << seen.status();
  return seen.ok() ? std::move(seen->front()) : Observation();
}

ApplyRequest RequestFrom(const Fixture& fixture,
                         const Observation& seen,
                         std::string key,
                         std::int64_t token) {
  ApplyRequest request;
  request.organization = fixture.organization;
  request.key = std::move(key);
  request.token = token;
  request.deadline = absl::Seconds(20);
  request.action.target = fixture.target;
  request.action.verb = seen.presence == Presence::kAbsent ? Verb::kCreate
                        : fixture.after.is_null()          ? Verb::kDelete
                                                           : Verb::kUpdate;
  request.action.before = seen.properties;
  request.action.after = fixture.after;
  request.action.precondition_revision = seen.revision;
  request.action.id =
      MakeActionId(request.action.verb, fixture.target, request.action.before, fixture.after);
  return request;
}

}  // namespace poolshift::conformance
