// Signers that somebody names in a file, for the first commit that is to be believed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/federation/commit_trust.h"

namespace poolshift {

// `text` is either lines in the form of ssh-keygen's allowed signers, "NAME [namespaces="git"]
// KEYTYPE KEY [COMMENT]", or blocks of OpenPGP public keys. Other options of that form (certificate
// authorities, dates) are InvalidArgument, with the line: what would not be heeded is not accepted.
absl::StatusOr<std::vector<CommitSigner>> ReadNamedSigners(const std::string& file,
                                                           std::string_view text);

}  // namespace poolshift
