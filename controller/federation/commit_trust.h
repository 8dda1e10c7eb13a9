// CommitTrust: whose signatures on commits of a declaration are believed, and for which files. It
// stands in the declaration itself (docs/git.md), so that each commit is judged by what the commit
// before it says.
#pragma once

#include <string>
#include <vector>

#include "controller/model/diagnostics.h"

namespace poolshift {

struct CommitSigner {
  std::string name;
  // One of the two.
  std::string ssh;      // "ssh-ed25519 AAAA…"
  std::string openpgp;  // a public key block
  // Files of the repository that the signer may change ("sites/berlin/**"); empty = every file.
  std::vector<std::string> paths;
  std::string until;  // "2027-01-31", the last day (UTC) on which it is believed; empty = for ever
  bool revoked = false;  // kept to tell a revoked key from an unknown one
  Origin origin;
};

struct CommitTrust {
  bool required = true;  // an unsigned commit is refused
  // How many of them, counted by name, a change of all this needs (decision 37).
  int policy_signers = 1;
  std::vector<CommitSigner> signers;  // a name may stand here several times, with a key each
  Origin origin;                      // without a file: nothing is declared
};

}  // namespace poolshift
