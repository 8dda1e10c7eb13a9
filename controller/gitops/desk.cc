#include "controller/gitops/desk.h"

#include <algorithm>

#include "controller/federation/kinds.h"
#include "controller/gitops/voices.h"
#include "controller/model/try.h"

namespace poolshift {
namespace {

constexpr std::size_t kShortestDigest = 8;
constexpr std::size_t kLongestReason = 500;

absl::StatusOr<std::shared_ptr<const Snapshot>> Seen(const Board& board) {
  std::shared_ptr<const Snapshot> snapshot = board.Current();
  if (snapshot->organization != nullptr) return snapshot;
  return absl::UnavailableError("nothing was seen yet" +
                                (snapshot->error.empty() ? "" : ": " + snapshot->error) +
                                "; try again after the next look");
}

// One line, so that it cannot pass for other data of the journal.
absl::Status CheckReason(const std::string& reason, bool required) {
  if (required && reason.empty())
    return absl::InvalidArgumentError("say why: the reason is empty; it is recorded and shown");
  const bool plain = std::ranges::none_of(
      reason, [](char letter) { return static_cast<unsigned char>(letter) < ' '; });
  if (plain && reason.size() <= kLongestReason) return absl::OkStatus();
  return absl::InvalidArgumentError("a reason is one line of at most " +
                                    std::to_string(kLongestReason) + " bytes");
}

absl::Status CheckDuration(absl::Duration duration, absl::Duration longest) {
  if (duration >= absl::Seconds(1) && duration <= longest) return absl::OkStatus();
  return absl::InvalidArgumentError("it ends by itself: name a time of 1s to " +
                                    absl::FormatDuration(longest));
}

absl::Status CheckScope(const Organization& organization, const std::string& scope) {
  if (scope.empty() || organization.sites.contains(scope)) return absl::OkStatus();
  const auto& schemas = kinds::KindSchemas();
  const bool kind =
      std::ranges::any_of(schemas, [&](const KindSchema& schema) { return schema.kind == scope; });
  if (kind) return absl::OkStatus();
  return absl::InvalidArgumentError("`" + scope +
                                    "` is no site of the declaration and no kind (docs/kinds.md)");
}

absl::Status CheckAlso(const Plan& plan, const std::set<std::string>& also) {
  for (const std::string& name : also) {
    const bool there = std::ranges::any_of(plan.actions, [&](const Action& action) {
      return action.needs_approval && (ToString(action.target) == name || action.id == name);
    });
    if (!there)
      return absl::InvalidArgumentError("no action of the plan that may lose data is `" + name +
                                        "`");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Store*> Desk::OpenStore() {
  const std::lock_guard lock(mutex_);
  if (store_ == nullptr) {
    POOLSHIFT_ASSIGN(store_, Store::Open(state_directory_));
  }
  return store_.get();
}

absl::Status Desk::Record(const std::string& organization, const EventRow& event) {
  POOLSHIFT_ASSIGN(Store * store, OpenStore());
  POOLSHIFT_TRY(store->RecordEvent(organization, event));
  board_.Wake();
  return absl::OkStatus();
}

absl::StatusOr<std::string> Desk::Decide(Word word) {
  POOLSHIFT_ASSIGN(const std::shared_ptr<const Snapshot> snapshot, Seen(board_));
  POOLSHIFT_TRY(CheckReason(word.reason, /*required=*/false));
  if (word.digest.size() < kShortestDigest)
    return absl::InvalidArgumentError("name the plan by at least eight digits of its digest");
  if (snapshot->plan == nullptr || snapshot->plan->mutations() == 0)
    return absl::FailedPreconditionError("there is no plan to decide on: nothing is to be done");
  if (!snapshot->digest.starts_with(word.digest)) {
    return absl::FailedPreconditionError("the plan is now " + snapshot->digest.substr(0, 12) +
                                         "; read it before you decide");
  }
  POOLSHIFT_TRY(CheckAlso(*snapshot->plan, word.also));
  word.digest = snapshot->digest;
  word.at = clock_.Now();
  POOLSHIFT_TRY(Record(snapshot->organization->name, WordEvent(word)));
  return word.digest;
}

absl::StatusOr<std::string> Desk::Pause(const std::string& who,
                                        const std::string& scope,
                                        absl::Duration duration,
                                        const std::string& reason) {
  POOLSHIFT_ASSIGN(const std::shared_ptr<const Snapshot> snapshot, Seen(board_));
  POOLSHIFT_TRY(CheckReason(reason, /*required=*/true));
  POOLSHIFT_TRY(CheckDuration(duration, kLongestHold));
  POOLSHIFT_TRY(CheckScope(*snapshot->organization, scope));
  POOLSHIFT_ASSIGN(Store * store, OpenStore());
  const std::string& organization = snapshot->organization->name;
  POOLSHIFT_ASSIGN(const std::vector<EventRow> events, store->Events(organization, 0));
  const absl::Time now = clock_.Now();
  const poolshift::Pause pause{NextPauseId(events), scope, who, reason, now, now + duration};
  POOLSHIFT_TRY(Record(organization, PauseEvent(pause)));
  return pause.id;
}

absl::Status Desk::Unpause(const std::string& who, const std::string& id) {
  POOLSHIFT_ASSIGN(const std::shared_ptr<const Snapshot> snapshot, Seen(board_));
  POOLSHIFT_ASSIGN(Store * store, OpenStore());
  const std::string& organization = snapshot->organization->name;
  POOLSHIFT_ASSIGN(const std::vector<EventRow> events, store->Events(organization, 0));
  const Voices voices = VoicesOf(events, clock_.Now());
  const bool there = std::ranges::any_of(
      voices.pauses, [&](const poolshift::Pause& pause) { return pause.id == id; });
  if (!there) return absl::NotFoundError("no pause `" + id + "` holds now");
  return Record(organization, UnpauseEvent(id, who, clock_.Now()));
}

absl::Status Desk::BreakGlass(const std::string& who,
                              absl::Duration duration,
                              const std::string& reason) {
  POOLSHIFT_ASSIGN(const std::shared_ptr<const Snapshot> snapshot, Seen(board_));
  POOLSHIFT_TRY(CheckReason(reason, /*required=*/true));
  POOLSHIFT_TRY(CheckDuration(duration, kLongestBreakGlass));
  const absl::Time now = clock_.Now();
  return Record(snapshot->organization->name, BreakGlassEvent({who, reason, now, now + duration}));
}

}  // namespace poolshift
