#include "providers/sdk/secret.h"

#include <cerrno>
#include <cstdlib>

#include "controller/model/try.h"
#include "controller/world/private_file.h"
#include "controller/world/system_error.h"
#include "providers/sdk/scrub.h"
#include <openssl/crypto.h>
#include <unistd.h>

namespace poolshift::sdk {
namespace {

constexpr std::size_t kLargest = 65536;

void Wipe(std::vector<char>& bytes) {
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

Secret WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return Secret(text);
}

absl::StatusOr<Secret> FromFile(const std::string& path) {
  POOLSHIFT_ASSIGN(const Descriptor file, OpenPrivateFile(path));
  std::vector<char> bytes(kLargest + 1);
  const ssize_t got = ::read(file.number(), bytes.data(), bytes.size());
  if (got < 0) return SystemError("cannot read " + path, errno);
  const bool too_large = got > static_cast<ssize_t>(kLargest);
  Secret secret = WithoutLineEnd({bytes.data(), static_cast<std::size_t>(got)});
  Wipe(bytes);
  if (too_large) return absl::InvalidArgumentError(path + " is larger than 64 KiB");
  if (secret.Reveal().empty()) return absl::InvalidArgumentError(path + " is empty");
  return secret;
}

absl::StatusOr<Secret> FromEnvironment(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  if (text == nullptr || *text == '\0') {
    return absl::NotFoundError("environment variable " + name +
                               " is not set; set it for the controller, which hands it on");
  }
  return WithoutLineEnd(text);
}

}  // namespace

Secret& Secret::operator=(Secret&& other) noexcept {
  Wipe(bytes_);
  bytes_ = std::move(other.bytes_);
  return *this;
}

Secret::~Secret() { Wipe(bytes_); }

absl::StatusOr<Secret> ResolveSecret(const SecretRef& reference) {
  absl::StatusOr<Secret> secret = reference.scheme() == SecretRef::Scheme::kFile
                                      ? FromFile(reference.locator())
                                      : FromEnvironment(reference.locator());
  if (secret.ok()) NeverShow(secret->Reveal());
  return secret;
}

}  // namespace poolshift::sdk
