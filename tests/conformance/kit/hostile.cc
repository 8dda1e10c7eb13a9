// Names and values that nobody should send: they are taken for what they are, or refused.
#include <gtest/gtest.h>

#include "controller/model/covers.h"
#include "tests/conformance/kit/check.h"

namespace poolshift::conformance {
namespace {

using Type = PropertySchema::Type;

// What a shell, a path or a terminal would take for more than text.
std::vector<std::string> Tails(const Scene& scene) {
  const std::string& mark = scene.mark();
  return {";touch " + mark,
          "$(touch " + mark + ")",
          "`touch " + mark + "`",
          "'; touch " + mark + "; '",
          "\"; touch " + mark + "; \"",
          "\ntouch " + mark + "\n",
          "|touch " + mark,
          "/../../../etc/passwd",
          std::string("\0", 1),
          std::string("\0x", 2),
          "\x1b[2J",
          "\u202e",
          std::string(4096, 'x')};
}

void StrangeNamesAreNobodys(Scene& scene) {
  scene.Write();
  const ObservationKey& key = scene.fixture().keys.front();
  const Observation before = scene.LookAt(scene.provider(), key);
  std::vector<std::string> names = {"", "/", "//", ".", "..", "../..", " ", "*", "%"};
  for (const std::string& tail : Tails(scene))
    names.push_back(key.id.name + tail);
  for (const std::string& name : names) {
    SCOPED_TRACE("`" + name.substr(0, 80) + "`");
    const auto seen =
        scene.provider().Observe({{{key.id.kind, name}, key.vantage}}, scene.fixture().patience);
    EXPECT_TRUE(seen.ok() || absl::IsInvalidArgument(seen.status())) << seen.status();
    EXPECT_FALSE(seen.ok() && seen->front().presence == Presence::kPresent);
  }
  EXPECT_FALSE(scene.IsMarked()) << "a name was run as a command";
  ExpectSame(before, scene.LookAt(scene.provider(), key));
}

void StrangeNamesAreNotChanged(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  int number = 0;
  for (const std::string& tail : Tails(scene)) {
    SCOPED_TRACE(tail.substr(0, 60));
    Fixture strange = scene.fixture();
    strange.target.name += tail;
    ApplyRequest request = RequestFrom(strange, before.seen, "k" + std::to_string(number++), 1);
    Scene::ExpectRefused(scene.Apply(request));
  }
  EXPECT_FALSE(scene.IsMarked()) << "a name was run as a command";
  scene.ExpectUntouched(before);
}

Value OfAnotherType(Type type) {
  return type == Type::kInteger ? Value("seven") : type == Type::kString ? Value(7) : Value("x");
}

// What the change is on: its `after`, or, where it deletes, what is there.
Value Base(const Scene& scene, const KindSchema& schema) {
  if (!scene.fixture().after.is_null()) return scene.fixture().after;
  return WritablePart(schema, scene.Look().properties);
}

std::vector<Value> AgainstTheSchema(const KindSchema& schema, const Value& base) {
  std::vector<Value> values = {Value("text"), Value(7), Value(true), Value(Value::List{"a"})};
  Value more = base;
  more.Set("noSuchProperty", 1);
  values.push_back(more);
  for (const PropertySchema& property : schema.properties) {
    Value changed = base;
    changed.Set(property.name, OfAnotherType(property.type));
    values.push_back(changed);
  }
  return values;
}

void ChangeAgainstTheSchemaIsRefused(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const KindSchema schema = scene.SchemaOf(scene.fixture().target.kind);
  int number = 0;
  for (const Value& after : AgainstTheSchema(schema, Base(scene, schema))) {
    SCOPED_TRACE(DisplayText(after));
    ApplyRequest request = scene.Request(before.seen, "k" + std::to_string(number++), 1);
    request.action.verb = before.seen.presence == Presence::kAbsent ? Verb::kCreate : Verb::kUpdate;
    request.action.after = after;
    Scene::ExpectRefused(scene.Apply(request));
    scene.ExpectUntouched(before);
  }
}

void PreviewAgainstTheSchemaHarmsNothing(Scene& scene) {
  scene.Read();
  const Standing before = scene.Stand();
  const KindSchema schema = scene.SchemaOf(scene.fixture().target.kind);
  Action action = scene.Request(before.seen, "k", 1).action;
  for (const Value& after : AgainstTheSchema(schema, Base(scene, schema))) {
    SCOPED_TRACE(DisplayText(after));
    action.after = after;
    const auto shown = scene.provider().Preview({action}, scene.fixture().patience);
    EXPECT_FALSE(absl::IsUnavailable(shown.status())) << shown.status();
  }
  scene.ExpectUntouched(before);
}

void ComputedPropertiesAreNotChanged(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  const KindSchema schema = scene.SchemaOf(scene.fixture().target.kind);
  const Value base = Base(scene, schema);
  for (const PropertySchema& property : schema.properties) {
    if (!property.computed) continue;
    ApplyRequest request = scene.Request(before.seen, "k" + property.name, 1);
    request.action.after = base;
    request.action.after.Set(property.name,
                             property.type == Type::kInteger  ? Value(7)
                             : property.type == Type::kString ? Value("x")
                                                              : Value(true));
    Scene::ExpectRefused(scene.Apply(request));
  }
  scene.ExpectUntouched(before);
}

// Every text of the change replaced by a strange one: in a property, and in a list of texts.
std::vector<Value> WithStrangeTexts(const Value& base, const std::string& text) {
  std::vector<Value> values;
  for (const auto& [name, member] : base.map()) {
    Value changed = base;
    if (member.is_string()) {
      changed.Set(name, member.string() + text);
    } else if (member.is_list() && !member.list().empty() && member.list().front().is_string()) {
      changed.Set(name, Value::List{member.list().front().string() + text});
    } else {
      continue;
    }
    values.push_back(changed);
  }
  return values;
}

void StrangeTextIsTakenAsItIsOrRefused(Scene& scene) {
  scene.Write();
  const KindSchema schema = scene.SchemaOf(scene.fixture().target.kind);
  const Value base = Base(scene, schema);
  int number = 0;
  for (const std::string& tail : Tails(scene)) {
    for (const Value& after : WithStrangeTexts(base, tail)) {
      SCOPED_TRACE(DisplayText(after).substr(0, 120));
      const Standing before = scene.Stand();
      ApplyRequest request = scene.Request(before.seen, "k" + std::to_string(number++), 1);
      request.action.after = after;
      if (before.seen.presence == Presence::kPresent) request.action.verb = Verb::kUpdate;
      const ApplyResult result = scene.Apply(request);
      EXPECT_FALSE(result.effect_unknown) << result.status;
      if (!result.status.ok()) {
        scene.ExpectUntouched(before);
        continue;
      }
      EXPECT_TRUE(Shows(scene.Look(), after)) << DisplayText(scene.Look().properties);
    }
  }
  EXPECT_FALSE(scene.IsMarked()) << "a value was run as a command";
}

void UnknownModeIsNoOtherWay(Scene& scene) {
  scene.Write();
  const Standing before = scene.Stand();
  ApplyRequest request = scene.Request(before.seen, "k", 1);
  request.action.modes = {"no-such-mode", "; touch " + scene.mark()};
  const ApplyResult result = scene.Apply(request);
  EXPECT_FALSE(result.effect_unknown) << result.status;
  scene.ExpectTruth(before, result);
  EXPECT_FALSE(scene.IsMarked()) << "a mode was run as a command";
}

}  // namespace

std::vector<Check> HostileChecks() {
  const char* topic = "hostile-input";
  const char* schema = "provider.proto KindSchema";
  const char* proto = "provider.proto Action";
  return {
      {topic,
       "strange-names-are-nobodys",
       "Commands, paths, NUL, control characters and length in a name find nothing and run "
       "nothing.",
       "provider-protocol 1",
       {},
       &StrangeNamesAreNobodys},
      {topic,
       "strange-names-are-not-changed",
       "Nor do they change anything.",
       proto,
       {Need::kTarget},
       &StrangeNamesAreNotChanged},
      {topic,
       "change-against-the-schema-is-refused",
       "A change of another type, of an unknown property or of no map changes nothing.",
       schema,
       {Need::kTarget},
       &ChangeAgainstTheSchemaIsRefused},
      {topic,
       "preview-against-the-schema-harms-nothing",
       "Nor does a look at its commands, and the program lives.",
       schema,
       {Need::kTarget},
       &PreviewAgainstTheSchemaHarmsNothing},
      {topic,
       "computed-properties-are-not-changed",
       "What is only observed is never part of a change.",
       schema,
       {Need::kTarget},
       &ComputedPropertiesAreNotChanged},
      {topic,
       "strange-text-is-taken-as-it-is-or-refused",
       "A value is written as it stands or not at all, and never run.",
       proto,
       {Need::kTarget},
       &StrangeTextIsTakenAsItIsOrRefused},
      {topic,
       "unknown-mode-is-no-other-way",
       "A mode that the kind does not have leads to the change or to a refusal.",
       proto,
       {Need::kTarget},
       &UnknownModeIsNoOtherWay},
  };
}

}  // namespace poolshift::conformance
