// Values of the model: what every other stage is made of.
#include "benchmark/benchmark.h"
#include "controller/model/diagnostics.h"
#include "controller/model/digest.h"
#include "controller/model/plan.h"

namespace poolshift {
namespace {

Value RecordSet(int records) {
  Value::List list;
  for (int i = 0; i < records; ++i)
    list.emplace_back("203.0.113." + std::to_string(i));
  return Value::Map{{"records", list}, {"ttl", 300}};
}

void RevisionOfRecordSet(benchmark::State& state) {
  const Value value = RecordSet(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(RevisionOf(value));
}
BENCHMARK(RevisionOfRecordSet)->Arg(2)->Arg(64);

Plan PlanOf(int actions) {
  Plan plan;
  plan.organization = "contoso";
  for (int i = 0; i < actions; ++i) {
    Action action;
    action.target = {"SiteRoute", "Site" + std::to_string(i)};
    action.before = Value::Map{{"xmpp", "edgepool1.contoso.net"}};
    action.after = Value::Map{{"xmpp", "edgepool2.contoso.net"}};
    action.id = MakeActionId(action.verb, action.target, action.before, action.after);
    action.commands = {"Set-CsSite -Identity Site -XmppFederationRoute EdgeServer:edgepool2"};
    plan.basis.emplace_back(ObservationKey{action.target, ""}, RevisionOf(action.before));
    plan.actions.push_back(std::move(action));
  }
  return plan;
}

void DigestOfPlan(benchmark::State& state) {
  const Plan plan = PlanOf(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(PlanDigest(plan));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(DigestOfPlan)->RangeMultiplier(4)->Range(64, 4096)->Complexity();

void ClosestOfManyNames(benchmark::State& state) {
  std::vector<std::string> names;
  for (int i = 0; i < state.range(0); ++i)
    names.push_back("edgepool" + std::to_string(i));
  for (auto _ : state)
    benchmark::DoNotOptimize(ClosestName("edgpool17", names));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(ClosestOfManyNames)->RangeMultiplier(4)->Range(64, 4096)->Complexity();

}  // namespace
}  // namespace poolshift
