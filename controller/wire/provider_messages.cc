#include "controller/wire/provider_messages.h"

#include <algorithm>
#include <string>
#include <utility>

#include "controller/model/try.h"
#include "controller/wire/provider_values.h"

namespace poolshift::wire {
namespace {

namespace v1 = provider::v1;

absl::Status About(const std::string& subject, const absl::Status& status) {
  return absl::InvalidArgumentError(subject + ": " + std::string(status.message()));
}

bool HoldsControlCharacter(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
  });
}

v1::Presence Encode(Presence presence) {
  switch (presence) {
    case Presence::kPresent:
      return v1::PRESENCE_PRESENT;
    case Presence::kAbsent:
      return v1::PRESENCE_ABSENT;
    case Presence::kUnreachable:
      break;
  }
  return v1::PRESENCE_UNREACHABLE;
}

absl::StatusOr<Presence> Decode(v1::Presence presence) {
  switch (presence) {
    case v1::PRESENCE_PRESENT:
      return Presence::kPresent;
    case v1::PRESENCE_ABSENT:
      return Presence::kAbsent;
    case v1::PRESENCE_UNREACHABLE:
      return Presence::kUnreachable;
    default:
      break;
  }
  return absl::InvalidArgumentError("presence " + std::to_string(presence) +
                                    " is not in protocol version 1");
}

absl::StatusOr<v1::Verb> Encode(Verb verb) {
  switch (verb) {
    case Verb::kCreate:
      return v1::VERB_CREATE;
    case Verb::kUpdate:
      return v1::VERB_UPDATE;
    case Verb::kDelete:
      return v1::VERB_DELETE;
    case Verb::kStart:
      return v1::VERB_START;
    case Verb::kStop:
      return v1::VERB_STOP;
    case Verb::kGate:
      break;
  }
  return absl::InvalidArgumentError("a gate is waited for, not sent to a provider");
}

absl::StatusOr<Verb> Decode(v1::Verb verb) {
  switch (verb) {
    case v1::VERB_CREATE:
      return Verb::kCreate;
    case v1::VERB_UPDATE:
      return Verb::kUpdate;
    case v1::VERB_DELETE:
      return Verb::kDelete;
    case v1::VERB_START:
      return Verb::kStart;
    case v1::VERB_STOP:
      return Verb::kStop;
    default:
      break;
  }
  return absl::InvalidArgumentError("verb " + std::to_string(verb) +
                                    " is not in protocol version 1");
}

absl::StatusOr<PropertySchema::Type> Decode(v1::PropertySchema::Type type) {
  switch (type) {
    case v1::PropertySchema::BOOLEAN:
      return PropertySchema::Type::kBoolean;
    case v1::PropertySchema::INTEGER:
      return PropertySchema::Type::kInteger;
    case v1::PropertySchema::STRING:
      return PropertySchema::Type::kString;
    case v1::PropertySchema::LIST:
      return PropertySchema::Type::kList;
    case v1::PropertySchema::MAP:
      return PropertySchema::Type::kMap;
    default:
      break;
  }
  return absl::InvalidArgumentError("property type " + std::to_string(type) +
                                    " is not in protocol version 1");
}

v1::PropertySchema::Type Encode(PropertySchema::Type type) {
  switch (type) {
    case PropertySchema::Type::kBoolean:
      return v1::PropertySchema::BOOLEAN;
    case PropertySchema::Type::kInteger:
      return v1::PropertySchema::INTEGER;
    case PropertySchema::Type::kString:
      return v1::PropertySchema::STRING;
    case PropertySchema::Type::kList:
      return v1::PropertySchema::LIST;
    case PropertySchema::Type::kMap:
      break;
  }
  return v1::PropertySchema::MAP;
}

}  // namespace

void EncodeId(const ResourceId& id, v1::ResourceId& out) {
  out.set_kind(id.kind);
  out.set_name(id.name);
}

absl::StatusOr<ResourceId> DecodeId(const v1::ResourceId& id) {
  // A NUL would end the name for whoever hands it on to the system: another resource would be
  // meant.
  if (id.kind().empty() || id.name().empty() || id.kind().find('/') != std::string::npos ||
      HoldsControlCharacter(id.kind()) || HoldsControlCharacter(id.name())) {
    return absl::InvalidArgumentError("`" + id.kind() + '/' + id.name() + "` is no resource");
  }
  return ResourceId{id.kind(), id.name()};
}

void EncodeKey(const ObservationKey& key, v1::ObservationKey& out) {
  EncodeId(key.id, *out.mutable_id());
  out.set_vantage(key.vantage);
}

absl::StatusOr<ObservationKey> DecodeKey(const v1::ObservationKey& key) {
  POOLSHIFT_ASSIGN(ResourceId id, DecodeId(key.id()));
  return ObservationKey{std::move(id), key.vantage()};
}

absl::Status EncodeObservation(const KeyedObservation& keyed, v1::Observation& out) {
  const Observation& observation = keyed.observation;
  EncodeKey(keyed.key, *out.mutable_key());
  out.set_presence(Encode(observation.presence));
  if (!observation.properties.is_null()) {
    const absl::Status status = EncodeValue(observation.properties, *out.mutable_properties());
    if (!status.ok()) return About(ToString(keyed.key.id), status);
  }
  for (const std::string& name : observation.unknown)
    out.add_unknown(name);
  out.set_revision(observation.revision);
  out.set_observed_at_ms(absl::ToUnixMillis(observation.at));
  out.set_reason(observation.reason);
  return absl::OkStatus();
}

absl::StatusOr<KeyedObservation> DecodeObservation(const v1::Observation& wire) {
  KeyedObservation keyed;
  POOLSHIFT_ASSIGN(keyed.key, DecodeKey(wire.key()));
  const auto presence = Decode(wire.presence());
  if (!presence.ok()) return About(ToString(keyed.key.id), presence.status());
  keyed.observation.presence = *presence;
  if (wire.has_properties()) {
    auto properties = DecodeValue(wire.properties());
    if (!properties.ok()) return About(ToString(keyed.key.id), properties.status());
    keyed.observation.properties = *std::move(properties);
  }
  keyed.observation.unknown.assign(wire.unknown().begin(), wire.unknown().end());
  keyed.observation.revision = wire.revision();
  keyed.observation.at = absl::FromUnixMillis(wire.observed_at_ms());
  keyed.observation.reason = wire.reason();
  return keyed;
}

absl::Status EncodeListed(const Listed& listed, v1::Listed& out) {
  EncodeId(listed.id, *out.mutable_id());
  const absl::Status status = EncodeValue(listed.properties, *out.mutable_properties());
  return status.ok() ? status : About(ToString(listed.id), status);
}

absl::StatusOr<Listed> DecodeListed(const v1::Listed& wire) {
  Listed listed;
  POOLSHIFT_ASSIGN(listed.id, DecodeId(wire.id()));
  auto properties = DecodeValue(wire.properties());
  if (!properties.ok()) return About(ToString(listed.id), properties.status());
  listed.properties = *std::move(properties);
  return listed;
}

absl::Status EncodeAction(const Action& action, v1::Action& out) {
  const std::string subject = ToString(action.target);
  const auto verb = Encode(action.verb);
  if (!verb.ok()) return About(subject, verb.status());
  out.set_id(action.id);
  out.set_verb(*verb);
  EncodeId(action.target, *out.mutable_target());
  if (!action.before.is_null()) {
    const absl::Status status = EncodeValue(action.before, *out.mutable_before());
    if (!status.ok()) return About(subject, status);
  }
  if (!action.after.is_null()) {
    const absl::Status status = EncodeValue(action.after, *out.mutable_after());
    if (!status.ok()) return About(subject, status);
  }
  out.set_precondition_revision(action.precondition_revision);
  for (const std::string& mode : action.modes)
    out.add_modes(mode);
  return absl::OkStatus();
}

absl::StatusOr<Action> DecodeAction(const v1::Action& wire) {
  Action action;
  action.id = wire.id();
  POOLSHIFT_ASSIGN(action.target, DecodeId(wire.target()));
  const auto verb = Decode(wire.verb());
  if (!verb.ok()) return About(ToString(action.target), verb.status());
  action.verb = *verb;
  if (wire.has_before()) {
    POOLSHIFT_ASSIGN(action.before, DecodeValue(wire.before()));
  }
  if (wire.has_after()) {
    POOLSHIFT_ASSIGN(action.after, DecodeValue(wire.after()));
  }
  action.precondition_revision = wire.precondition_revision();
  action.modes.assign(wire.modes().begin(), wire.modes().end());
  return action;
}

void EncodeSchema(const KindSchema& schema, v1::KindSchema& out) {
  out.set_kind(schema.kind);
  out.set_writable(schema.writable);
  out.set_name_form(schema.name_form);
  out.set_meaning(schema.meaning);
  for (const PropertySchema& property : schema.properties) {
    v1::PropertySchema& added = *out.add_properties();
    added.set_name(property.name);
    added.set_type(Encode(property.type));
    added.set_required(property.required);
    added.set_computed(property.computed);
    added.set_meaning(property.meaning);
  }
}

absl::StatusOr<KindSchema> DecodeSchema(const v1::KindSchema& wire) {
  KindSchema schema{wire.kind(), wire.writable(), wire.name_form(), wire.meaning(), {}};
  for (const v1::PropertySchema& property : wire.properties()) {
    const auto type = Decode(property.type());
    if (!type.ok()) return About(wire.kind() + '.' + property.name(), type.status());
    schema.properties.push_back(
        {property.name(), *type, property.required(), property.computed(), property.meaning()});
  }
  return schema;
}

}  // namespace poolshift::wire
