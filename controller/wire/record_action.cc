#include "absl/status/status.h"

#include "controller/model/try.h"
#include "controller/wire/record_plan.h"
#include "controller/wire/record_value.h"

namespace poolshift::wire {
namespace {

using Compare = Expectation::Compare;

void EncodeGate(const Gate& gate, record::v1::Gate& out) {
  for (const Expectation& expectation : gate.expectations) {
    auto& added = *out.add_expectations();
    EncodeKey(expectation.subject, *added.mutable_subject());
    added.set_property(expectation.property);
    // The record's names begin at 1, in the same order.
    added.set_compare(
        static_cast<record::v1::Expectation::Compare>(static_cast<int>(expectation.compare) + 1));
    EncodeValue(expectation.value, *added.mutable_value());
  }
  EncodeTexts(gate.produced_by, *out.mutable_produced_by());
  out.set_quorum(gate.quorum);
  out.set_vantages_required(gate.vantages_required);
  out.set_consecutive(gate.consecutive);
  out.set_hold_ns(EncodeDuration(gate.hold));
  out.set_timeout_ns(EncodeDuration(gate.timeout));
  out.set_interval_ns(EncodeDuration(gate.interval));
  if (gate.evidence != absl::InfiniteDuration()) out.set_evidence_ns(EncodeDuration(gate.evidence));
}

absl::StatusOr<Gate> DecodeGate(const record::v1::Gate& in) {
  Gate gate;
  for (const auto& expectation : in.expectations()) {
    if (expectation.compare() < record::v1::Expectation::EQUALS ||
        expectation.compare() > record::v1::Expectation::AMONG) {
      return absl::InvalidArgumentError("a gate compares in a way that this version does not know");
    }
    gate.expectations.push_back({DecodeKey(expectation.subject()),
                                 expectation.property(),
                                 static_cast<Compare>(expectation.compare() - 1),
                                 DecodeValue(expectation.value())});
  }
  gate.produced_by = DecodeTexts(in.produced_by());
  gate.quorum = in.quorum();
  gate.vantages_required = in.vantages_required();
  gate.consecutive = in.consecutive();
  gate.hold = DecodeDuration(in.hold_ns());
  gate.timeout = DecodeDuration(in.timeout_ns());
  gate.interval = DecodeDuration(in.interval_ns());
  if (in.evidence_ns() != 0) gate.evidence = DecodeDuration(in.evidence_ns());
  return gate;
}

}  // namespace

void EncodeAction(const Action& action, record::v1::Action& out) {
  out.set_id(action.id);
  out.set_verb(static_cast<record::v1::Verb>(static_cast<int>(action.verb) + 1));
  EncodeId(action.target, *out.mutable_target());
  out.set_title(action.title);
  out.set_provider(action.provider);
  out.set_human(action.human);
  out.set_needs_approval(action.needs_approval);
  EncodeValue(action.before, *out.mutable_before());
  EncodeValue(action.after, *out.mutable_after());
  out.set_precondition_revision(action.precondition_revision);
  EncodeTexts(action.needs, *out.mutable_needs());
  EncodeTexts(action.relies, *out.mutable_relies());
  for (const Reason& reason : action.why) {
    auto& added = *out.add_why();
    added.set_rule(reason.rule);
    added.set_text(reason.text);
    added.set_source(reason.source);
  }
  EncodeTexts(action.commands, *out.mutable_commands());
  EncodeTexts(action.locks, *out.mutable_locks());
  out.set_duration_ns(EncodeDuration(action.duration));
  if (action.gate.has_value()) EncodeGate(*action.gate, *out.mutable_gate());
  EncodeTexts(action.sources, *out.mutable_sources());
  for (const JointChange& change : action.also) {
    auto& added = *out.add_also();
    EncodeId(change.target, *added.mutable_target());
    EncodeValue(change.before, *added.mutable_before());
    EncodeValue(change.after, *added.mutable_after());
  }
  EncodeTexts(action.modes, *out.mutable_modes());
}

absl::StatusOr<Action> DecodeAction(const record::v1::Action& in) {
  if (in.verb() < record::v1::CREATE || in.verb() > record::v1::GATE) {
    return absl::InvalidArgumentError("an action has a verb that this version does not know");
  }
  Action action;
  action.id = in.id();
  action.verb = static_cast<Verb>(in.verb() - 1);
  action.target = DecodeId(in.target());
  action.title = in.title();
  action.provider = in.provider();
  action.human = in.human();
  action.needs_approval = in.needs_approval();
  action.before = DecodeValue(in.before());
  action.after = DecodeValue(in.after());
  action.precondition_revision = in.precondition_revision();
  action.needs = DecodeTexts(in.needs());
  action.relies = DecodeTexts(in.relies());
  for (const auto& reason : in.why())
    action.why.push_back({reason.rule(), reason.text(), reason.source()});
  action.commands = DecodeTexts(in.commands());
  action.locks = DecodeTexts(in.locks());
  action.duration = DecodeDuration(in.duration_ns());
  if (in.has_gate()) {
    POOLSHIFT_ASSIGN(action.gate, DecodeGate(in.gate()));
  }
  action.sources = DecodeTexts(in.sources());
  for (const auto& change : in.also()) {
    action.also.push_back(
        {DecodeId(change.target()), DecodeValue(change.before()), DecodeValue(change.after())});
  }
  action.modes = DecodeTexts(in.modes());
  return action;
}

}  // namespace poolshift::wire
