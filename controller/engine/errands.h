// Errands: where the calls of a run are made, and where what comes of them arrives. The real one
// has threads (run_calls.h); the simulation does everything in one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/apply/event.h"
#include "controller/model/exported_file.h"

namespace poolshift {

struct ProgressLine {
  int action = 0;  // place in Plan::actions
  std::string line;
};

// What a provider exported, before the first write to the central store.
struct ExportEnded {
  std::string provider;
  absl::StatusOr<std::vector<ExportedFile>> files = absl::UnknownError("");
};

class Errands {
 public:
  using Item = std::variant<Event, ProgressLine, ExportEnded>;
  using Tell = std::function<void(Item)>;

  virtual ~Errands() = default;

  // Makes the call beside the run, and never makes it wait for another. `tell` may be used until
  // the call returns, also when nobody listens any more.
  virtual void Post(std::function<void(const Tell& tell)> call) = 0;

  // The next item, or nothing when none has come within `patience`. It may give up earlier, so that
  // its caller looks at the time and at requests to stop.
  virtual std::optional<Item> Next(absl::Duration patience) = 0;

  // Waits up to `patience` for what runs, drops what has not begun, and leaves the rest to itself.
  // Returns how many calls still run; they keep alive what they captured.
  virtual int Close(absl::Duration patience) = 0;
};

}  // namespace poolshift
