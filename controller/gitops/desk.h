// Desk: where people's words are taken down for a running loop. Each is an event of the journal, so
// that it is kept, chained and shown by `poolshift history`; the loop is woken to hear it.
//
// Thread-safe. `who` is somebody whose identity and right have been established. Errors:
// Unavailable (nothing was seen yet), NotFound, InvalidArgument, FailedPrecondition, and those of
// the store.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/gitops/board.h"
#include "controller/policy/automation.h"
#include "controller/store/store.h"
#include "controller/world/clock.h"

namespace poolshift {

inline constexpr absl::Duration kLongestHold = absl::Hours(7 * 24);
inline constexpr absl::Duration kLongestBreakGlass = absl::Hours(24);

class Desk {
 public:
  // `board` and `clock` are borrowed.
  Desk(std::string state_directory, Board& board, Clock& clock)
      : state_directory_(std::move(state_directory)), board_(board), clock_(clock) {}

  // `word.digest` may be shortened to eight digits; it must be the plan that is shown now, so that
  // nobody agrees to what he has not seen. Returns the whole digest.
  absl::StatusOr<std::string> Decide(Word word);
  // `scope` is "", a site or a kind of the declaration in force. Returns the pause's id.
  absl::StatusOr<std::string> Pause(const std::string& who,
                                    const std::string& scope,
                                    absl::Duration duration,
                                    const std::string& reason);
  absl::Status Unpause(const std::string& who, const std::string& id);
  absl::Status BreakGlass(const std::string& who,
                          absl::Duration duration,
                          const std::string& reason);

  // Opened when it is first needed. Borrowed.
  absl::StatusOr<Store*> OpenStore();
  Board& board() { return board_; }
  absl::Time Now() const { return clock_.Now(); }

 private:
  absl::Status Record(const std::string& organization, const EventRow& event);

  const std::string state_directory_;
  Board& board_;
  Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<Store> store_;
};

}  // namespace poolshift
