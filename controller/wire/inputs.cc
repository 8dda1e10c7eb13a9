#include "controller/wire/inputs.h"

#include <limits>

#include "absl/status/status.h"
#include "google/protobuf/io/coded_stream.h"

#include "controller/model/try.h"
#include "controller/wire/record_inputs.h"
#include "controller/wire/record_value.h"

namespace poolshift {
namespace wire {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

void EncodeSeen(const ObservationKey& key, const Observation& seen, record::v1::Seen& out) {
  EncodeKey(key, *out.mutable_key());
  out.set_presence(static_cast<record::v1::Seen::Presence>(static_cast<int>(seen.presence) + 1));
  EncodeValue(seen.properties, *out.mutable_properties());
  EncodeTexts(seen.unknown, *out.mutable_unknown());
  out.set_revision(seen.revision);
  out.set_at_ns(seen.at == absl::InfinitePast() ? kNever : absl::ToUnixNanos(seen.at));
  out.set_provider(seen.provider);
  out.set_reason(seen.reason);
}

absl::StatusOr<Observation> DecodeSeen(const record::v1::Seen& in) {
  Observation seen;
  if (in.presence() < record::v1::Seen::PRESENT || in.presence() > record::v1::Seen::UNREACHABLE)
    return absl::InvalidArgumentError("an observation has an unknown presence");
  seen.presence = static_cast<Presence>(static_cast<int>(in.presence()) - 1);
  seen.properties = DecodeValue(in.properties());
  seen.unknown = DecodeTexts(in.unknown());
  seen.revision = in.revision();
  if (in.at_ns() != kNever) seen.at = absl::FromUnixNanos(in.at_ns());
  seen.provider = in.provider();
  seen.reason = in.reason();
  return seen;
}

template <typename Repeated>
absl::StatusOr<std::map<ObservationKey, Observation>> DecodeAll(const Repeated& in) {
  std::map<ObservationKey, Observation> all;
  for (const auto& each : in) {
    POOLSHIFT_ASSIGN(all[DecodeKey(each.key())], DecodeSeen(each));
  }
  return all;
}

}  // namespace

void EncodePlanInputs(const PlanInputs& inputs, record::v1::PlanInputs& out) {
  for (const auto& [name, content] : inputs.manifests) {
    auto& added = *out.add_manifests();
    added.set_name(name);
    added.set_content(content);
  }
  for (const auto& [key, seen] : inputs.observed.observations)
    EncodeSeen(key, seen, *out.add_observations());
  out.set_takes_back(inputs.takes_back);
  out.set_has_before(inputs.before.has_value());
  if (inputs.before.has_value()) {
    for (const auto& [key, seen] : inputs.before->observations)
      EncodeSeen(key, seen, *out.add_before());
  }
  for (const auto& [provider, kinds] : inputs.offered) {
    auto& added = *out.add_offered();
    added.set_provider(provider);
    EncodeTexts(kinds, *added.mutable_kinds());
  }
  for (const auto& [provider, exporter] : inputs.exporters) {
    auto& added = *out.add_exporters();
    added.set_provider(provider);
    added.set_exporter(exporter);
  }
  for (const auto& [provider, text] : inputs.unfenced) {
    auto& added = *out.add_unfenced();
    added.set_provider(provider);
    added.set_text(text);
  }
  out.set_phase(inputs.phase);
  out.set_least_time(inputs.objective == Objective::kLeastTime);
  out.set_now_ns(absl::ToUnixNanos(inputs.now));
  for (const auto& [record, lowered] : inputs.lowered) {
    auto& added = *out.add_lowered();
    EncodeId(record, *added.mutable_record());
    added.set_at_ns(absl::ToUnixNanos(lowered.at));
    added.set_former(lowered.former);
  }
  for (const auto& [what, durations] : inputs.measured) {
    auto& added = *out.add_measured();
    added.set_what(what);
    for (const absl::Duration duration : durations)
      added.add_durations_ns(EncodeDuration(duration));
  }
  out.set_program(inputs.made_by.program);
  out.set_planner(inputs.made_by.planner);
  out.set_rules(inputs.made_by.rules);
}

absl::StatusOr<PlanInputs> DecodePlanInputs(const record::v1::PlanInputs& in) {
  PlanInputs inputs;
  for (const auto& manifest : in.manifests())
    inputs.manifests.emplace_back(manifest.name(), manifest.content());
  POOLSHIFT_ASSIGN(inputs.observed.observations, DecodeAll(in.observations()));
  inputs.takes_back = in.takes_back();
  if (in.has_before()) {
    inputs.before.emplace();
    POOLSHIFT_ASSIGN(inputs.before->observations, DecodeAll(in.before()));
  }
  for (const auto& offered : in.offered())
    inputs.offered[offered.provider()] = DecodeTexts(offered.kinds());
  for (const auto& each : in.exporters())
    inputs.exporters[each.provider()] = each.exporter();
  for (const auto& each : in.unfenced())
    inputs.unfenced[each.provider()] = each.text();
  inputs.phase = in.phase();
  if (in.least_time()) inputs.objective = Objective::kLeastTime;
  inputs.now = absl::FromUnixNanos(in.now_ns());
  for (const auto& lowered : in.lowered()) {
    inputs.lowered[DecodeId(lowered.record())] = {absl::FromUnixNanos(lowered.at_ns()),
                                                  lowered.former()};
  }
  for (const auto& measured : in.measured()) {
    for (const std::int64_t duration : measured.durations_ns())
      inputs.measured[measured.what()].push_back(DecodeDuration(duration));
  }
  inputs.made_by = {in.program(), in.planner(), in.rules()};
  return inputs;
}

}  // namespace wire

namespace {

constexpr int kDeepest = 1000;  // nested messages; a level of a value takes up to three

template <typename Message>
absl::StatusOr<Message> Parse(std::string_view bytes, const char* what) {
  google::protobuf::io::CodedInputStream stream(
      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(kDeepest);
  Message message;
  if (message.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage()) return message;
  return absl::DataLossError(std::string(what) + " cannot be read");
}

}  // namespace

std::string EncodeInputs(const PlanInputs& inputs) {
  record::v1::PlanInputs out;
  wire::EncodePlanInputs(inputs, out);
  return out.SerializeAsString();
}

absl::StatusOr<PlanInputs> DecodeInputs(std::string_view bytes) {
  POOLSHIFT_ASSIGN(const auto in,
                   Parse<record::v1::PlanInputs>(bytes, "what the plan was made from"));
  return wire::DecodePlanInputs(in);
}

std::string EncodeObservations(const std::map<ObservationKey, Observation>& seen) {
  record::v1::Observations out;
  for (const auto& [key, each] : seen)
    wire::EncodeSeen(key, each, *out.add_seen());
  return out.SerializeAsString();
}

absl::StatusOr<std::map<ObservationKey, Observation>> DecodeObservations(std::string_view bytes) {
  POOLSHIFT_ASSIGN(const auto in, Parse<record::v1::Observations>(bytes, "what a gate saw"));
  return wire::DecodeAll(in.seen());
}

}  // namespace poolshift
