#include "controller/engine/run_loop.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

#include "controller/apply/step.h"

namespace poolshift {
namespace {

constexpr absl::Duration kPulse = absl::Seconds(1);
constexpr absl::Duration kClosingPatience = absl::Seconds(2);

CallResult ResultOf(ApplyResult result) {
  return {std::move(result.status),
          result.effect_unknown,
          result.retryable,
          std::move(result.observation)};
}

}  // namespace

RunLoop::RunLoop(const RunOptions& options,
                 const RunContext& context,
                 const Clock& clock,
                 std::int64_t run,
                 std::int64_t token)
    : options_(options),
      context_(context),
      clock_(clock),
      run_(run),
      token_(token),
      began_(clock.Now()),
      elapsed_at_begin_(clock.Elapsed()),
      threads_(context.errands == nullptr ? std::make_unique<ThreadErrands>() : nullptr),
      errands_(threads_ ? *threads_ : *context.errands) {}

absl::Time RunLoop::Now() const { return began_ + (clock_.Elapsed() - elapsed_at_begin_); }

RunState RunLoop::Drive(RunState state) {
  state_ = std::move(state);
  Feed(event::Begin{});
  TakeAnswers();
  while (!state_.finished) {
    const absl::Duration until_wake = std::max(wake_at_ - Now(), absl::ZeroDuration());
    std::optional<Errands::Item> item = errands_.Next(until_wake);
    if (item.has_value() && std::holds_alternative<ProgressLine>(*item)) {
      const auto& progress = std::get<ProgressLine>(*item);
      context_.observer.ActionProgress(action(progress.action), progress.line);
    } else if (item.has_value() && std::holds_alternative<ExportEnded>(*item)) {
      TakeExport(std::get<ExportEnded>(*item));
    } else if (item.has_value()) {
      Feed(std::get<Event>(*item));
    } else if (Now() >= wake_at_) {
      Feed(event::Tick{});
    }
    TakeAnswers();
    TakeInterruptions();
    if (Now() - pulsed_ >= kPulse && !state_.finished) {
      pulsed_ = Now();
      context_.observer.Pulse(OutlookOf(state_, pulsed_));
    }
  }
  return std::move(state_);
}

int RunLoop::Close() { return errands_.Close(kClosingPatience); }

void RunLoop::Feed(const Event& event) {
  Effects effects;
  state_ = Step(std::move(state_), event, Now(), effects);
  wake_at_ = effects.wake_at;
  for (const effect::Any& effect : effects.list) {
    std::visit([this](const auto& it) { CarryOut(it); }, effect);
  }
}

void RunLoop::TakeAnswers() {
  while (!answers_.empty()) {
    const Event answer = std::move(answers_.front());
    answers_.pop_front();
    Feed(answer);
  }
}

void RunLoop::TakeInterruptions() {
  for (; interruptions_ < context_.interruption.requests() && !state_.finished; ++interruptions_) {
    Feed(event::Cancel{});
    TakeAnswers();
  }
}

Provider* RunLoop::ProviderNamed(const std::string& name) const {
  const auto found = context_.providers.find(name);
  return found == context_.providers.end() ? nullptr : found->second;
}

void RunLoop::CarryOut(const effect::RecordIntent& effect) {
  if (!WaitsForExport(effect)) Record(effect);
}

void RunLoop::Record(const effect::RecordIntent& effect) {
  IntentRecord intent;
  intent.run = run_;
  intent.proposed_key = effect.key;
  intent.action = action(effect.action).id;
  intent.token = token_;
  intent.at = Now();
  const absl::StatusOr<IntentRecord> recorded =
      context_.store.RecordIntent(state_.plan->organization, intent);
  if (!recorded.ok())
    return answers_.push_back(event::RecordFailed{effect.ticket, recorded.status()});
  seqs_[effect.action] = recorded->seq;
  answers_.push_back(event::IntentRecorded{effect.ticket, recorded->key});
}

void RunLoop::CarryOut(const effect::RecordResult& effect) {
  ResultRecord result{run_,
                      seqs_[effect.action],
                      std::string(Name(effect.end)),
                      effect.text,
                      effect.observation.revision,
                      Now()};
  const absl::Status recorded = context_.store.RecordResult(state_.plan->organization, result);
  if (!recorded.ok()) return answers_.push_back(event::RecordFailed{effect.ticket, recorded});
  answers_.push_back(event::ResultRecorded{effect.ticket});
}

void RunLoop::CarryOut(const effect::RecordEvidence& effect) {
  EvidenceRecord evidence;
  evidence.run = run_;
  evidence.action = action(effect.action).id;
  evidence.outcome = Name(effect.end);
  evidence.text = effect.text;
  evidence.seen = EncodeObservations(effect.seen);
  evidence.at = Now();
  const absl::Status recorded = context_.store.RecordEvidence(state_.plan->organization, evidence);
  if (!recorded.ok()) return answers_.push_back(event::RecordFailed{effect.ticket, recorded});
  answers_.push_back(event::ResultRecorded{effect.ticket});
}

void RunLoop::CarryOut(const effect::Call& effect) {
  ApplyRequest request;
  request.organization = state_.plan->organization;
  request.key = effect.key;
  request.token = token_;
  request.action = action(effect.action);
  request.action.precondition_revision = effect.precondition_revision;
  request.deadline = effect.deadline;
  Provider* provider = ProviderNamed(request.action.provider);
  errands_.Post(
      [provider, request = std::move(request), place = effect.action, ticket = effect.ticket](
          const Errands::Tell& tell) {
        ApplyResult result = provider->Apply(request, [&](std::string_view line) {
          tell(ProgressLine{place, std::string(line)});
        });
        tell(event::CallEnded{ticket, ResultOf(std::move(result))});
      });
}

void RunLoop::CarryOut(const effect::CancelCall& effect) {
  Provider* provider = ProviderNamed(action(effect.action).provider);
  errands_.Post([provider, key = effect.key](const Errands::Tell&) { provider->Cancel(key); });
}

void RunLoop::CarryOut(const effect::Lookup& effect) {
  Provider* provider = ProviderNamed(action(effect.action).provider);
  errands_.Post([provider, effect, token = token_](const Errands::Tell& tell) {
    absl::StatusOr<ApplyResult> found = provider->Lookup(effect.key, effect.deadline);
    if (!found.ok()) return tell(event::LookupEnded{effect.ticket, found.status()});
    if (IsOfAnother(*found, token))
      return tell(event::LookupEnded{effect.ticket, absl::NotFoundError("of an earlier run")});
    tell(event::LookupEnded{effect.ticket, ResultOf(*std::move(found))});
  });
}

void RunLoop::CarryOut(const effect::Observe& effect) {
  Provider* provider = ProviderNamed(effect.provider);
  errands_.Post([provider, effect](const Errands::Tell& tell) {
    tell(event::Observed{effect.ticket, provider->Observe(effect.keys, effect.deadline)});
  });
}

void RunLoop::CarryOut(const effect::Report& effect) {
  using Kind = effect::Report::Kind;
  const Action& subject = action(effect.action);
  const absl::Duration remaining = Remaining(state_, Now());
  switch (effect.kind) {
    case Kind::kStarted:
      return context_.observer.ActionStarted(subject, remaining);
    case Kind::kRemark:
      return context_.observer.ActionProgress(subject, effect.text);
    case Kind::kWaiting:
      return context_.observer.GateWaiting(subject, effect.text, remaining);
    case Kind::kEnded:
      return context_.observer.ActionEnded(subject, effect.end, effect.text, remaining);
  }
}

}  // namespace poolshift
