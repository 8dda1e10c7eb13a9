#include "controller/gitops/commit_refusal.h"

#include <array>

#include "controller/report/safe_text.h"

namespace poolshift {
namespace {

using State = SignatureFinding::State;

struct Sort {
  State state;
  CommitFault fault;
  const char* what;
  const char* next;
};

constexpr std::array<Sort, 6> kSorts = {{
    {State::kUnsigned,
     CommitFault::kUnsigned,
     "is not signed",
     "sign it (`git commit --amend -S`) and push again"},
    {State::kUnknownKey,
     CommitFault::kUnknownKey,
     "is signed by a key of nobody who may sign",
     "let a signer sign it, or have the key declared by one who is"},
    {State::kBad,
     CommitFault::kBadSignature,
     "has a signature that does not fit what it says",
     "it was changed after it was signed: find out by whom, and push a commit that is whole"},
    {State::kOtherPurpose,
     CommitFault::kOtherPurpose,
     "has a signature that was made for something else than a git commit",
     "sign it with `git commit -S`"},
    {State::kExpired,
     CommitFault::kExpired,
     "is signed by a key that has expired",
     "have the key prolonged in the declaration, or sign it with another"},
    {State::kRevoked,
     CommitFault::kRevoked,
     "is signed by a key that was revoked",
     "find out who has this key; a commit of another signer must take its place"},
}};

const Sort& SortOf(State state) {
  for (const Sort& sort : kSorts)
    if (sort.state == state) return sort;
  return kSorts[2];
}

std::string KeyText(const SignatureFinding& finding) {
  std::string text;
  if (finding.signer != nullptr) text = " of " + SafeText(finding.signer->name);
  return finding.key.empty() ? text : text + " (key " + finding.key + ')';
}

std::string SaidBy(const std::string& trust_commit) {
  return trust_commit.empty() ? "the signers that were named"
                              : "the declaration of " + Abbreviated(trust_commit);
}

}  // namespace

std::string_view Name(CommitFault fault) {
  switch (fault) {
    case CommitFault::kLeft:
      return "left";
    case CommitFault::kNobodyMaySign:
      return "nobody-may-sign";
    case CommitFault::kUnsigned:
      return "unsigned";
    case CommitFault::kUnknownKey:
      return "unknown-key";
    case CommitFault::kBadSignature:
      return "bad-signature";
    case CommitFault::kOtherPurpose:
      return "other-purpose";
    case CommitFault::kExpired:
      return "expired";
    case CommitFault::kRevoked:
      return "revoked";
    case CommitFault::kForbiddenPath:
      return "forbidden-path";
    case CommitFault::kUnconfirmed:
      return "unconfirmed";
  }
  return "";
}

CommitRefusal RefuseSignature(const std::string& commit,
                              const SignatureFinding& finding,
                              const std::string& trust_commit) {
  const Sort& sort = SortOf(finding.state);
  return {sort.fault,
          commit,
          finding.signer == nullptr ? "" : finding.signer->name,
          finding.key,
          {},
          "commit " + Abbreviated(commit) + ' ' + sort.what + KeyText(finding) +
              "; who may sign is said by " + SaidBy(trust_commit) + "; " + sort.next};
}

CommitRefusal RefusePaths(const std::string& commit,
                          const SignatureFinding& finding,
                          std::vector<std::string> paths) {
  constexpr std::size_t kMostNamed = 5;
  std::string named;
  for (std::size_t i = 0; i < paths.size() && i < kMostNamed; ++i)
    named += (i == 0 ? "" : ", ") + SafeText(paths[i]);
  if (paths.size() > kMostNamed)
    named += " and " + std::to_string(paths.size() - kMostNamed) + " more";
  return {CommitFault::kForbiddenPath,
          commit,
          finding.signer->name,
          finding.key,
          std::move(paths),
          "commit " + Abbreviated(commit) + " is signed by " + SafeText(finding.signer->name) +
              ", who may not change " + named +
              "; let a signer who may sign this change, or part the commit"};
}

CommitRefusal RefuseLeft(const std::string& tip, const std::string& verified) {
  return {
      CommitFault::kLeft,
      tip,
      "",
      "",
      {},
      "commit " + Abbreviated(tip) + " does not follow " + Abbreviated(verified) +
          ", the last verified one: the branch was rewritten or points elsewhere; push a commit "
          "on top of it (to go back, `git revert`), or trust another commit by hand"};
}

CommitRefusal RefuseForWantOfSigners(const std::string& commit, const std::string& trust_commit) {
  return {CommitFault::kNobodyMaySign,
          commit,
          "",
          "",
          {},
          "commit " + Abbreviated(commit) + " cannot be believed: signatures are required, and " +
              SaidBy(trust_commit) +
              " names no signer; list them in its Policy (`commits: {signers: …}`) and trust that "
              "commit by hand"};
}

}  // namespace poolshift
