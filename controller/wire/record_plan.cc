#include "controller/wire/record_plan.h"

#include "absl/status/status.h"

#include "controller/model/try.h"
#include "controller/wire/record_value.h"

namespace poolshift::wire {
namespace {

void EncodeNote(const Note& note, record::v1::Note& out) {
  out.set_document(note.document);
  out.set_step(note.step);
  out.set_treatment(static_cast<record::v1::Note::Treatment>(static_cast<int>(note.treatment) + 1));
  out.set_fault(note.fault);
  out.set_text(note.text);
  EncodeTexts(note.actions, *out.mutable_actions());
  EncodeTexts(note.commands, *out.mutable_commands());
}

void EncodeRefusal(const Refusal& refusal, record::v1::Refusal& out) {
  out.set_rule(refusal.rule);
  out.set_text(refusal.text);
  out.set_hint(refusal.hint);
  out.set_source(refusal.source);
  EncodeOrigin(refusal.origin, *out.mutable_origin());
  for (const Demand& demand : refusal.demands) {
    auto& added = *out.add_demands();
    added.mutable_rule()->set_rule(demand.rule.rule);
    added.mutable_rule()->set_text(demand.rule.text);
    added.mutable_rule()->set_source(demand.rule.source);
    EncodeOrigin(demand.origin, *added.mutable_origin());
  }
}

void EncodeDiagnostic(const Diagnostic& diagnostic, record::v1::Diagnostic& out) {
  out.set_severity(
      static_cast<record::v1::Diagnostic::Severity>(static_cast<int>(diagnostic.severity) + 1));
  EncodeOrigin(diagnostic.origin, *out.mutable_origin());
  out.set_message(diagnostic.message);
  out.set_hint(diagnostic.hint);
}

void EncodeSituation(const Situation& situation, record::v1::Situation& out) {
  out.set_protocol(situation.protocol);
  out.set_name(situation.name);
  out.set_from(situation.from);
  out.set_to(situation.to);
  out.set_evidence(situation.evidence);
}

Refusal DecodeRefusal(const record::v1::Refusal& in) {
  Refusal refusal{in.rule(), in.text(), in.hint(), in.source(), DecodeOrigin(in.origin()), {}};
  for (const auto& demand : in.demands()) {
    const auto& rule = demand.rule();
    refusal.demands.push_back(
        {{rule.rule(), rule.text(), rule.source()}, DecodeOrigin(demand.origin())});
  }
  return refusal;
}

void EncodeShare(const BoundShare& share, record::v1::BoundShare& out) {
  for (const BoundShare::Goal& goal : share.goals) {
    auto& added = *out.add_goals();
    added.set_variable(goal.variable);
    added.set_from(goal.from);
    added.set_to(goal.to);
  }
  out.set_actions(share.actions);
  out.set_alone(share.alone);
  for (const std::string& rule : share.rules)
    out.add_rules(rule);
}

BoundShare DecodeShare(const record::v1::BoundShare& in) {
  BoundShare share;
  for (const auto& goal : in.goals())
    share.goals.push_back({goal.variable(), goal.from(), goal.to()});
  share.actions = in.actions();
  share.alone = in.alone();
  share.rules.assign(in.rules().begin(), in.rules().end());
  return share;
}

void EncodeCertificate(const Certificate& certificate, record::v1::Certificate& out) {
  out.set_actions(certificate.actions);
  out.set_lower_bound(certificate.lower_bound);
  out.set_method(certificate.method);
  out.set_states(certificate.states);
  out.set_critical_path_ns(EncodeDuration(certificate.critical_path));
  out.set_makespan_bound_ns(EncodeDuration(certificate.makespan_bound));
  out.set_makespan_ns(EncodeDuration(certificate.makespan));
  out.set_time_method(certificate.time_method);
  out.set_least_time_ns(EncodeDuration(certificate.least_time));
  for (const BoundShare& share : certificate.shares)
    EncodeShare(share, *out.add_shares());
}

Certificate DecodeCertificate(const record::v1::Certificate& in) {
  Certificate certificate{in.actions(),
                          in.lower_bound(),
                          in.method(),
                          in.states(),
                          DecodeDuration(in.critical_path_ns()),
                          DecodeDuration(in.makespan_bound_ns()),
                          DecodeDuration(in.makespan_ns()),
                          in.time_method(),
                          DecodeDuration(in.least_time_ns())};
  for (const auto& share : in.shares())
    certificate.shares.push_back(DecodeShare(share));
  return certificate;
}

void EncodeChoice(const Choice& choice, record::v1::Choice& out) {
  out.set_subject(choice.subject);
  out.set_chosen(choice.chosen);
  out.set_why(choice.why);
  for (const Choice::Alternative& alternative : choice.alternatives) {
    auto& added = *out.add_alternatives();
    added.set_name(alternative.name);
    added.set_why_not(alternative.why_not);
  }
}

Choice DecodeChoice(const record::v1::Choice& in) {
  Choice choice{in.subject(), in.chosen(), in.why(), {}};
  for (const auto& alternative : in.alternatives())
    choice.alternatives.push_back({alternative.name(), alternative.why_not()});
  return choice;
}

absl::Status DecodeNotes(const record::v1::Plan& in, Plan& plan) {
  for (const auto& note : in.notes()) {
    if (note.treatment() < record::v1::Note::DONE || note.treatment() > record::v1::Note::BEFORE) {
      return absl::InvalidArgumentError("a note has a treatment that this version does not know");
    }
    plan.notes.push_back({note.document(),
                          note.step(),
                          static_cast<Note::Treatment>(note.treatment() - 1),
                          note.fault(),
                          note.text(),
                          DecodeTexts(note.actions()),
                          DecodeTexts(note.commands())});
  }
  return absl::OkStatus();
}

absl::Status DecodeWarnings(const record::v1::Plan& in, Plan& plan) {
  for (const auto& warning : in.warnings()) {
    if (warning.severity() < record::v1::Diagnostic::ERROR ||
        warning.severity() > record::v1::Diagnostic::NOTE) {
      return absl::InvalidArgumentError("a warning has a severity that this version does not know");
    }
    plan.warnings.Add({static_cast<Diagnostic::Severity>(warning.severity() - 1),
                       DecodeOrigin(warning.origin()),
                       warning.message(),
                       warning.hint()});
  }
  return absl::OkStatus();
}

}  // namespace

void EncodePlan(const Plan& plan, record::v1::Plan& out) {
  out.set_organization(plan.organization);
  out.set_phase(plan.phase);
  for (const Situation& each : plan.situations)
    EncodeSituation(each, *out.add_situations());
  for (const Choice& each : plan.choices)
    EncodeChoice(each, *out.add_choices());
  for (const Action& each : plan.actions)
    EncodeAction(each, *out.add_actions());
  for (const Note& each : plan.notes)
    EncodeNote(each, *out.add_notes());
  for (const Refusal& each : plan.refusals)
    EncodeRefusal(each, *out.add_refusals());
  for (const LeftOut& each : plan.left_out) {
    auto& added = *out.add_left_out();
    added.set_part(each.part);
    EncodeRefusal(each.because, *added.mutable_because());
  }
  for (const Diagnostic& each : plan.warnings.items())
    EncodeDiagnostic(each, *out.add_warnings());
  EncodeCertificate(plan.certificate, *out.mutable_certificate());
  for (const auto& [key, revision] : plan.basis) {
    auto& added = *out.add_basis();
    EncodeKey(key, *added.mutable_key());
    added.set_revision(revision);
  }
  for (const ObservationKey& key : plan.rests_on)
    EncodeKey(key, *out.add_rests_on());
}

absl::StatusOr<Plan> DecodePlan(const record::v1::Plan& in) {
  Plan plan;
  plan.organization = in.organization();
  plan.phase = in.phase();
  for (const auto& each : in.situations()) {
    plan.situations.push_back(
        {each.protocol(), each.name(), each.from(), each.to(), each.evidence()});
  }
  for (const auto& each : in.choices())
    plan.choices.push_back(DecodeChoice(each));
  for (const auto& each : in.actions()) {
    POOLSHIFT_ASSIGN(Action action, DecodeAction(each));
    plan.actions.push_back(std::move(action));
  }
  POOLSHIFT_TRY(DecodeNotes(in, plan));
  for (const auto& each : in.refusals())
    plan.refusals.push_back(DecodeRefusal(each));
  for (const auto& each : in.left_out())
    plan.left_out.push_back({each.part(), DecodeRefusal(each.because())});
  POOLSHIFT_TRY(DecodeWarnings(in, plan));
  plan.certificate = DecodeCertificate(in.certificate());
  for (const auto& each : in.basis())
    plan.basis.emplace_back(DecodeKey(each.key()), each.revision());
  for (const auto& each : in.rests_on())
    plan.rests_on.push_back(DecodeKey(each));
  return plan;
}

}  // namespace poolshift::wire
