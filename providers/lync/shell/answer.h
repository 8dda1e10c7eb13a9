// Answer: what a script said, or why it said nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

#include "controller/model/value.h"
#include "providers/lync/shell/shell.h"
#include "providers/lync/text/fault.h"

namespace poolshift::lync {

struct Answer {
  Value value;                 // a map, when there is no fault
  std::optional<Fault> fault;  // set: it failed
};

// Of the one line that begins with `poolshift-reply `; all other lines are noise of the session.
// Pure.
Answer ReadReply(const ShellOutput& output);

// The same, when it may not have come at all: `shell` is who was asked.
Answer ReadAnswer(const Shell& shell, const absl::StatusOr<ShellOutput>& output);

// Runs a script that only looks (a name of ../scripts) on `shell`.
Answer RunScript(Shell& shell,
                 std::string_view script,
                 const Value& arguments,
                 absl::Time deadline);

// Runs what changes something.
Answer RunChange(Shell& shell, const Errand& errand);

}  // namespace poolshift::lync
