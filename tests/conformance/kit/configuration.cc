// What a program is told at its start, and that it says no to what it cannot work with.
#include <gtest/gtest.h>

#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

void ExpectRefusedStart(const absl::StatusOr<std::unique_ptr<Provider>>& started) {
  ASSERT_FALSE(started.ok()) << "it started";
  EXPECT_TRUE(absl::IsInvalidArgument(started.status())) << started.status();
  EXPECT_NE(started.status().message().find('\n'), std::string::npos)
      << "no fault is named: " << started.status();
}

void ConfigurationWithoutContentIsRefused(Scene& scene) {
  ExpectRefusedStart(
      scene.Try({true, [](PluginConfiguration& configuration) {
                   configuration.configuration = Value::Map{{"no-such-member", true}};
                 }}));
}

void ConfigurationOfAnotherShapeIsRefused(Scene& scene) {
  for (const Value& shape : {Value("text"), Value(Value::List{"a", 1}), Value(7)}) {
    SCOPED_TRACE(DisplayText(shape));
    ExpectRefusedStart(scene.Try(
        {true, [&](PluginConfiguration& configuration) { configuration.configuration = shape; }}));
  }
}

void OrganizationHasAName(Scene& scene) {
  ExpectRefusedStart(scene.Try(
      {true, [](PluginConfiguration& configuration) { configuration.organization.clear(); }}));
}

void WriterNeedsAStateDirectory(Scene& scene) {
  ExpectRefusedStart(scene.Try(
      {false, [](PluginConfiguration& configuration) { configuration.state_directory.clear(); }}));
}

void ReaderNeedsNoStateDirectory(Scene& scene) {
  const auto& keys = scene.fixture().keys;
  scene.Read();
  const std::vector<Observation> with = scene.LookAtAll(keys);
  scene.Read(
      {true, [](PluginConfiguration& configuration) { configuration.state_directory.clear(); }});
  const std::vector<Observation> without = scene.LookAtAll(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    SCOPED_TRACE(ToString(keys[i].id));
    ExpectSame(with[i], without[i]);
  }
}

void AnotherOrganizationIsNotServed(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ApplyRequest request = scene.Request(before.seen, "k", 1);
  request.organization = scene.fixture().organization + "-other";
  Scene::ExpectRefused(scene.Apply(request));
  scene.ExpectUntouched(before);
}

}  // namespace

std::vector<Check> ConfigurationChecks() {
  const char* topic = "configuration";
  const char* problems = "provider-protocol Starting";
  return {
      {topic,
       "configuration-without-content-is-refused",
       "A configuration that lacks what is needed is refused, in words, before anything is done.",
       problems,
       {},
       &ConfigurationWithoutContentIsRefused},
      {topic,
       "configuration-of-another-shape-is-refused",
       "A configuration that is no map is refused in words.",
       problems,
       {},
       &ConfigurationOfAnotherShapeIsRefused},
      {topic,
       "organization-has-a-name",
       "An organisation without a name is refused.",
       problems,
       {},
       &OrganizationHasAName},
      {topic,
       "writer-needs-a-state-directory",
       "A program that may write does not start without a place for what it must remember.",
       "provider.proto ConfigureRequest",
       {},
       &WriterNeedsAStateDirectory},
      {topic,
       "reader-needs-no-state-directory",
       "Started read-only without a state directory it sees the same.",
       "provider.proto ConfigureRequest",
       {},
       &ReaderNeedsNoStateDirectory},
      {topic,
       "another-organization-is-not-served",
       "A request for another organisation than the configured one changes nothing.",
       "provider.proto ApplyRequest",
       {Need::kTarget},
       &AnotherOrganizationIsNotServed},
  };
}

}  // namespace poolshift::conformance
