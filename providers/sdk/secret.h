// Secret: bytes that only their user may see. They cannot be copied, printed or turned into a
// Value, and are wiped when they go. What was resolved is also kept out of everything that the SDK
// sends or logs (scrub.h).
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "controller/model/secret_ref.h"

namespace poolshift::sdk {

class Secret {
 public:
  explicit Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  // Borrowed. Look, use, and keep no copy.
  std::string_view Reveal() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

// Reads a secret from where it is kept, without the line ends at its end. A file must be a regular
// one (no link) that belongs to this user or root, that neither group nor others can read or write,
// of at most 64 KiB. The error names the place and what to do, never the content.
absl::StatusOr<Secret> ResolveSecret(const SecretRef& reference);

}  // namespace poolshift::sdk
