#include "controller/gitops/policy_change.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "controller/gitops/git_place.h"
#include "controller/gitops/path_pattern.h"
#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

using Names = std::vector<std::string>;

auto Said(const CommitSigner& signer) {
  return std::tie(
      signer.name, signer.ssh, signer.openpgp, signer.paths, signer.until, signer.revoked);
}

bool SaysTheSame(const CommitSigner& one, const CommitSigner& other) {
  return Said(one) == Said(other);
}

bool IsTheSameKey(const CommitSigner& one, const CommitSigner& other) {
  return std::tie(one.name, one.ssh, one.openpgp) == std::tie(other.name, other.ssh, other.openpgp);
}

const CommitSigner* FindKey(const std::vector<CommitSigner>& signers, const CommitSigner& wanted) {
  const auto found = std::ranges::find_if(
      signers, [&](const CommitSigner& signer) { return IsTheSameKey(signer, wanted); });
  return found == signers.end() ? nullptr : &*found;
}

std::string Joined(const Names& names, const std::string& between) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : between) + name;
  return text;
}

// "adds the key of eve, `policySigners` 2 → 1".
std::string WhatChanges(const CommitTrust& before, const CommitTrust& after) {
  Names parts;
  for (const CommitSigner& signer : after.signers) {
    const CommitSigner* const known = FindKey(before.signers, signer);
    if (known == nullptr)
      parts.push_back("adds a key of " + SafeText(signer.name));
    else if (!SaysTheSame(*known, signer))
      parts.push_back("changes what a key of " + SafeText(signer.name) + " may do");
  }
  for (const CommitSigner& signer : before.signers) {
    if (FindKey(after.signers, signer) == nullptr)
      parts.push_back("removes a key of " + SafeText(signer.name));
  }
  if (before.required != after.required)
    parts.push_back(after.required ? "requires signatures" : "makes signatures optional");
  if (before.policy_signers != after.policy_signers) {
    parts.push_back("`policySigners` " + std::to_string(before.policy_signers) + " → " +
                    std::to_string(after.policy_signers));
  }
  if (before.origin.file != after.origin.file)
    parts.push_back("moves it from " + SafeText(before.origin.file) + " to " +
                    (after.origin.file.empty() ? "nowhere" : SafeText(after.origin.file)));
  return parts.empty() ? "another order of signers" : Joined(parts, ", ");
}

Names WhoMayConfirm(const PolicyChange& change, const CommitTrust& before, absl::Time now) {
  Names names;
  for (const CommitSigner& signer : before.signers) {
    const std::string name = SafeText(signer.name);
    const bool counts = !signer.revoked && !IsExpired(signer, now) &&
                        MayChangePolicy(signer, before, change.trust) &&
                        !change.signers.contains(signer.name);
    if (counts && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

bool MayChange(const CommitSigner& signer, const std::string& path) {
  return path.empty() || signer.paths.empty() ||
         std::ranges::any_of(signer.paths, [&](const std::string& pattern) {
           return FitsPathPattern(path, pattern);
         });
}

}  // namespace

bool SameTrust(const CommitTrust& one, const CommitTrust& other) {
  return one.required == other.required && one.policy_signers == other.policy_signers &&
         one.origin.file == other.origin.file &&
         std::ranges::equal(one.signers, other.signers, SaysTheSame);
}

bool MayChangePolicy(const CommitSigner& signer,
                     const CommitTrust& before,
                     const CommitTrust& after) {
  return MayChange(signer, before.origin.file) && MayChange(signer, after.origin.file);
}

CommitRefusal RefuseUnconfirmed(const PolicyChange& change,
                                const CommitTrust& before,
                                const std::string& trust_commit,
                                absl::Time now) {
  Names signed_by;
  for (const std::string& name : change.signers)
    signed_by.push_back(SafeText(name));
  const Names names = WhoMayConfirm(change, before, now);
  const std::size_t wanted = static_cast<std::size_t>(before.policy_signers) - signed_by.size();
  std::string text = "commit " + Abbreviated(change.commit) + " changes who is believed (" +
                     WhatChanges(before, change.trust) + "); the declaration of " +
                     Abbreviated(trust_commit) + " wants " + std::to_string(before.policy_signers) +
                     " signers for that, and it has " +
                     (signed_by.empty() ? "none yet" : Joined(signed_by, ", ")) + "; ";
  if (names.size() < wanted) {
    text +=
        "there are too few others whose signature would count: take it back "
        "(`git revert`), or trust another commit by hand";
  } else {
    text += Joined(names, " or ") + " must confirm it" +
            (wanted > 1 ? " (" + std::to_string(wanted) + " of them)" : "") +
            ", with `git commit -S --allow-empty -m confirmed --trailer '" + kConfirmTrailer +
            ": " + change.commit + "'`, or somebody takes it back (`git revert`)";
  }
  return {
      CommitFault::kUnconfirmed, change.commit, Joined(signed_by, ", "), "", {}, std::move(text)};
}

}  // namespace poolshift
