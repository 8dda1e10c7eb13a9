#include <map>
#include <set>
#include <string>

#include "controller/manifest/checks.h"
#include "controller/manifest/text_check.h"

namespace poolshift::manifest {
namespace {

// Keys, each of one signer only. A name may have several: it is one person all the same.
class Signers {
 public:
  explicit Signers(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Add(const CommitSigner& signer) {
    const std::string& key = signer.ssh.empty() ? signer.openpgp : signer.ssh;
    Once(keys_, key, "the key of the signer " + Quoted(signer.name), signer.origin);
    if (!signer.revoked) people_.insert(signer.name);
    if (signer.ssh.empty() == signer.openpgp.empty()) {
      diagnostics_.Error(
          signer.origin,
          "the signer " + Quoted(signer.name) + (key.empty() ? " has no key" : " has two keys"),
          "give it `ssh` or `openpgp`; who has two keys is listed twice, by the same name");
    }
  }

  // Different people whose signatures may be believed.
  std::size_t people() const { return people_.size(); }

 private:
  using Places = std::map<std::string, Origin>;

  void Once(Places& places, const std::string& value, const std::string& what, const Origin& here) {
    if (value.empty()) return;
    const auto [first, added] = places.try_emplace(value, here);
    if (added) return;
    diagnostics_.Error(
        here, what + " is listed twice", "first at " + ToString(first->second) + "; remove one");
  }

  Diagnostics& diagnostics_;
  Places keys_;
  std::set<std::string> people_;
};

}  // namespace

void CheckCommits(const CheckInput& input, const Document& policy, Diagnostics& diagnostics) {
  const CommitTrust& commits = input.organization.policy.commits;
  Signers signers(diagnostics);
  for (const CommitSigner& signer : commits.signers)
    signers.Add(signer);
  if (policy.At("commits") && commits.required && commits.signers.empty()) {
    diagnostics.Error(policy.OriginAt("commits"),
                      "signatures are required and there are no `signers`, so no commit could "
                      "follow this one",
                      "list who may sign, or say `signatures: optional`");
  }
  if (commits.policy_signers > 1 &&
      signers.people() < static_cast<std::size_t>(commits.policy_signers)) {
    diagnostics.Error(policy.OriginAt("commits.policySigners"),
                      "a change of `commits` needs " + std::to_string(commits.policy_signers) +
                          " signers, and " + std::to_string(signers.people()) +
                          " are declared by different names and not revoked, so nobody could "
                          "change it again",
                      "list as many, better one more, or lower `policySigners`");
  }
}

}  // namespace poolshift::manifest
