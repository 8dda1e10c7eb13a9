#include "controller/notify/secret.h"

#include <algorithm>

#include "controller/model/try.h"

namespace poolshift::notify {

absl::StatusOr<std::string> OpenSecret(
    const SecretRef& reference,
    Files& files,
    const std::function<std::string(const std::string&)>& environment) {
  constexpr std::size_t kLargest = 4096;
  std::string secret;
  if (reference.scheme() == SecretRef::Scheme::kFile) {
    POOLSHIFT_ASSIGN(secret, files.ReadPrivate(reference.locator(), kLargest));
    while (secret.ends_with('\n') || secret.ends_with('\r'))
      secret.pop_back();
  } else if (environment) {
    secret = environment(reference.locator());
  }
  const bool plain = std::none_of(secret.begin(), secret.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
  });
  if (!plain)
    return absl::FailedPreconditionError("the secret " + reference.Reference() +
                                         " is no single line of text");
  if (secret.empty())
    return absl::FailedPreconditionError("the secret " + reference.Reference() + " is empty");
  return secret;
}

}  // namespace poolshift::notify
