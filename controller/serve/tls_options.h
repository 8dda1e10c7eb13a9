// What the options of `poolshift serve` for the control API and for the pages over TLS share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

#include "controller/cli/command.h"
#include "controller/daemon/certificate.h"

namespace poolshift {

// Whether all of `options` are there; false: none. InvalidArgument, which ends with `why`, when
// some are missing.
absl::StatusOr<bool> AreGiven(const Arguments& arguments,
                              std::span<const std::string_view> options,
                              std::string_view why);

// For the log, after what it is: ", certificate from … to …".
std::string ValidityOf(const CertificateFacts& facts, absl::Time now);

}  // namespace poolshift
