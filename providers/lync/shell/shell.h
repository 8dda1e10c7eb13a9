// Shell: a place where scripts run, whatever carries them there. What the rest of the provider is
// written against. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/model/value.h"
#include "providers/sdk/service.h"

namespace poolshift::lync {

struct ShellOutput {
  int status = 0;
  std::string out;
  std::string err;
};

// One script to be run.
struct Errand {
  std::string_view script;  // a name of ../scripts
  Value arguments;
  absl::Time deadline;
  // Of a change: its idempotency key, the call that it belongs to (borrowed), and what whoever
  // judges its answer later must know. No call: it only looks.
  std::string key = {};
  sdk::Call* call = nullptr;
  Value memo = {};
};

// What is known of a change that was sent out earlier.
struct Recalled {
  std::string script;
  Value memo;
  absl::StatusOr<ShellOutput> output;  // Unavailable: nobody has answered yet
};

class Shell {
 public:
  virtual ~Shell() = default;

  // The machine, for messages.
  virtual const std::string& name() const = 0;

  // How it is reached, for people: "SSH (poolshift@10.0.0.5:22)".
  virtual std::string transport() const = 0;

  // Unavailable: nothing was begun. PermissionDenied: it let nobody in. Any other error: it was
  // begun, and what became of it is not known.
  virtual absl::StatusOr<ShellOutput> Do(const Errand& errand) = 0;

  // A person carries what is asked and answered. Answers are held for a while, so that looks ask
  // for everything at once.
  virtual bool by_hand() const { return false; }

  // Whatever is held of earlier looks is no longer true.
  virtual void Outdate() {}

  // The change with this key, if it was sent out and its answer is still waited for.
  virtual std::optional<Recalled> Recall(std::string_view key) {
    (void)key;
    return std::nullopt;
  }
};

// A shell that takes one command line and its standard input.
class CommandShell : public Shell {
 public:
  absl::StatusOr<ShellOutput> Do(const Errand& errand) final;

  // Errors as of Do.
  virtual absl::StatusOr<ShellOutput> Run(const std::string& command_line,
                                          const std::string& input,
                                          absl::Time deadline) = 0;
};

}  // namespace poolshift::lync
