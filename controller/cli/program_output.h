// What a provider program prints when it is called by hand.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/cli/session.h"
#include "controller/provider/plugin_program.h"

namespace poolshift {

struct ProgramOutput {
  std::string text;
  std::string end;  // "exited with status 0"
};

// It is killed when it has not ended `patience` after it closed its output. `environment` is all
// that it gets.
absl::StatusOr<ProgramOutput> OutputOf(const Session& session,
                                       const PluginProgram& program,
                                       std::vector<std::string> words,
                                       std::vector<std::string> environment,
                                       absl::Duration patience);

}  // namespace poolshift
