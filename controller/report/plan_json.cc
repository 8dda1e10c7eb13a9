#include "controller/report/plan_json.h"

#include <algorithm>
#include <utility>

#include "controller/federation/no_return.h"
#include "controller/report/action_text.h"
#include "controller/report/json_text.h"
#include "controller/report/timetable.h"

namespace poolshift {
namespace {

Json SituationsJson(const Plan& plan) {
  Json list = Json::array();
  for (const Situation& situation : plan.situations) {
    Json json = Json::object();
    json["protocol"] = situation.protocol;
    json["name"] = situation.name;
    json["from"] = situation.from;
    json["to"] = situation.to;
    json["evidence"] = situation.evidence;
    list.push_back(std::move(json));
  }
  return list;
}

Json ChoicesJson(const Plan& plan) {
  Json list = Json::array();
  for (const Choice& choice : plan.choices) {
    Json json = Json::object();
    json["subject"] = choice.subject;
    json["chosen"] = choice.chosen;
    json["why"] = choice.why;
    json["alternatives"] = Json::array();
    for (const Choice::Alternative& alternative : choice.alternatives) {
      Json other = Json::object();
      other["name"] = alternative.name;
      other["why_not"] = alternative.why_not;
      json["alternatives"].push_back(std::move(other));
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json AlsoJson(const Action& action) {
  Json list = Json::array();
  for (const JointChange& change : action.also) {
    Json json = Json::object();
    json["kind"] = change.target.kind;
    json["name"] = change.target.name;
    json["before"] = ToJson(change.before);
    json["after"] = ToJson(change.after);
    list.push_back(std::move(json));
  }
  return list;
}

Json SummaryJson(const Plan& plan) {
  const auto count = [&plan](auto matches) {
    return std::count_if(plan.actions.begin(), plan.actions.end(), matches);
  };
  Json json = Json::object();
  json["actions"] = plan.mutations();
  json["gates"] = plan.gates();
  for (const Verb verb : {Verb::kCreate, Verb::kUpdate, Verb::kDelete, Verb::kStart, Verb::kStop}) {
    json[std::string(Name(verb))] =
        count([verb](const Action& action) { return action.verb == verb; });
  }
  json["human"] = count([](const Action& action) { return action.human; });
  json["needs_approval"] = count([](const Action& action) { return action.needs_approval; });
  json["refusals"] = plan.refusals.size();
  return json;
}

Json DemandsJson(const Refusal& refusal) {
  Json list = Json::array();
  for (const Demand& demand : refusal.demands) {
    Json json = Json::object();
    json["rule"] = demand.rule.rule;
    json["text"] = demand.rule.text;
    json["source"] = demand.rule.source;
    json["at"] = ToJson(demand.origin);
    list.push_back(std::move(json));
  }
  return list;
}

void AddRefusal(const Refusal& refusal, Json& json) {
  json["rule"] = refusal.rule;
  json["text"] = refusal.text;
  json["hint"] = refusal.hint;
  json["source"] = refusal.source;
  json["at"] = ToJson(refusal.origin);
  json["demands"] = DemandsJson(refusal);
}

Json RefusalsJson(const Plan& plan) {
  Json list = Json::array();
  for (const Refusal& refusal : plan.refusals)
    AddRefusal(refusal, list.emplace_back(Json::object()));
  return list;
}

Json LeftOutJson(const Plan& plan) {
  Json list = Json::array();
  for (const LeftOut& each : plan.left_out) {
    Json& json = list.emplace_back(Json::object());
    json["part"] = each.part;
    AddRefusal(each.because, json);
  }
  return list;
}

const char* CompareName(Expectation::Compare compare) {
  switch (compare) {
    case Expectation::Compare::kEquals:
      return "equals";
    case Expectation::Compare::kAtLeast:
      return "at_least";
    case Expectation::Compare::kAtLeastProduced:
      return "at_least_produced";
    case Expectation::Compare::kAmong:
      return "among";
  }
  return "";
}

Json GateJson(const Gate& gate) {
  Json expectations = Json::array();
  for (const Expectation& expectation : gate.expectations) {
    Json json = Json::object();
    json["kind"] = expectation.subject.id.kind;
    json["name"] = expectation.subject.id.name;
    json["vantage"] = expectation.subject.vantage;
    json["property"] = expectation.property;
    json["compare"] = CompareName(expectation.compare);
    json["value"] = ToJson(expectation.value);
    expectations.push_back(std::move(json));
  }
  Json json = Json::object();
  json["expectations"] = std::move(expectations);
  json["produced_by"] = gate.produced_by;
  json["quorum"] = gate.quorum;
  json["vantages_required"] = gate.vantages_required;
  json["consecutive"] = gate.consecutive;
  json["hold_s"] = ToJson(gate.hold);
  json["timeout_s"] = ToJson(gate.timeout);
  json["interval_s"] = ToJson(gate.interval);
  if (gate.evidence != absl::InfiniteDuration()) json["evidence_s"] = ToJson(gate.evidence);
  return json;
}

Json ReasonsJson(const Action& action) {
  Json list = Json::array();
  for (const Reason& reason : action.why) {
    Json json = Json::object();
    json["rule"] = reason.rule;
    json["text"] = reason.text;
    json["source"] = reason.source;
    list.push_back(std::move(json));
  }
  return list;
}

Json ActionJson(const Action& action) {
  Json json = Json::object();
  json["id"] = action.id;
  json["verb"] = Name(action.verb);
  json["symbol"] = std::string(1, Symbol(action));
  json["kind"] = action.target.kind;
  json["name"] = action.target.name;
  json["title"] = action.title;
  json["provider"] = action.provider;
  json["human"] = action.human;
  json["needs_approval"] = action.needs_approval;
  json["no_return"] = NoReturn(action);
  json["before"] = ToJson(action.before);
  json["after"] = ToJson(action.after);
  json["precondition_revision"] = action.precondition_revision;
  json["also"] = AlsoJson(action);
  json["modes"] = action.modes;
  json["needs"] = action.needs;
  if (!action.relies.empty()) json["relies"] = action.relies;
  json["why"] = ReasonsJson(action);
  json["commands"] = action.commands;
  json["sources"] = action.sources;
  json["locks"] = action.locks;
  json["duration_s"] = ToJson(action.duration);
  json["gate"] = action.gate.has_value() ? GateJson(*action.gate) : Json(nullptr);
  return json;
}

Json NotesJson(const Plan& plan) {
  Json list = Json::array();
  for (const Note& note : plan.notes) {
    Json json = Json::object();
    json["document"] = note.document;
    json["step"] = note.step;
    json["treatment"] = Name(note.treatment);
    json["fault"] = note.fault;
    json["text"] = note.text;
    json["actions"] = note.actions;
    json["commands"] = note.commands;
    list.push_back(std::move(json));
  }
  return list;
}

Json SharesJson(const Certificate& certificate) {
  Json list = Json::array();
  for (const BoundShare& share : certificate.shares) {
    Json json = Json::object();
    json["actions"] = share.actions;
    json["alone"] = share.alone;
    json["rules"] = share.rules;
    Json changes = Json::array();
    for (const BoundShare::Goal& goal : share.goals) {
      Json change = Json::object();
      change["variable"] = goal.variable;
      change["from"] = goal.from;
      change["to"] = goal.to;
      changes.push_back(std::move(change));
    }
    json["changes"] = std::move(changes);
    list.push_back(std::move(json));
  }
  return list;
}

Json CertificateJson(const Certificate& certificate) {
  Json json = Json::object();
  json["actions"] = certificate.actions;
  json["lower_bound"] = certificate.lower_bound;
  json["method"] = certificate.method;
  json["states"] = certificate.states;
  json["shares"] = SharesJson(certificate);
  json["longest_chain_s"] = ToJson(certificate.critical_path);
  json["makespan_bound_s"] = ToJson(certificate.makespan_bound);
  json["makespan_s"] = ToJson(certificate.makespan);
  if (!certificate.time_method.empty()) {
    json["time_method"] = certificate.time_method;
    json["least_time_s"] = ToJson(certificate.least_time);
  }
  return json;
}

Json TimeJson(const Plan& plan) {
  const Timetable table = TimetableOf(plan);
  Json json = Json::object();
  json["total_s"] = ToJson(table.total);
  json["critical_path"] = table.critical;
  Json recoveries = Json::array();
  for (const Recovery& recovery : table.recoveries) {
    Json entry = Json::object();
    entry["protocol"] = recovery.protocol;
    entry["ours_s"] = ToJson(recovery.ours);
    entry["dns_tail_s"] = ToJson(recovery.tail);
    recoveries.push_back(std::move(entry));
  }
  json["recoveries"] = std::move(recoveries);
  return json;
}

}  // namespace

std::string PlanJson(const Plan& plan) {
  Json json = Json::object();
  json["format_version"] = kPlanFormatVersion;
  json["organization"] = plan.organization;
  json["phase"] = plan.phase;
  json["digest"] = PlanDigest(plan);
  json["summary"] = SummaryJson(plan);
  json["refusals"] = RefusalsJson(plan);
  json["left_out"] = LeftOutJson(plan);
  json["warnings"] = ToJson(plan.warnings);
  json["situations"] = SituationsJson(plan);
  json["choices"] = ChoicesJson(plan);
  Json actions = Json::array();
  for (const Action& action : plan.actions)
    actions.push_back(ActionJson(action));
  json["actions"] = std::move(actions);
  json["notes"] = NotesJson(plan);
  json["certificate"] = CertificateJson(plan.certificate);
  json["time"] = TimeJson(plan);
  return JsonText(json);
}

}  // namespace poolshift
