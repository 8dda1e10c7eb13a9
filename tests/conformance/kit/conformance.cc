#include "tests/conformance/kit/conformance.h"

#include <future>
#include <utility>

#include <gtest/gtest.h>

#include "controller/model/covers.h"

namespace poolshift::conformance {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(20);

class Session {
 public:
  Session(const Fixture& fixture, bool read_only) : fixture_(fixture) { Start(read_only); }

  void Start(bool read_only) {
    provider_.reset();  // the former process is gone before the next one begins
    auto started = fixture_.start(read_only);
    ASSERT_TRUE(started.ok()) << started.status();
    provider_ = *std::move(started);
  }

  explicit operator bool() const { return provider_ != nullptr; }
  Provider& provider() { return *provider_; }
  Observation Look() { return LookAt(*provider_, {fixture_.target, ""}); }

  ApplyResult Apply(const Observation& seen, const std::string& key, std::int64_t token) {
    return provider_->Apply(RequestFrom(fixture_, seen, key, token), nullptr);
  }

 private:
  const Fixture& fixture_;
  std::unique_ptr<Provider> provider_;
};

void ExpectSame(const Observation& before, const Observation& now) {
  EXPECT_EQ(before.presence, now.presence);
  EXPECT_EQ(before.revision, now.revision);
}

void DescribesItself(const Fixture& fixture) {
  Session session(fixture, true);
  const auto description = session.provider().Describe();
  ASSERT_TRUE(description.ok()) << description.status();
  EXPECT_FALSE(description->version.empty());
  for (const KindSchema& kind : description->kinds) {
    EXPECT_FALSE(kind.meaning.empty()) << kind.kind;
    EXPECT_FALSE(kind.name_form.empty()) << kind.kind;
  }
}

void LooksAreStable(const Fixture& fixture) {
  Session session(fixture, true);
  const auto first = session.provider().Observe(fixture.keys, kDeadline);
  const auto second = session.provider().Observe(fixture.keys, kDeadline);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  for (std::size_t i = 0; i < fixture.keys.size(); ++i) {
    SCOPED_TRACE(ToString(fixture.keys[i].id));
    EXPECT_NE((*first)[i].presence, Presence::kUnreachable) << (*first)[i].reason;
    ExpectSame((*first)[i], (*second)[i]);
    EXPECT_EQ(LookAt(session.provider(), fixture.keys[i]).revision, (*first)[i].revision);
  }
}

void PreviewChangesNothing(const Fixture& fixture) {
  Session session(fixture, true);
  const Observation before = session.Look();
  const auto commands =
      session.provider().Preview({RequestFrom(fixture, before, "k", 1).action}, kDeadline);
  ASSERT_TRUE(commands.ok()) << commands.status();
  ASSERT_EQ(commands->size(), 1U);
  EXPECT_FALSE(commands->front().empty()) << "a change needs at least one command";
  ExpectSame(before, session.Look());
}

void ReadOnlyCannotWrite(const Fixture& fixture) {
  Session session(fixture, true);
  const Observation before = session.Look();
  const ApplyResult result = session.Apply(before, "k", 1);
  EXPECT_TRUE(absl::IsPermissionDenied(result.status)) << result.status;
  EXPECT_FALSE(result.effect_unknown);
  ExpectSame(before, session.Look());
}

void ChangeIsThereAfterwards(const Fixture& fixture) {
  Session session(fixture, false);
  const Observation before = session.Look();
  ASSERT_FALSE(Shows(before, fixture.after)) << "the fixture's change would change nothing";
  const ApplyResult result = session.Apply(before, "k", 1);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_TRUE(Shows(result.observation, fixture.after));
  EXPECT_TRUE(Shows(session.Look(), fixture.after));
}

void RepeatedKeyIsAnsweredAlike(const Fixture& fixture) {
  Session session(fixture, false);
  const Observation before = session.Look();
  const ApplyResult first = session.Apply(before, "k", 1);
  const Observation after = session.Look();
  const ApplyResult second = session.Apply(before, "k", 1);
  ASSERT_TRUE(first.status.ok()) << first.status;
  ASSERT_TRUE(second.status.ok()) << second.status;
  EXPECT_EQ(second.observation.revision, first.observation.revision);
  ExpectSame(after, session.Look());
}

void StalePreconditionChangesNothing(const Fixture& fixture) {
  Session session(fixture, false);
  const Observation before = session.Look();
  ApplyRequest request = RequestFrom(fixture, before, "k", 1);
  request.action.precondition_revision = std::string(64, '0');
  const ApplyResult result = session.provider().Apply(request, nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(result.status)) << result.status;
  EXPECT_FALSE(result.effect_unknown);
  ExpectSame(before, session.Look());
}

void SmallerTokenIsFenced(const Fixture& fixture) {
  Session session(fixture, false);
  const Observation before = session.Look();
  ApplyRequest greater = RequestFrom(fixture, before, "stale", 7);
  greater.action.precondition_revision = std::string(64, '0');
  session.provider().Apply(greater, nullptr);  // seen, though it changed nothing
  const ApplyResult result = session.Apply(before, "k", 6);
  EXPECT_TRUE(absl::IsAborted(result.status)) << result.status;
  ExpectSame(before, session.Look());
}

void RaisedFenceHoldsAndChangesNothingElse(const Fixture& fixture) {
  std::optional<Observation> before;
  {
    Session session(fixture, true);
    before = session.Look();
    const auto asked = session.provider().Fence(0, kDeadline);
    ASSERT_TRUE(asked.ok()) << asked.status();
    EXPECT_EQ(*asked, 0);
    EXPECT_TRUE(absl::IsPermissionDenied(session.provider().Fence(9, kDeadline).status()));
  }
  Session session(fixture, false);
  for (const auto& [raised, greatest] : {std::pair(9, 9), std::pair(4, 9), std::pair(0, 9)}) {
    const auto seen = session.provider().Fence(raised, kDeadline);
    ASSERT_TRUE(seen.ok()) << seen.status();
    EXPECT_EQ(*seen, greatest);
  }
  ExpectSame(*before, session.Look());
  EXPECT_TRUE(absl::IsAborted(session.Apply(*before, "k", 8).status));
  ExpectSame(*before, session.Look());
  const ApplyResult done = session.Apply(*before, "k", 9);
  EXPECT_TRUE(done.status.ok()) << done.status;
}

void UnknownKindIsRefused(const Fixture& fixture) {
  Session session(fixture, true);
  const auto seen = session.provider().Observe({{{"NoSuchKind", "x"}, ""}}, kDeadline);
  EXPECT_TRUE(absl::IsInvalidArgument(seen.status())) << seen.status();
}

void UnreachableIsNotAbsent(const Fixture& fixture) {
  if (!fixture.unreachable.has_value()) return;
  Session session(fixture, true);
  const Observation seen = LookAt(session.provider(), *fixture.unreachable);
  EXPECT_EQ(seen.presence, Presence::kUnreachable);
  EXPECT_FALSE(seen.reason.empty()) << "say why";
}

// Of a provider that only observes. Nothing that is sent to it may reach the target.
void ObservedKindIsNotChanged(const Fixture& fixture) {
  Session session(fixture, false);
  const auto description = session.provider().Describe();
  ASSERT_TRUE(description.ok()) << description.status();
  for (const KindSchema& kind : description->kinds)
    EXPECT_FALSE(kind.writable) << kind.kind
                                << ": the fixture names no target, and it can be changed";
  Fixture tried = fixture;
  tried.target = fixture.keys.front().id;
  const Observation before = LookAt(session.provider(), fixture.keys.front());
  tried.after = before.properties;
  const ApplyRequest request = RequestFrom(tried, before, "k", 1);
  EXPECT_FALSE(session.provider().Preview({request.action}, kDeadline).ok());
  const ApplyResult result = session.provider().Apply(request, nullptr);
  EXPECT_FALSE(result.status.ok()) << "it says that it changed what is only observed";
  EXPECT_FALSE(result.effect_unknown);
  ExpectSame(before, LookAt(session.provider(), fixture.keys.front()));
  const auto unknown = session.provider().Lookup("k", kDeadline);
  EXPECT_TRUE(absl::IsNotFound(unknown.status())) << unknown.status();
}

void LooksSideBySideAreAlike(const Fixture& fixture) {
  Session session(fixture, true);
  const auto alone = session.provider().Observe(fixture.keys, kDeadline);
  ASSERT_TRUE(alone.ok()) << alone.status();
  std::vector<std::future<absl::StatusOr<std::vector<Observation>>>> looks;
  for (int i = 0; i < 4; ++i) {
    looks.push_back(std::async(
        std::launch::async, [&] { return session.provider().Observe(fixture.keys, kDeadline); }));
  }
  for (auto& look : looks) {
    const auto seen = look.get();
    ASSERT_TRUE(seen.ok()) << seen.status();
    ASSERT_EQ(seen->size(), fixture.keys.size());
    for (std::size_t i = 0; i < fixture.keys.size(); ++i)
      ExpectSame((*alone)[i], (*seen)[i]);
  }
}

void LookupTellsWhatBecame(const Fixture& fixture) {
  Session session(fixture, false);
  const auto unknown = session.provider().Lookup("never", kDeadline);
  EXPECT_TRUE(absl::IsNotFound(unknown.status())) << unknown.status();
  ASSERT_TRUE(session.Apply(session.Look(), "k", 1).status.ok());
  const auto known = session.provider().Lookup("k", kDeadline);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_TRUE(known->status.ok()) << known->status;
}

void RestartForgetsNothing(const Fixture& fixture) {
  Session session(fixture, false);
  const Observation before = session.Look();
  const ApplyResult first = session.Apply(before, "k", 5);
  ASSERT_TRUE(first.status.ok()) << first.status;
  session.Start(false);
  const auto known = session.provider().Lookup("k", kDeadline);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_TRUE(known->status.ok()) << known->status;
  const ApplyResult repeated = session.Apply(before, "k", 5);
  EXPECT_TRUE(repeated.status.ok()) << repeated.status;
  EXPECT_EQ(repeated.observation.revision, first.observation.revision);
  const ApplyResult smaller = session.Apply(session.Look(), "other", 4);
  EXPECT_TRUE(absl::IsAborted(smaller.status)) << smaller.status;
}

using Promise = std::pair<const char*, void (*)(const Fixture&)>;

template <std::size_t count>
void Check(const Fixture& fixture, const Promise (&promises)[count]) {
  for (const auto& [name, promise] : promises) {
    SCOPED_TRACE(std::string("promise: ") + name);
    fixture.reset();
    promise(fixture);
  }
}

}  // namespace

Observation LookAt(Provider& provider, const ObservationKey& key) {
  auto seen = provider.Observe({key}, kDeadline);
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
  request.deadline = kDeadline;
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

void RunConformance(const Fixture& fixture) {
  constexpr Promise kOfAll[] = {
      {"describes itself", &DescribesItself},
      {"looks are stable", &LooksAreStable},
      {"an unknown kind is refused", &UnknownKindIsRefused},
      {"unreachable is not absent", &UnreachableIsNotAbsent},
  };
  constexpr Promise kOfWriters[] = {
      {"preview changes nothing", &PreviewChangesNothing},
      {"read-only cannot write", &ReadOnlyCannotWrite},
      {"a change is there afterwards", &ChangeIsThereAfterwards},
      {"a repeated key is answered alike", &RepeatedKeyIsAnsweredAlike},
      {"a stale precondition changes nothing", &StalePreconditionChangesNothing},
      {"a smaller token is fenced", &SmallerTokenIsFenced},
      {"a raised fence holds and changes nothing else", &RaisedFenceHoldsAndChangesNothingElse},
      {"lookup tells what became of a key", &LookupTellsWhatBecame},
      {"a restart forgets nothing", &RestartForgetsNothing},
  };
  constexpr Promise kOfObservers[] = {
      {"an observed kind is not changed", &ObservedKindIsNotChanged},
      {"looks side by side are alike", &LooksSideBySideAreAlike},
  };
  Check(fixture, kOfAll);
  if (fixture.target.kind.empty()) {
    Check(fixture, kOfObservers);
  } else {
    Check(fixture, kOfWriters);
  }
}

}  // namespace poolshift::conformance
