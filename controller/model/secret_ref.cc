#include "controller/model/secret_ref.h"

#include <algorithm>

#include "absl/status/status.h"

namespace poolshift {
namespace {

bool IsVariableName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
  });
}

}  // namespace

absl::StatusOr<SecretRef> SecretRef::Parse(std::string_view text) {
  if (text.substr(0, 5) == "file:" && text.size() > 6 && text[5] == '/') {
    return SecretRef(Scheme::kFile, std::string(text.substr(5)));
  }
  if (text.substr(0, 4) == "env:" && IsVariableName(text.substr(4))) {
    return SecretRef(Scheme::kEnvironment, std::string(text.substr(4)));
  }
  // The text is not repeated: it may be the secret itself.
  return absl::InvalidArgumentError(
      "a secret is named by reference: write `file:/absolute/path` or `env:UPPER_CASE_NAME`");
}

std::string SecretRef::Reference() const {
  return (scheme_ == Scheme::kFile ? "file:" : "env:") + locator_;
}

}  // namespace poolshift
