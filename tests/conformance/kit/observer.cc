// A provider that only observes: nothing that is sent to it reaches the target.
#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

ApplyRequest RequestOn(const Scene& scene, const Observation& seen) {
  Fixture tried = scene.fixture();
  tried.target = scene.fixture().keys.front().id;
  tried.after = seen.properties;
  return RequestFrom(tried, seen, "k", 1);
}

Observation FirstOf(Scene& scene) {
  return scene.LookAt(scene.provider(), scene.fixture().keys.front());
}

void NoKindIsWritable(Scene& scene) {
  const auto description = scene.Write().Describe();
  ASSERT_TRUE(description.ok()) << description.status();
  for (const KindSchema& kind : description->kinds)
    EXPECT_FALSE(kind.writable) << kind.kind << ": the fixture names no target for it";
}

void ObservedKindIsNotChanged(Scene& scene) {
  scene.Write();
  const Observation before = FirstOf(scene);
  ApplyRequest request = RequestOn(scene, before);
  for (const Verb verb : {Verb::kCreate, Verb::kUpdate, Verb::kDelete, Verb::kStart, Verb::kStop}) {
    SCOPED_TRACE(Name(verb));
    request.action.verb = verb;
    request.action.after = verb == Verb::kDelete ? Value() : before.properties;
    Scene::ExpectRefused(scene.Apply(request));
  }
  ExpectSame(before, FirstOf(scene));
}

void ObservedKindHasNoCommands(Scene& scene) {
  scene.Write();
  const ApplyRequest request = RequestOn(scene, FirstOf(scene));
  EXPECT_FALSE(scene.provider().Preview({request.action}, scene.fixture().patience).ok());
}

void ObserverRemembersNothing(Scene& scene) {
  scene.Write();
  scene.Apply(RequestOn(scene, FirstOf(scene)));
  for (const char* key : {"k", "never"}) {
    const auto unknown = scene.provider().Lookup(key, scene.fixture().patience);
    EXPECT_TRUE(absl::IsNotFound(unknown.status())) << unknown.status();
  }
  scene.provider().Cancel("k");
  EXPECT_NE(FirstOf(scene).presence, Presence::kUnreachable);
}

}  // namespace

std::vector<Check> ObserverChecks() {
  const char* topic = "observer";
  const char* proto = "provider.proto KindSchema";
  return {
      {topic,
       "no-kind-is-writable",
       "Who only observes describes no kind as writable.",
       proto,
       {Need::kObserver},
       &NoKindIsWritable},
      {topic,
       "observed-kind-is-not-changed",
       "Each verb on what is only observed is refused.",
       proto,
       {Need::kObserver},
       &ObservedKindIsNotChanged},
      {topic,
       "observed-kind-has-no-commands",
       "What is only observed has no commands.",
       proto,
       {Need::kObserver},
       &ObservedKindHasNoCommands},
      {topic,
       "observer-remembers-nothing",
       "What was refused has left no key.",
       "provider.proto LookupResponse",
       {Need::kObserver},
       &ObserverRemembersNothing},
  };
}

}  // namespace poolshift::conformance
