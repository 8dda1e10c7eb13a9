// Keyring: the keys of one set of signers, in a folder of its own that holds nothing else and goes
// with it, and what they say about a commit's signature. git, ssh-keygen and gpg do the
// cryptography; the user's own keys and allowed signers are never looked at.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "controller/federation/commit_trust.h"
#include "controller/gitops/git_program.h"

namespace poolshift {

struct SignatureFinding {
  enum class State {
    kGood,
    kUnsigned,
    kUnknownKey,    // a signature, by a key of none of the signers
    kBad,           // it does not fit the commit, or is no signature that can be read
    kOtherPurpose,  // made for something else than git commits (the namespace of SSH signatures)
    kExpired,       // the key or the signature, at the time of judging
    kRevoked,
  };
  State state = State::kBad;
  const CommitSigner* signer =
      nullptr;      // whose key it is, if it is known; borrowed from the keyring
  std::string key;  // fingerprint or key id, if it was told
};

// Whether its last day is over.
bool IsExpired(const CommitSigner& signer, absl::Time now);

class Keyring {
 public:
  // InvalidArgument names the signer whose key cannot be read. What `git` refers to outlives it.
  static absl::StatusOr<Keyring> Make(const GitProgram& git, std::vector<CommitSigner> signers);
  Keyring(Keyring&& other) noexcept;
  Keyring& operator=(Keyring&&) = delete;
  ~Keyring();

  // `now` is what expiry is judged by: the dates inside a commit are its author's to choose.
  absl::StatusOr<SignatureFinding> Check(const std::string& commit, absl::Time now) const;

 private:
  Keyring(const GitProgram& git, std::vector<CommitSigner> signers, std::string folder)
      : git_(&git), signers_(std::move(signers)), folder_(std::move(folder)) {}
  absl::Status WriteSshKeys() const;
  absl::Status ImportOpenPgpKeys();
  absl::Status ImportOpenPgpKey(std::size_t index);
  SignatureFinding ReadSsh(const Answer& answer) const;
  SignatureFinding ReadOpenPgp(const Answer& answer) const;
  std::string gnupg() const { return folder_ + "/gnupg"; }

  const GitProgram* git_;
  std::vector<CommitSigner> signers_;
  std::map<std::string, std::size_t> openpgp_;  // fingerprint of the primary key → signer
  std::string folder_;
};

}  // namespace poolshift
