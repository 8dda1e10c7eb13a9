#include "controller/web/push_hook.h"

#include "controller/model/keyed_digest.h"

namespace poolshift {

bool PushHook::Proves(const Proof& proof, std::string_view body) const {
  if (key_.empty()) return false;
  if (!proof.gitlab_token.empty()) return SameSecret(proof.gitlab_token, key_);
  constexpr std::string_view kScheme = "sha256=";
  std::string_view signature = proof.gitea_signature;
  if (proof.hub_signature.starts_with(kScheme))
    signature = proof.hub_signature.substr(kScheme.size());
  return !signature.empty() && SameSecret(signature, KeyedDigest(key_, body));
}

PushHook::Verdict PushHook::Take(const Proof& proof, std::string_view body, absl::Time now) {
  if (!Proves(proof, body)) return Verdict::kForbidden;
  {
    const std::lock_guard lock(mutex_);
    while (!taken_.empty() && now - taken_.front() >= absl::Minutes(1))
      taken_.pop_front();
    if (taken_.size() >= kMostAMinute) return Verdict::kTooMany;
    taken_.push_back(now);
  }
  wake_();
  return Verdict::kTaken;
}

}  // namespace poolshift
