// A planned move in two runs (D18): what `prepare` does, and what must be true before records move.
#include <algorithm>

#include "controller/federation/lowering_parts.h"
#include "controller/federation/rule.h"

namespace poolshift {
namespace {

std::string SecondsText(std::int64_t seconds) {
  return absl::FormatDuration(absl::Seconds(seconds));
}

// "A xmpp.contoso.com" of "xmpp.contoso.com/A".
std::string TypeAndName(const ResourceId& id) {
  const std::size_t slash = id.name.rfind('/');
  return id.name.substr(slash + 1) + ' ' + id.name.substr(0, slash);
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone()) + " UTC";
}

std::int64_t MoveTtl(const Draft& draft) {
  return absl::ToInt64Seconds(draft.organization.policy.move_ttl);
}

// What stands against moving one record set now; `text` empty: nothing.
struct Objection {
  std::string text, hint;
};

// A record set whose time to live is lower than declared: how long ago was it lowered?
Objection ObjectToHaste(const Draft& draft, const MovingRecord& record) {
  const auto known = draft.preparation.lowered.find(record.id);
  if (known != draft.preparation.lowered.end()) {
    const absl::Time ready = known->second.at + absl::Seconds(known->second.former);
    if (draft.preparation.now >= ready) return {};
    return {"the TTL of " + TypeAndName(record.id) + " was lowered from " +
                SecondsText(known->second.former) + " at " + TimeText(known->second.at) +
                ": resolvers may still go by the former one",
            "cut over after " + TimeText(ready)};
  }
  if (record.ttl >= record.declared_ttl) return {};
  return {"the TTL of " + TypeAndName(record.id) + " is " + SecondsText(record.ttl) +
              ", declared is " + SecondsText(record.declared_ttl) +
              ", and no run on record lowered it: nobody knows for how long resolvers still go by "
              "the former one",
          "if it was lowered at least " + SecondsText(record.declared_ttl) +
              " ago, plan without a phase"};
}

// What is asked for with `--phase`, for the hosts that are declared.
Demand CutOverDemand(const Draft& draft) {
  return LineDemand("the records move now: `--phase cut-over` is asked for", draft.MoveLine());
}

void CheckCutOver(Draft& draft, const MovingRecord& record) {
  const Origin& origin = draft.organization.domains.at(record.domain).origin;
  if (record.ttl > MoveTtl(draft)) {
    draft.Refuse("D18",
                 "the move is not prepared: " + TypeAndName(record.id) + " has a TTL of " +
                     SecondsText(record.ttl) +
                     ", so partners may go to the former host for that "
                     "long after it has moved",
                 "apply with `--phase prepare`, and cut over " + SecondsText(record.ttl) + " later",
                 origin,
                 {CutOverDemand(draft)});
    return;
  }
  const Objection objection = ObjectToHaste(draft, record);
  if (!objection.text.empty())
    draft.Refuse("D18", objection.text, objection.hint, origin, {CutOverDemand(draft)});
}

// The whole move in one plan stays possible; the danger is said.
void WarnOfTtl(Draft& draft, const MovingRecord& record) {
  if (record.ttl > absl::ToInt64Seconds(draft.organization.policy.unprepared_ttl)) {
    draft.warnings.Warning(
        {},
        TypeAndName(record.id) + " has a TTL of " + SecondsText(record.ttl) +
            ": for that long after it has moved, partners may still go to the former host (D18)",
        "move in two runs instead: `poolshift apply --phase prepare`, and " +
            SecondsText(record.ttl) + " later `poolshift apply --phase cut-over`");
    return;
  }
  Objection objection = ObjectToHaste(draft, record);
  if (!objection.text.empty())
    draft.warnings.Warning({}, objection.text + " (D18)", std::move(objection.hint));
}

void SayWhetherHostAnswers(Draft& draft, const Move& move, Diagnostics& warnings) {
  const std::string what = move.to->name + " on " + std::to_string(Port(move.protocol));
  switch (draft.view.FromOutside(*move.to, move.protocol)) {
    case View::Answer::kAnswers:
      warnings.Note({}, "ready: " + what + " answers already, seen from outside");
      return;
    case View::Answer::kDead:
      warnings.Note({},
                    "not to be seen before the cut-over: " + what + " does not answer yet (" +
                        draft.view.Evidence(*move.to, move.protocol) +
                        "); the cut-over starts it and waits until it does",
                    "see now that the firewall lets the port through");
      return;
    case View::Answer::kUnknown:
      warnings.Warning({},
                       "cannot tell whether " + what +
                           " answers: " + draft.view.Evidence(*move.to, move.protocol),
                       "let the vantages look again before the cut-over");
  }
}

void AddLowering(Draft& draft, const MovingRecord& record, PlanningProblem& problem) {
  const VariableIndex variable = static_cast<VariableIndex>(problem.variables.size());
  problem.variables.push_back({"DnsRecordSet/" + record.id.name + " TTL",
                               {"as observed", "short"},
                               0,
                               1,
                               draft.organization.domains.at(record.domain).origin});
  Value::Map short_lived = record.before.map();
  short_lived["ttl"] = MoveTtl(draft);
  Operator step;
  step.action = draft.MakeAction(Verb::kUpdate, record.id, record.before, std::move(short_lived));
  step.action.title = "lower the TTL of " + TypeAndName(record.id) + " from " +
                      SecondsText(record.ttl) + " to " + SecondsText(MoveTtl(draft));
  step.action.duration = absl::Seconds(2);
  step.action.locks = {"zone:" + draft.organization.domains.at(record.domain).zone};
  step.action.why = {Because("D18")};
  step.effects = {{variable, 0, 1}};
  problem.operators.push_back(std::move(step));
}

void RefuseFailover(Draft& draft) {
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (move.kind != Move::Kind::kFailover) continue;
    draft.Refuse("D18",
                 move.from->name + " is dead, and a failover never waits for a TTL",
                 "plan and apply without `--phase`",
                 move.from->condition_origin,
                 {HostDemand(draft.organization, protocol)});
    return;
  }
}

}  // namespace

void LowerPreparation(Draft& draft) {
  if (draft.preparation.phase == MovePhase::kPrepare) return;
  for (const MovingRecord& record : draft.moving) {
    if (draft.preparation.phase == MovePhase::kCutOver) {
      CheckCutOver(draft, record);
    } else {
      WarnOfTtl(draft, record);
    }
  }
}

void KeepPreparation(Draft& draft, Diagnostics readiness) {
  bool planned = false;
  for (const Protocol protocol : kProtocols) {
    const Move& move = draft.move(protocol);
    if (!move.is_planned()) continue;
    planned = true;
    SayWhetherHostAnswers(draft, move, readiness);
    if (protocol == Protocol::kSip) SayNoWayInside(draft, *move.to, readiness);
    const std::string wall = WallInside(draft.view, move);
    if (!wall.empty())
      readiness.Warning({},
                        "not ready: " + wall + " (I-7)",
                        "open the firewall between them now: the cut-over waits for it");
  }
  PlanningProblem problem;
  std::int64_t longest = 0;
  for (const MovingRecord& record : draft.moving) {
    if (record.ttl > MoveTtl(draft)) {
      AddLowering(draft, record, problem);
      longest = std::max(longest, record.ttl);
      continue;
    }
    const Objection objection = ObjectToHaste(draft, record);
    if (!objection.text.empty()) readiness.Note({}, objection.text, objection.hint);
  }
  if (!planned) RefuseFailover(draft);
  if (!planned) {
    readiness.Note({}, "no planned move is declared, so there is nothing to prepare");
  } else if (longest > 0) {
    readiness.Note({},
                   "the cut-over is a run of its own, " + SecondsText(longest) +
                       " after these actions at the earliest, when resolvers have forgotten the "
                       "former TTL: `poolshift apply --phase cut-over`");
  } else {
    readiness.Note({}, "every record that moves has a short TTL already");
  }
  // Only what hosts a protocol is prepared.
  std::erase_if(draft.undecided, [](const Undecided& each) { return !each.protocol.has_value(); });
  draft.warnings = std::move(readiness);
  draft.problem = std::move(problem);
  draft.choices.clear();
  draft.notes.clear();
}

}  // namespace poolshift
