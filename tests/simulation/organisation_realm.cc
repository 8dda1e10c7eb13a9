#include "tests/simulation/organisation_realm.h"

#include <algorithm>
#include <utility>

#include "controller/engine/gate_observers.h"
#include "controller/engine/planning.h"
#include "controller/federation/observing.h"
#include "tests/federation/random_world.h"

namespace poolshift::simulation {
namespace {

constexpr std::size_t kVersions = 8;  // that a stale look can still see
constexpr std::size_t kMostSites = 2;

OfferedKinds Offered() {
  OfferedKinds offered;
  for (const KindSchema& schema : kinds::KindSchemas())
    offered["world"].push_back(schema.kind);
  for (const std::string_view kind : {kinds::kTopology, kinds::kSiteRoute, kinds::kEdgeAssociation})
    offered["cms"].emplace_back(kind);
  offered["dns"].emplace_back(kinds::kDnsRecordSet);
  offered["outside"].emplace_back(kinds::kReachability);
  return offered;
}

void DeclareProviders(Organization& organization) {
  for (const char* name : {"cms", "dns", "outside"}) {
    ProviderDeclaration provider = organization.providers.at("world");
    provider.name = name;
    organization.providers[name] = std::move(provider);
  }
}

bool Follows(const Rehearsal& world, const std::string& server) {
  const auto service = world.things.find(kinds::EdgeService(server, "replica"));
  return world.powerless.count(server) == 0 &&
         (service == world.things.end() || service->second.StringOr("state", "") == "running");
}

}  // namespace

struct Prepared {
  Organization organization;
  std::unique_ptr<Rehearsal> world;
  std::unique_ptr<Assignment> assignment;
};

std::shared_ptr<const Prepared> Prepare(std::uint64_t number) {
  Dice dice(number);
  auto prepared = std::make_shared<Prepared>();
  prepared->organization = RandomOrganization(dice, kMostSites);
  DeclareProviders(prepared->organization);
  prepared->world = std::make_unique<Rehearsal>(RandomWorld(prepared->organization, dice));
  prepared->assignment = std::make_unique<Assignment>(prepared->organization, Offered());
  Rehearsal& world = *prepared->world;
  world.SetOrganization(prepared->organization);
  if (!world.walls.empty() || !world.unreachable.empty()) return nullptr;
  Rehearsal played = world;
  const auto plan_of = [&](const Rehearsal& at) {
    return MakePlanWithoutCommands(prepared->organization, at.ObserveAll(), *prepared->assignment);
  };
  const auto plan = plan_of(played);
  if (!plan.ok() || plan->actions.empty()) return nullptr;
  for (const Action& action : plan->actions)
    if (action.human || !played.Apply(action).empty()) return nullptr;
  played.Connect();
  const auto again = plan_of(played);
  const bool ends = again.ok() && again->actions.empty() && again->refusals.empty();
  return ends ? prepared : nullptr;
}

OrganisationRealm::OrganisationRealm(std::shared_ptr<const Prepared> prepared)
    : prepared_(std::move(prepared)), history_{*prepared_->world} {}
OrganisationRealm::~OrganisationRealm() = default;

Rehearsal& OrganisationRealm::Next() {
  ++changes_;
  history_.push_back(history_.back());
  if (history_.size() > kVersions) history_.pop_front();
  return history_.back();
}

Observation OrganisationRealm::LookBack(const ObservationKey& key, std::size_t changes) const {
  return history_[history_.size() - 1 - std::min(changes, history_.size() - 1)].Look(key);
}

std::string OrganisationRealm::Write(const Action& action) {
  Rehearsal tried = history_.back();
  std::string refusal = tried.Apply(action);
  if (refusal.empty()) Next() = std::move(tried);
  return refusal;
}

// A service is stopped and then kept from starting; of a site each protocol has a route of its own.
// A topology is one document, a record set one update.
std::optional<Action> OrganisationRealm::PartOf(const Action& action) const {
  const bool has_parts =
      action.target.kind == kinds::kEdgeService || action.target.kind == kinds::kSiteRoute;
  if (!has_parts || action.before.is_null() || action.after.is_null()) return std::nullopt;
  std::vector<std::string> changed;
  for (const auto& [name, value] : action.after.map())
    if (const Value* before = action.before.Find(name); before == nullptr || !(*before == value))
      changed.push_back(name);
  if (changed.size() < 2) return std::nullopt;
  Action part = action;
  for (auto name = changed.begin() + 1; name != changed.end(); ++name) {
    const Value* before = action.before.Find(*name);
    part.after.Set(*name, before == nullptr ? Value() : *before);
  }
  return part;
}

bool OrganisationRealm::Settle() {
  Rehearsal after = history_.back();
  for (auto& [id, value] : after.things) {
    if (id.kind == kinds::kReplica && Follows(after, id.name))
      value = Value::Map{{"watermark", after.written}};
  }
  after.Connect();
  if (after.things == history_.back().things) return false;
  Next() = std::move(after);
  return true;
}

// An idle stream ends by itself after a while; a copy follows.
void OrganisationRealm::Await(const Action& action) {
  Settle();
  for (const Expectation& expected : action.gate->expectations) {
    if (expected.subject.id.kind != kinds::kStreams) continue;
    Next().things[expected.subject.id] = Value::Map{{"state", "closed"}, {"count", 0}};
  }
}

// Somebody stops a service, and may keep it from starting, or writes another time to live.
std::string OrganisationRealm::Meddle(Stream& stream) {
  Rehearsal& world = Next();
  std::vector<ResourceId> candidates;
  for (const auto& [id, value] : world.things)
    if (id.kind == kinds::kEdgeService || id.kind == kinds::kDnsRecordSet) candidates.push_back(id);
  if (candidates.empty()) return "nothing";
  const ResourceId& id = candidates[stream.Below(candidates.size())];
  if (id.kind == kinds::kEdgeService) {
    const bool stops = stream.Percent(70);
    world.things[id].Set("state", stops ? "stopped" : "running");
    if (stops && stream.Percent(40)) world.things[id].Set("startMode", "disabled");
  } else {
    world.things[id].Set("ttl", stream.Percent(50) ? 300 : 600);
  }
  return ToString(id);
}

// What no plan may do, whatever it was made for (domain.md section d); the clauses of the plan that
// is being carried out are checked besides (checker.h).
std::vector<std::string> OrganisationRealm::Broken() const {
  std::vector<std::string> broken;
  const std::size_t most = prepared_->organization.policy.allow_multiple_federated_pools ? 2 : 1;
  if (history_.back().SipFlagged().size() > most) broken.emplace_back("I-1: too many SIP flags");
  for (const auto& [id, value] : history_.back().things) {
    const Value* records = id.kind == kinds::kDnsRecordSet ? value.Find("records") : nullptr;
    if (records != nullptr && records->list().empty())
      broken.push_back("I-5: " + ToString(id) + " is empty");
  }
  return broken;
}

std::shared_ptr<const Plan> OrganisationRealm::PlanFor(const ObservedState& observed) const {
  if (last_plan_ != nullptr && observed.observations == last_observed_.observations)
    return last_plan_;
  auto reasoning = std::make_shared<Reasoning>();
  auto plan = MakePlanWithoutCommands(
      prepared_->organization, observed, *prepared_->assignment, reasoning.get());
  if (!plan.ok()) {
    plan = Plan();
    plan->refusals.push_back({"defect", "the plan does not pass its own check", "", "", {}});
  }
  auto made = std::make_shared<const Plan>(*std::move(plan));
  if (!made->actions.empty()) reasonings_[made.get()] = {made, std::move(reasoning)};
  last_observed_ = observed;
  last_plan_ = made;
  return made;
}

absl::StatusOr<std::shared_ptr<const Plan>> OrganisationRealm::MakePlan(const Ask& ask) {
  ObservedState observed;
  const auto look = [&](const std::vector<ObservationKey>& keys) -> absl::Status {
    std::map<std::string, std::vector<ObservationKey>> batches;
    for (const ObservationKey& key : keys)
      batches[prepared_->assignment->ObserverOf(key)].push_back(key);
    for (const auto& [provider, batch] : batches) {
      absl::StatusOr<std::vector<Observation>> seen = ask(provider, batch);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        Observation silence;
        silence.reason = std::string(seen.status().message());
        observed.observations[batch[i]] = seen.ok() ? std::move((*seen)[i]) : silence;
      }
    }
    return absl::OkStatus();
  };
  if (absl::Status seen = look(DesignationsToObserve(prepared_->organization)); !seen.ok())
    return seen;
  if (absl::Status seen = look(DetailsToObserve(prepared_->organization, observed)); !seen.ok())
    return seen;
  return PlanFor(observed);
}

bool OrganisationRealm::AtGoal() const {
  const auto plan = PlanFor(history_.back().ObserveAll());
  return plan->actions.empty() && plan->refusals.empty();
}

std::string OrganisationRealm::Describe() const {
  const auto plan = PlanFor(history_.back().ObserveAll());
  std::string text = "left:";
  for (const Action& action : plan->actions)
    text += ' ' + action.title + ';';
  for (const Refusal& refusal : plan->refusals)
    text += " refused: " + refusal.text + ';';
  return text;
}

const std::string& OrganisationRealm::organization() const { return prepared_->organization.name; }
const Policy& OrganisationRealm::policy() const { return prepared_->organization.policy; }

std::map<ObservationKey, std::string> OrganisationRealm::ObserversOf(const Plan& plan) const {
  return GateObservers(*prepared_->assignment, plan);
}

std::shared_ptr<const Reasoning> OrganisationRealm::ReasoningOf(const Plan& plan) const {
  const auto found = reasonings_.find(&plan);
  return found == reasonings_.end() ? nullptr : found->second.second;
}

}  // namespace poolshift::simulation
