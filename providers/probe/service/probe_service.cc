#include "providers/probe/service/probe_service.h"

#include <algorithm>
#include <future>

#include "absl/time/clock.h"

#include "controller/federation/kinds.h"
#include "fmt/format.h"
#include "providers/probe/look/batch.h"
#include "providers/probe/service/asking.h"

namespace poolshift::probe {
namespace {

// Kept of the deadline for the way of the answers.
constexpr absl::Duration kWayBack = absl::Milliseconds(500);

KindSchema ObservedOnly(std::string_view kind) {
  KindSchema schema = *kinds::FindKindSchema(kind);
  schema.writable = false;
  return schema;
}

// The questions of one vantage, and where their observations belong.
struct Batch {
  const Vantage* vantage = nullptr;
  std::vector<Question> questions;
  std::vector<std::size_t> places;
};

}  // namespace

std::vector<std::string> ProbeService::Configure(const sdk::Configuration& configuration) {
  std::vector<std::string> problems;
  settings_ = ReadSettings(configuration, problems);
  for (const Vantage& vantage : settings_.vantages) {
    if (!problems.empty() || vantage.local) continue;
    if (vantage.tls) {
      channels_[vantage.name] = std::make_unique<TlsChannel>(*vantage.tls, *settings_.link);
    } else {
      channels_[vantage.name] = std::make_unique<SshChannel>(*vantage.ssh);
    }
  }
  return problems;
}

sdk::Description ProbeService::Describe() {
  sdk::Description description{.type = "probe",
                               .version = POOLSHIFT_VERSION,
                               .kinds = {ObservedOnly(kinds::kReachability)},
                               .fenced = false,
                               .remarks = {}};
  if (settings_.records) description.kinds.push_back(ObservedOnly(kinds::kDnsRecordSet));
  return description;
}

Told ProbeService::Ask(const Vantage& vantage,
                       const std::vector<Question>& questions,
                       absl::Time deadline) {
  const absl::Time last = deadline - kWayBack;
  if (vantage.local) {
    Told told;
    LookAtAll(settings_.eyes, questions, settings_.patience, last, [&](const Answer& answer) {
      told.answers.push_back(answer);
    });
    return told;
  }
  Request request;
  request.patience = settings_.patience;
  request.deadline = std::clamp(
      last - kWayBack - absl::Now(), absl::ZeroDuration(), absl::Duration(absl::Minutes(10)));
  request.questions = questions;
  return channels_.at(vantage.name)->Ask(request, last);
}

std::vector<Observation> ProbeService::Observe(const std::vector<ObservationKey>& keys,
                                               absl::Time deadline) {
  std::vector<Observation> observations(keys.size());
  std::map<std::string, Batch> batches;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Vantage* vantage = settings_.Find(keys[i].vantage);
    Question question;
    std::string& reason = observations[i].reason;
    reason = ReadKey(settings_, keys[i].id, question);
    if (vantage == nullptr)
      reason = keys[i].vantage.empty()
                   ? "no vantage is `local: true` in `spec.config.vantages`"
                   : fmt::format("`spec.config.vantages` has no `{}`", keys[i].vantage);
    if (!reason.empty()) continue;
    Batch& batch = batches[vantage->name];
    batch.vantage = vantage;
    question.id = static_cast<int>(batch.questions.size());
    batch.questions.push_back(std::move(question));
    batch.places.push_back(i);
  }
  std::vector<std::pair<const Batch*, std::future<Told>>> asked;
  for (const auto& [name, batch] : batches) {
    asked.emplace_back(&batch, std::async(std::launch::async, [&, this] {
      return Ask(*batch.vantage, batch.questions, deadline);
    }));
  }
  for (auto& [batch, future] : asked) {
    const Told told = future.get();
    for (const std::size_t place : batch->places)
      observations[place].reason =
          fmt::format("the agent at {} did not answer: {}", batch->vantage->name, told.fault);
    for (const Answer& answer : told.answers) {
      const auto at = static_cast<std::size_t>(answer.id);
      observations[batch->places[at]] =
          ToObservation(batch->questions[at], answer, batch->vantage->name);
    }
  }
  return observations;
}

std::vector<std::string> ProbeService::Preview(const Action&) { return {}; }

sdk::Result ProbeService::Apply(const Action&, std::string_view, std::int64_t, sdk::Call&) {
  sdk::Result result;
  result.outcome = sdk::Outcome::kUnsupported;
  result.message = "a probe changes nothing";
  return result;
}

}  // namespace poolshift::probe
