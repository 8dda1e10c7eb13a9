#include "controller/engine/run_loop.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

#include "controller/apply/step.h"

namespace poolshift {
namespace {

constexpr absl::Duration kInterruptionInterval =
    absl::Milliseconds(50);  // a signal handler can wake nobody
constexpr absl::Duration kLongestSleep = absl::Hours(1);
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
      events_(std::make_shared<RunEvents>()) {}

absl::Time RunLoop::Now() const { return began_ + (clock_.Elapsed() - elapsed_at_begin_); }

RunState RunLoop::Drive(RunState state) {
  state_ = std::move(state);
  Feed(event::Begin{});
  TakeAnswers();
  while (!state_.finished) {
    const absl::Duration until_wake = std::max(wake_at_ - Now(), absl::ZeroDuration());
    const absl::Duration patience = options_.next_call == nullptr
                                        ? std::min(until_wake, kInterruptionInterval)
                                        : absl::ZeroDuration();
    std::optional<RunEvents::Item> item = events_->Pop(patience);
    if (item.has_value() && std::holds_alternative<ProgressLine>(*item)) {
      const auto& progress = std::get<ProgressLine>(*item);
      context_.observer.ActionProgress(action(progress.action), progress.line);
    } else if (item.has_value()) {
      Feed(std::get<Event>(*item));
    } else if (Now() >= wake_at_) {
      Feed(event::Tick{});
    } else if (options_.next_call != nullptr) {
      MakeNextCall(until_wake);
    }
    TakeAnswers();
    TakeInterruptions();
  }
  return std::move(state_);
}

void RunLoop::Post(std::function<void()> call) {
  if (options_.next_call == nullptr) return pool_.Post(std::move(call));
  waiting_.push_back(std::move(call));
}

void RunLoop::MakeNextCall(absl::Duration until_wake) {
  if (waiting_.empty()) return options_.clock->Sleep(std::min(until_wake, kLongestSleep));
  const std::size_t place = options_.next_call(waiting_.size());
  const std::function<void()> call = std::move(waiting_[place]);
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(place));
  call();
}

int RunLoop::Close() { return pool_.Close(kClosingPatience); }

void RunLoop::Feed(const Event& event) {
  Effects effects;
  state_ = Step(std::move(state_), event, Now(), effects);
  wake_at_ = effects.wake_at;
  for (const Effect& effect : effects.list) {
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

void RunLoop::CarryOut(const effect::Call& effect) {
  ApplyRequest request;
  request.organization = state_.plan->organization;
  request.key = effect.key;
  request.token = token_;
  request.action = action(effect.action);
  request.action.precondition_revision = effect.precondition_revision;
  request.deadline = effect.deadline;
  Provider* provider = ProviderNamed(request.action.provider);
  Post([events = events_,
        provider,
        request = std::move(request),
        place = effect.action,
        ticket = effect.ticket] {
    ApplyResult result = provider->Apply(request, [&](std::string_view line) {
      events->Push(ProgressLine{place, std::string(line)});
    });
    events->Push(event::CallEnded{ticket, ResultOf(std::move(result))});
  });
}

void RunLoop::CarryOut(const effect::CancelCall& effect) {
  Provider* provider = ProviderNamed(action(effect.action).provider);
  Post([provider, key = effect.key] { provider->Cancel(key); });
}

void RunLoop::CarryOut(const effect::Lookup& effect) {
  Provider* provider = ProviderNamed(action(effect.action).provider);
  Post([events = events_, provider, effect] {
    absl::StatusOr<ApplyResult> found = provider->Lookup(effect.key, effect.deadline);
    if (!found.ok()) return events->Push(event::LookupEnded{effect.ticket, found.status()});
    events->Push(event::LookupEnded{effect.ticket, ResultOf(*std::move(found))});
  });
}

void RunLoop::CarryOut(const effect::Observe& effect) {
  Provider* provider = ProviderNamed(effect.provider);
  Post([events = events_, provider, effect] {
    events->Push(event::Observed{effect.ticket, provider->Observe(effect.keys, effect.deadline)});
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
