// Observations, actions and schemas on the wire.
#include "controller/wire/provider_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

using testing::HasSubstr;
namespace v1 = provider::v1;

const ResourceId kId{"SiteRoute", "Site1"};

wire::KeyedObservation Sample() {
  wire::KeyedObservation sample;
  sample.key = {kId, "outside"};
  sample.observation.presence = Presence::kPresent;
  sample.observation.properties = Value::Map{{"xmpp", "a.contoso.com"}};
  sample.observation.unknown = {"federation"};
  sample.observation.revision = "r";
  sample.observation.at = absl::FromUnixMillis(1700000000123);
  sample.observation.reason = "half of it";
  return sample;
}

TEST(WireObservation, SurvivesTheWire) {
  for (const Presence presence : {Presence::kPresent, Presence::kAbsent, Presence::kUnreachable}) {
    wire::KeyedObservation sample = Sample();
    sample.observation.presence = presence;
    v1::Observation encoded;
    ASSERT_TRUE(wire::EncodeObservation(sample, encoded).ok());
    const auto back = wire::DecodeObservation(encoded);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->key, sample.key);
    EXPECT_EQ(back->observation, sample.observation);
  }
}

TEST(WireObservation, UnknownPresenceIsRefused) {
  for (const int presence : {0, 4, -1}) {
    v1::Observation encoded;
    ASSERT_TRUE(wire::EncodeObservation(Sample(), encoded).ok());
    encoded.set_presence(static_cast<v1::Presence>(presence));
    const auto back = wire::DecodeObservation(encoded);
    EXPECT_THAT(std::string(back.status().message()), HasSubstr("SiteRoute/Site1: presence"));
  }
}

struct BadId {
  const char* name;
  std::string kind;
  std::string resource;
};

class WireIds : public testing::TestWithParam<BadId> {};

TEST_P(WireIds, BadOnesAreRefused) {
  v1::ResourceId id;
  id.set_kind(GetParam().kind);
  id.set_name(GetParam().resource);
  EXPECT_TRUE(absl::IsInvalidArgument(wire::DecodeId(id).status()));
}

INSTANTIATE_TEST_SUITE_P(Ids,
                         WireIds,
                         testing::Values(BadId{"NoKind", "", "x"},
                                         BadId{"NoName", "SiteRoute", ""},
                                         BadId{"SlashInKind", "Site/Route", "x"},
                                         BadId{"LineEndInKind", "Site\nRoute", "x"},
                                         BadId{"LineEndInName", "SiteRoute", "Site1\n"},
                                         BadId{"NulInName", "SiteRoute", {"Site1\0", 6}},
                                         BadId{"DeleteInName", "SiteRoute", "Site1\x7f"}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(WireListed, SurvivesTheWire) {
  const Listed listed{{"EdgePool", "edge.contoso.com"},
                      Value::Map{{"site", "Site1"}, {"servers", Value::List{Value::Map{}}}}};
  v1::Listed wire;
  ASSERT_TRUE(wire::EncodeListed(listed, wire).ok());
  const auto decoded = wire::DecodeListed(wire);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, listed);
  wire.mutable_id()->clear_name();
  EXPECT_TRUE(absl::IsInvalidArgument(wire::DecodeListed(wire).status()));
}

TEST(WireAction, SurvivesTheWire) {
  for (const Verb verb : {Verb::kCreate, Verb::kUpdate, Verb::kDelete, Verb::kStart, Verb::kStop}) {
    Action action;
    action.id = "a0000001";
    action.verb = verb;
    action.target = kId;
    if (verb != Verb::kCreate) action.before = Value::Map{{"xmpp", "a"}};
    if (verb != Verb::kDelete) action.after = Value::Map{{"xmpp", "b"}};
    action.precondition_revision = "r";
    v1::Action encoded;
    ASSERT_TRUE(wire::EncodeAction(action, encoded).ok());
    const auto back = wire::DecodeAction(encoded);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->id, action.id);
    EXPECT_EQ(back->verb, action.verb);
    EXPECT_EQ(back->target, action.target);
    EXPECT_EQ(back->before, action.before);
    EXPECT_EQ(back->after, action.after);
    EXPECT_EQ(back->precondition_revision, action.precondition_revision);
  }
}

TEST(WireAction, GateIsNeverSent) {
  Action gate;
  gate.verb = Verb::kGate;
  gate.target = kId;
  v1::Action encoded;
  EXPECT_TRUE(absl::IsInvalidArgument(wire::EncodeAction(gate, encoded)));
}

TEST(WireAction, UnknownVerbIsRefused) {
  v1::Action encoded;
  wire::EncodeId(kId, *encoded.mutable_target());
  encoded.set_verb(static_cast<v1::Verb>(42));
  EXPECT_THAT(std::string(wire::DecodeAction(encoded).status().message()), HasSubstr("verb 42"));
}

TEST(WireSchema, EveryKindSurvivesTheWire) {
  for (const KindSchema& schema : kinds::KindSchemas()) {
    v1::KindSchema encoded;
    wire::EncodeSchema(schema, encoded);
    const auto back = wire::DecodeSchema(encoded);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->kind, schema.kind);
    EXPECT_EQ(back->writable, schema.writable);
    EXPECT_EQ(back->name_form, schema.name_form);
    EXPECT_EQ(back->meaning, schema.meaning);
    ASSERT_EQ(back->properties.size(), schema.properties.size());
    for (std::size_t i = 0; i < schema.properties.size(); ++i) {
      EXPECT_EQ(back->properties[i].name, schema.properties[i].name);
      EXPECT_EQ(back->properties[i].type, schema.properties[i].type);
      EXPECT_EQ(back->properties[i].required, schema.properties[i].required);
      EXPECT_EQ(back->properties[i].computed, schema.properties[i].computed);
    }
  }
}

}  // namespace
}  // namespace poolshift
