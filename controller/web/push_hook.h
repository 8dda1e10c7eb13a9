// PushHook: whoever keeps the repository says that something was pushed. The words are believed
// only as far as that it may be worth a look: the body is checked and forgotten. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace poolshift {

class PushHook {
 public:
  static constexpr std::size_t kLargestBody = std::size_t{256} * 1024;
  static constexpr std::size_t kMostAMinute = 30;

  // What proves that the sender knows the key; one of them is enough, "" where there is no such
  // header.
  struct Proof {
    std::string_view hub_signature;    // X-Hub-Signature-256: "sha256=" and an HMAC of the body
    std::string_view gitea_signature;  // X-Gitea-Signature: the HMAC
    std::string_view gitlab_token;     // X-Gitlab-Token: the key itself
  };
  enum class Verdict { kTaken, kForbidden, kTooMany };

  // `wake` is called for each that is taken.
  PushHook(std::string key, std::function<void()> wake)
      : key_(std::move(key)), wake_(std::move(wake)) {}

  Verdict Take(const Proof& proof, std::string_view body, absl::Time now);

 private:
  bool Proves(const Proof& proof, std::string_view body) const;

  const std::string key_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::deque<absl::Time> taken_;  // within the last minute
};

}  // namespace poolshift
