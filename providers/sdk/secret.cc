#include "providers/sdk/secret.h"

#include <array>
#include <cerrno>
#include <cstdlib>

#include "controller/model/try.h"
#include "controller/world/descriptor.h"
#include "controller/world/system_error.h"
#include "providers/sdk/scrub.h"
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolshift::sdk {
namespace {

constexpr std::size_t kLargest = 65536;

void Wipe(std::vector<char>& bytes) {
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

absl::Status CheckFile(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError("secret file " + path + " is no regular file");
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return absl::PermissionDeniedError("secret file " + path +
                                       " belongs to another user; run `chown` on it");
  }
  if ((status.st_mode & 0077) != 0) {
    return absl::PermissionDeniedError(
        "secret file " + path + " can be read or written by others; run `chmod 600 " + path + "`");
  }
  if (status.st_size > static_cast<off_t>(kLargest)) {
    return absl::InvalidArgumentError("secret file " + path + " is larger than 64 KiB");
  }
  return absl::OkStatus();
}

Secret WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return Secret(text);
}

absl::StatusOr<Secret> FromFile(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) return SystemError("cannot open secret file " + path, errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) {
    return SystemError("cannot look at secret file " + path, errno);
  }
  POOLSHIFT_TRY(CheckFile(path, status));
  std::vector<char> bytes(kLargest);
  const ssize_t got = ::read(file.number(), bytes.data(), bytes.size());
  if (got < 0) return SystemError("cannot read secret file " + path, errno);
  Secret secret = WithoutLineEnd({bytes.data(), static_cast<std::size_t>(got)});
  Wipe(bytes);
  if (secret.Reveal().empty()) {
    return absl::InvalidArgumentError("secret file " + path + " is empty");
  }
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
