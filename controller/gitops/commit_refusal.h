// Why a commit is not believed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/gitops/keyring.h"

namespace poolshift {

enum class CommitFault {
  kLeft,           // not a descendant of the last verified commit: history was rewritten
  kNobodyMaySign,  // signatures are required and nobody is declared
  kUnsigned,
  kUnknownKey,
  kBadSignature,
  kOtherPurpose,
  kExpired,
  kRevoked,
  kForbiddenPath,
  kUnconfirmed,  // it changes who is believed, and others have not confirmed that yet
};
// "left", "nobody-may-sign", "unsigned", …: for programs.
std::string_view Name(CommitFault fault);

struct CommitRefusal {
  CommitFault fault = CommitFault::kUnsigned;
  std::string commit;
  std::string signer;              // whose key it is, or ""
  std::string key;                 // its fingerprint, or ""
  std::vector<std::string> paths;  // kForbiddenPath: those that the signer may not change
  std::string text;                // for a person: what, and what to do next; safe for a terminal
};

// The refusal of a commit for its signature. `trust_commit` is the commit that says who may sign,
// or
// "" when somebody named the signers. Requires that the finding is not good.
CommitRefusal RefuseSignature(const std::string& commit,
                              const SignatureFinding& finding,
                              const std::string& trust_commit);
CommitRefusal RefusePaths(const std::string& commit,
                          const SignatureFinding& finding,
                          std::vector<std::string> paths);
CommitRefusal RefuseLeft(const std::string& tip, const std::string& verified);
CommitRefusal RefuseForWantOfSigners(const std::string& commit, const std::string& trust_commit);

}  // namespace poolshift
